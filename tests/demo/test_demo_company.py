"""The demo company tells its story on whatever day it is loaded, and every figure in it is true."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.cli import demo_company
from raincheck.cli.demo_data.catalogue import BOWL, KETTLE, LANTERN, OVEN, PAPER_LANTERN, shirt
from raincheck.cli.demo_data.people import PASSWORD, PEOPLE
from raincheck.config.databases import default_database, throwaway_database
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.feedback import FeedbackFilter, feedback_figures
from raincheck.store.reads.substitutes import substitutes_for

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.slow

WEDNESDAY_MORNING = "2026-03-04T09:20:00-08:00"
SATURDAY_NIGHT = "2026-07-04T23:50:00-07:00"


@pytest.fixture(scope="module", params=[WEDNESDAY_MORNING, SATURDAY_NIGHT])
def loaded_at(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[str]:
    """A database of its own with the demo company in it; the instant at which it was loaded."""
    with django_db_blocker.unblock(), throwaway_database() as name, default_database(name):
        demo_company.load(datetime.fromisoformat(request.param))
        yield request.param


def count(sql: str, *params: Any) -> int:
    """The one number that a query gives."""
    return int(one(sql, params)[0])


def test_every_invariant_holds(loaded_at: str) -> None:
    assert audit() == []


def test_more_than_sixty_lines_wait_and_most_orders_are_done(loaded_at: str) -> None:
    assert count("SELECT count(*) FROM order_line WHERE backordered + preordered > 0") > 60
    assert count("SELECT count(*) FROM sales_order") > 240
    assert count("SELECT count(*) FROM sales_order WHERE state = 'complete'") > 100


def test_customers_say_how_it_went_and_broken_promises_show(loaded_at: str) -> None:
    assert count("SELECT count(*) FROM feedback WHERE source = 'customer'") > 15
    assert count("SELECT count(*) FROM feedback WHERE source = 'staff'") == 1
    assert count("SELECT count(*) FROM task WHERE kind = 'complaint' AND closed_at IS NULL") > 0
    figures = {figure.key: figure.mean for figure in feedback_figures(FeedbackFilter()).by_days_late}
    late = [mean for key, mean in figures.items() if key not in ("", "0") and mean is not None]
    assert figures["0"] is not None
    assert late
    assert max(late) < figures["0"]


def test_the_launch_is_oversold(loaded_at: str) -> None:
    (ordered, owed) = one(
        """SELECT (SELECT sum(preordered)::bigint FROM order_line WHERE product_id = p.id),
                  (SELECT sum(owed)::bigint FROM inbound_line WHERE product_id = p.id)
           FROM product p WHERE sku = %s""",
        [LANTERN],
    )
    assert ordered > owed == 60


def test_who_waits_for_a_shirt_could_have_the_other_colour_at_once(loaded_at: str) -> None:
    waiting = "SELECT sum(backordered)::bigint FROM order_line l JOIN product p ON p.id = l.product_id WHERE p.sku = %s"
    assert count(waiting, shirt("moss", "M")) == 1
    (offered, *_) = [one for one in substitutes_for(shirt("moss", "M")) if one.units_now]
    assert offered.sku == shirt("slate", "M")


def test_cards_are_charged_one_is_declined_and_one_was_authorised_anew(loaded_at: str) -> None:
    assert count("SELECT count(*) FROM card_request WHERE kind = 'capture' AND state = 'approved'") > 80
    assert count("SELECT count(*) FROM card_request WHERE state = 'pending'") == 0
    declined = "SELECT count(DISTINCT order_id) FROM card_request WHERE kind = 'authorise' AND state = 'declined'"
    assert count(declined) == 1
    anew = """SELECT count(*) FROM card_request WHERE use = 'merchant' AND state = 'approved' AND ended_at IS NULL"""
    assert count(anew) >= 1
    assert count("SELECT count(*) FROM order_payment WHERE card = 'tok_insufficient_funds'") == 1


def test_a_truck_is_late_and_one_came_short(loaded_at: str) -> None:
    today = datetime.fromisoformat(loaded_at).date()
    assert rows(
        """SELECT DISTINCT i.ref FROM inbound i JOIN inbound_line l ON l.inbound_id = i.id
           WHERE l.owed > 0 AND l.due_on < %s""",
        [today],
    ) == [("PO-2038",)]
    assert rows("SELECT ref FROM inbound WHERE state = 'part_received'") == [("PO-2035",)]


def test_an_inn_waits_for_all_of_its_order(loaded_at: str) -> None:
    assert (
        count(
            """SELECT count(*) FROM order_line l JOIN product p ON p.id = l.product_id
               JOIN sales_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
               WHERE c.code = 'harlow-inn' AND l.ship = 'complete' AND p.sku = %s AND l.backordered > 0""",
            OVEN,
        )
        == 1
    )
    assert count("SELECT count(*) FROM order_line WHERE reason = 'waits_for_order' AND reserved > 0") > 0


def test_some_orders_came_from_both_sites(loaded_at: str) -> None:
    both = "SELECT order_id FROM shipment GROUP BY order_id HAVING count(DISTINCT site_id) = 2"
    assert count(f"SELECT count(*) FROM ({both}) b") > 0


def test_some_units_were_refused_and_some_wait_without_a_date(loaded_at: str) -> None:
    refused = dict(
        rows(
            """SELECT p.sku, sum(l.refused)::bigint FROM order_line l JOIN product p ON p.id = l.product_id
               WHERE l.refused > 0 GROUP BY p.sku"""
        )
    )
    assert refused.keys() == {KETTLE, PAPER_LANTERN}
    assert (
        count(
            """SELECT count(*) FROM order_line l JOIN product p ON p.id = l.product_id
               WHERE p.sku = %s AND l.reason = 'no_date'""",
            BOWL,
        )
        > 0
    )


def test_the_floor_has_work_of_every_kind(loaded_at: str) -> None:
    assert {"picked", "packed", "shipped", "delivered"} <= {state for (state,) in rows("SELECT state FROM shipment")}
    assert count("SELECT count(*) FROM sales_order WHERE state = 'cancel_requested'") == 1
    assert count("SELECT count(*) FROM sales_order WHERE state = 'held'") == 1
    assert {kind for (kind,) in rows("SELECT kind FROM task WHERE closed_at IS NULL")} == {"count", "complaint", "law"}
    assert count("SELECT count(*) FROM order_line WHERE reason = 'on_hand' AND reserved > 0") > 5


def test_the_mailbox_holds_every_message_in_words(loaded_at: str) -> None:
    assert count("SELECT count(*) FROM notice") > 600
    assert rows("SELECT DISTINCT channel, state, body <> '' FROM notice ORDER BY 1") == [
        ("email", "kept", True),
        ("none", "kept", False),
    ]


def test_nothing_happened_after_the_present(loaded_at: str) -> None:
    now = datetime.fromisoformat(loaded_at)
    for table in ("fact", "notice", "payment", "stock_entry"):
        assert count(f"SELECT count(*) FROM {table} WHERE at > %s", now) == 0
    assert count("SELECT count(*) FROM timer WHERE due_at <= %s", now) == 0


def test_one_person_for_each_role_can_sign_in(loaded_at: str) -> None:
    from django.contrib.auth import authenticate

    for username, role, _, _ in PEOPLE:
        user = authenticate(username=username, password=PASSWORD)
        assert user is not None
        assert [group.name for group in user.groups.all()] == [role.value]
        assert username in demo_company.sign_ins()


@pytest.mark.one_server
@pytest.mark.parametrize("loaded_at", [WEDNESDAY_MORNING], indirect=True)
def test_the_same_instant_gives_the_same_company(loaded_at: str) -> None:
    first = orders_and_messages()
    with throwaway_database() as name, default_database(name):
        demo_company.load(datetime.fromisoformat(loaded_at))
        assert orders_and_messages() == first


def orders_and_messages() -> list[tuple[Any, ...]]:
    """Every line with its figures and everything that its customer was told."""
    return rows(
        """SELECT o.ref, p.sku, l.ordered, l.reserved, l.shipped, l.promise_on, l.reason,
                  (SELECT string_agg(n.event || n.body, '' ORDER BY n.id) FROM notice n WHERE n.order_id = o.id)
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           ORDER BY l.id"""
    )
