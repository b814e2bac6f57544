"""Open pages hear what was committed, and nothing else."""

import json

import pytest
from django.db import transaction
from tests.jobs.shop import open_shop, order_lamps

from raincheck.store import live
from raincheck.store.db import one


@pytest.fixture
def notes(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> live._Notes:
    """What this process would tell."""
    notes = live._Notes()
    monkeypatch.setattr(live, "_is_on", True)
    monkeypatch.setattr(live, "_notes", notes)
    return notes


def _told(notes: live._Notes) -> tuple[set[str], set[int]]:
    assert notes._any.is_set(), "nothing was noted"
    return notes.wait()


def test_an_order_shows_on_the_desk_the_queue_its_own_page_and_its_product_s(notes: live._Notes) -> None:
    open_shop()
    _told(notes)
    order_lamps(["O1"])
    topics, orders = _told(notes)
    (order,) = one("SELECT id FROM sales_order")
    (product,) = one("SELECT id FROM product")
    assert {"desk", "queue", "order:O1", f"product:{product}"} <= topics
    assert orders <= {order}


def test_what_was_rolled_back_is_told_to_nobody(notes: live._Notes) -> None:
    with transaction.atomic():
        live.changed("desk", orders=[1])
        transaction.set_rollback(True)
    live.changed("queue")
    assert _told(notes) == ({"queue"}, set())


def test_ten_thousand_freed_orders_fit_into_notifications() -> None:
    payloads = list(live._payloads([f"order:WEB-{number}" for number in range(10_000)]))
    assert max(len(payload.encode()) for payload in payloads) < 8000
    assert sum(len(json.loads(payload)["topics"]) for payload in payloads) == 10_000


def test_nothing_is_noted_where_nobody_turned_it_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = live._Notes()
    monkeypatch.setattr(live, "_notes", notes)
    live.changed("desk")
    assert not notes._any.is_set()
