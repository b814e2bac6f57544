"""The worker's look at what shops are to hear: what was notified at once, everything else in its turn."""

import pytest
from tests.jobs.workers import wait_until

from raincheck.actions.catalogue import save_products, save_sites, set_stock
from raincheck.actions.note_interest import note_interest
from raincheck.actions.webhooks import add_endpoint
from raincheck.gateways.mail import Mailbox
from raincheck.jobs.shopkeeping import Shopkeeping
from raincheck.store.db import rows, run
from raincheck.store.live import CHANNEL
from raincheck.store.live_listener import ProductListener
from raincheck.store.records import ProductRecord, SiteRecord


@pytest.fixture
def shop(fresh_database: str) -> Shopkeeping:
    """A worker in a company with an endpoint and a product that is sold out, of which shops know."""
    save_sites([SiteRecord("east")])
    save_products([ProductRecord("rug", backorder="deny")])
    add_endpoint("https://shop.example/hook", ["product.availability"])
    keeping = Shopkeeping(Mailbox(), lambda: False)
    keeping.step()
    return keeping


def test_a_change_is_said_and_who_waits_is_told_at_the_next_step(shop: Shopkeeping) -> None:
    note_interest("rug", "a@x.example", 1)
    shop.step()
    assert rows("SELECT event FROM webhook_delivery") == []
    set_stock("east", {"rug": 3})
    shop.step()
    shop.step()
    assert rows("SELECT event, thread FROM webhook_delivery") == [("product.availability", "product:rug")]
    assert rows("SELECT i.state, m.state FROM product_interest i JOIN interest_message m ON m.interest_id = i.id") == [
        ("told", "kept")
    ]


def test_what_servers_notify_is_heard_once_and_what_is_not_ours_is_passed_over(fresh_database: str) -> None:
    listener = ProductListener()
    assert listener.take() == set()
    for payload in ('{"topics": ["desk", "product:5", "product:x"]}', '{"topics": ["product:7"]}', "no json", "[]"):
        run("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    heard: list[int] = []
    while len(heard) < 2:  # The server hands over when it has the time to.
        heard += sorted(listener.take())
    assert sorted(heard) == [5, 7]
    assert listener.take() == set()
    listener.close()


def test_a_listener_whose_session_was_ended_hears_again(fresh_database: str) -> None:
    listener = ProductListener()
    listener.take()
    run(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE query LIKE 'LISTEN%%' AND datname = current_database()"""
    )
    while listener.is_open:
        listener.take()
    listener.take()
    run("SELECT pg_notify(%s, %s)", [CHANNEL, '{"topics": ["product:9"]}'])
    heard: set[int] = set()

    def hears() -> bool:
        heard.update(listener.take())
        return bool(heard)

    wait_until(hears, "the session hears")
    assert heard == {9}
    listener.close()
