"""Units moved by hand, shortages shared, and both taken back: what a planner may do and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from raincheck.actions import catalogue, floor
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.move_stock import count
from raincheck.actions.move_units import Move, move_units, preview_move, revoke_given
from raincheck.actions.place_order import place_order
from raincheck.actions.protect import protect
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.share_shortage import preview_share, revoke_share, share_shortage
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, Refused
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    """Ten lamps lie in a warehouse that works by hand; Ann is gold."""
    catalogue.save_settings(Settings(warehouse="manual"), at=AT)
    catalogue.save_suppliers([SupplierRecord("acme")])
    catalogue.save_sites([SiteRecord("east")], AT)
    catalogue.save_customers([CustomerRecord("ann", tier="gold"), CustomerRecord("bob")])
    catalogue.save_products(
        [ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch"), ProductRecord("vase", backorder="deny")],
        at=AT,
    )
    catalogue.set_stock("east", {"lamp": 10, "vase": 2}, at=AT)


def order(ref: str, units: int, sku: str = "lamp", customer: str | None = None, ship: str | None = None) -> None:
    place_order(OrderRequest(ref, (AskedLine(sku, units),), customer, ship=ship), at=AT)


def moved(giver: str, taker: str, units: int, sku: str = "lamp", reason: str = "an old friend") -> None:
    move_units(Move(giver, taker, sku, units, reason), at=AT + timedelta(hours=1), actor="eve")


def reserved() -> dict[str, int]:
    return dict(rows("SELECT o.ref, l.reserved FROM order_line l JOIN sales_order o ON o.id = l.order_id ORDER BY 1"))


def test_units_that_were_moved_stay_moved_until_that_is_revoked() -> None:
    order("O1", 10)
    order("O2", 4)
    moved("O1", "O2", 3)
    assert reserved() == {"O1": 7, "O2": 3}
    count("east", {"lamp": 10}, at=AT + timedelta(days=3))  # O1's told day has passed, O1 still ranks first
    assert reserved() == {"O1": 7, "O2": 3}
    revoke_given("O2", at=AT + timedelta(days=3), actor="eve")
    assert reserved() == {"O1": 10, "O2": 0}
    assert audit() == []


def test_a_move_stands_on_both_timelines_with_its_reason() -> None:
    order("O1", 10)
    order("O2", 4)
    moved("O1", "O2", 3)
    found = rows("SELECT subject, actor, detail ->> 'reason' FROM fact WHERE verb = 'units_moved' ORDER BY subject")
    assert found == [("order:O1", "eve", "an old friend"), ("order:O2", "eve", "an old friend")]


def test_more_than_there_is_cannot_be_moved() -> None:
    order("O1", 3)
    order("O2", 9)
    with pytest.raises(Refused, match="has only 3 lamp that could be moved"):
        moved("O1", "O2", 4)
    order("O3", 20)
    with pytest.raises(Refused, match="would have only 0 lamp sooner"):
        moved("O2", "O1", 1)
    assert audit() == []


def test_what_is_in_a_tote_cannot_be_moved() -> None:
    order("O1", 3)
    order("O2", 9)
    floor.pick("O1", {"lamp": 2}, at=AT)
    with pytest.raises(Refused, match="2 more are picked"):
        moved("O1", "O2", 2)


def test_what_may_not_be_backordered_is_not_lent() -> None:
    order("O1", 1, "vase")
    order("O2", 1, "vase")
    with pytest.raises(Refused, match="may not be backordered"):
        moved("O1", "O2", 1, "vase")


def test_protected_units_stay_with_their_tier() -> None:
    order("O1", 5, customer="ann")
    order("O2", 9, customer="bob")
    protect("lamp", "gold", 5, at=AT)
    with pytest.raises(Refused, match="protected for gold"):
        moved("O1", "O2", 1)


def test_a_move_needs_a_reason_and_two_orders() -> None:
    order("O1", 5)
    order("O2", 9)
    with pytest.raises(Malformed, match="reason"):
        moved("O1", "O2", 1, reason="  ")
    with pytest.raises(Malformed, match="itself"):
        moved("O1", "O1", 1)


def test_a_ship_complete_order_that_lends_waits_as_a_whole() -> None:
    order("O1", 5, ship="complete")
    order("O2", 9)
    moved("O1", "O2", 1)
    assert reserved() == {"O1": 0, "O2": 9}, "it cannot be whole, so what it had is lent"
    assert audit() == []


def test_of_a_cancelled_part_the_units_that_were_given_go_last() -> None:
    order("O1", 10)
    order("O2", 4)
    moved("O1", "O2", 3)
    cancel_order("O2", {"lamp": 1}, at=AT + timedelta(hours=2))
    assert reserved() == {"O1": 7, "O2": 3}
    cancel_order("O2", {"lamp": 2}, at=AT + timedelta(hours=3))
    assert reserved() == {"O1": 9, "O2": 1}
    assert audit() == []


def test_a_count_that_finds_less_breaks_what_was_given() -> None:
    order("O1", 9)
    order("O2", 4)
    moved("O1", "O2", 3)
    count("east", {"lamp": 2}, at=AT + timedelta(hours=2))
    assert sum(reserved().values()) == 2
    assert audit() == []


def test_a_shortage_is_shared_evenly_and_given_back_to_rank() -> None:
    order("O1", 8)
    order("O2", 6)
    order("O3", 6)
    assert {change.order for change in preview_share("lamp", "even", AT).changes} == {"O1", "O2", "O3"}
    assert reserved() == {"O1": 8, "O2": 2, "O3": 0}
    share_shortage("lamp", "even", "fair", at=AT + timedelta(hours=1), actor="eve")
    assert reserved() == {"O1": 4, "O2": 3, "O3": 3}
    revoke_share("lamp", at=AT + timedelta(days=2), actor="eve")
    assert reserved()["O1"] >= 4
    assert audit() == []


def test_a_shortage_is_shared_in_proportion_day_by_day() -> None:
    order("O1", 10)
    order("O2", 10)
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 4}, (AT + timedelta(days=9)).date(), "confirmed"), at=AT)
    share_shortage("lamp", "proportional", "fair", at=AT + timedelta(hours=1))
    assert reserved() == {"O1": 5, "O2": 5}
    inbound = rows(
        """SELECT o.ref, sum(g.units)::int FROM peg g JOIN order_line l ON l.id = g.line_id
           JOIN sales_order o ON o.id = l.order_id WHERE g.kind = 'inbound' GROUP BY 1 ORDER BY 1"""
    )
    assert inbound == [("O1", 2), ("O2", 2)]
    assert audit() == []


def test_nothing_is_shared_where_nobody_could_share() -> None:
    order("O1", 3, ship="complete")
    with pytest.raises(Refused, match="nobody waits who could share"):
        share_shortage("lamp", "even", "fair", at=AT)
    with pytest.raises(Malformed, match="sharing must be one of"):
        share_shortage("lamp", "by lot", "fair", at=AT)
    with pytest.raises(Refused, match="nothing is shared"):
        revoke_share("lamp", at=AT)


def given_by(verb: str) -> dict[str, int]:
    return dict(
        rows(
            """SELECT o.ref, sum(g.units)::int FROM peg g JOIN fact f ON f.id = g.given_by_id
               JOIN order_line l ON l.id = g.line_id JOIN sales_order o ON o.id = l.order_id
               WHERE f.verb = %s GROUP BY 1 ORDER BY 1""",
            [verb],
        )
    )


def test_a_sharing_that_ends_leaves_what_a_person_moved() -> None:
    order("O1", 8)
    order("O2", 6)
    order("O3", 6)
    moved("O1", "O3", 2)
    share_shortage("lamp", "even", "fair", at=AT + timedelta(hours=2))
    assert given_by("units_moved") == {"O3": 2}
    revoke_share("lamp", at=AT + timedelta(hours=3))
    assert (given_by("units_moved"), given_by("shortage_shared")) == ({"O3": 2}, {})
    count("east", {"lamp": 10}, at=AT + timedelta(days=3))
    assert reserved() == {"O1": 8, "O2": 0, "O3": 2}
    with pytest.raises(Refused, match="nothing is shared"):
        revoke_share("lamp", at=AT + timedelta(days=3))
    assert audit() == []


def test_a_move_is_looked_at_first_and_done_exactly_so() -> None:
    order("O1", 10)
    order("O2", 4)
    wanted = Move("O1", "O2", "lamp", 3, "an old friend")
    seen = preview_move(wanted, AT)
    assert [(one.order, one.verdict, one.had_units, one.has_units) for one in seen.changes] == [
        ("O1", "loses", 10, 7),
        ("O2", "wins", 0, 3),
    ]
    assert reserved() == {"O1": 10, "O2": 0}
    assert move_units(wanted, at=AT, seen=seen.digest) == seen.changes
    assert reserved() == {"O1": 7, "O2": 3}


def test_what_was_looked_at_is_not_done_once_the_facts_have_moved() -> None:
    order("O1", 10)
    order("O2", 4)
    wanted = Move("O1", "O2", "lamp", 3, "an old friend")
    seen, shared = preview_move(wanted, AT), preview_share("lamp", "even", AT)
    with pytest.raises(Refused, match="another move"):
        move_units(replace(wanted, units=2), at=AT, seen=seen.digest)
    with pytest.raises(Refused, match="another sharing"):
        share_shortage("lamp", "proportional", "fair", at=AT, seen=shared.digest)
    order("O3", 1)
    with pytest.raises(Refused, match="facts moved since the preview"):
        move_units(wanted, at=AT, seen=seen.digest)
    with pytest.raises(Refused, match="facts moved since the preview"):
        share_shortage("lamp", "even", "fair", at=AT, seen=shared.digest)
    assert reserved() == {"O1": 10, "O2": 0, "O3": 0}
    again = preview_share("lamp", "even", AT)
    assert share_shortage("lamp", "even", "fair", at=AT, seen=again.digest) == again.changes


def test_a_move_that_is_refused_is_refused_when_it_is_looked_at() -> None:
    order("O1", 3)
    order("O2", 9)
    with pytest.raises(Refused, match="has only 3 lamp that could be moved"):
        preview_move(Move("O1", "O2", "lamp", 4, ""), AT)
