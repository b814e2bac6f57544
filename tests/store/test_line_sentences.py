"""What customer service reads out for a line: a sentence for every reason, with the days and the names in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from raincheck.core.reason import Reason
from raincheck.store.reads.order import Ahead, LinePeg, LineView, OrderView, ParcelLine, ParcelView
from raincheck.store.reads.remedies import what_would_change
from raincheck.store.reads.sentences import line_sentence
from raincheck.words.reasons import REASONS

TODAY = date(2026, 3, 4)
BACK = datetime(2026, 3, 2, 15, tzinfo=UTC)


def line(**values: Any) -> LineView:
    plain: dict[str, Any] = dict.fromkeys(
        ("reserved", "backordered", "preordered", "shipped", "cancelled", "refused", "returned",
         "cancel_requested_units"), 0
    )  # fmt: skip
    plain |= {
        "id": 1, "sku": "lamp", "name": "Lamp", "unit_price": Decimal(40), "ordered": 5, "ship": "available",
        "policy": {}, "reason": "on_hand", "first_promise_on": None, "promise_on": None, "expected_on": None,
        "told_on": None,
    }  # fmt: skip
    return LineView(**(plain | values))


def order(*lines: LineView, **values: Any) -> OrderView:
    plain: dict[str, Any] = {
        "id": 1, "ref": "O1", "state": "open", "customer_code": "ann", "customer": "Ann", "email": "", "tier": "",
        "placed_at": BACK, "channel": "", "country": "", "postcode": "", "charge": "shipment", "wanted_on": None,
        "captured": Decimal(0), "refunded": Decimal(0), "declined_at": None, "next_try_at": None,
    }  # fmt: skip
    return OrderView(**(plain | {"lines": list(lines)} | values))


def peg(units: int, kind: str = "stock", source: str = "Leeds", **values: Any) -> LinePeg:
    plain: dict[str, Any] = {
        "line_id": 1, "units": units, "kind": kind, "source": source, "source_kind": "", "arrives_on": None,
        "ships_on": None, "shipment_id": None, "shipment_state": "", "is_preorder": False,
    }  # fmt: skip
    return LinePeg(**(plain | values))


def said(found: LineView, *others: LineView, **values: Any) -> str:
    return line_sentence(order(found, *others, **values), found, TODAY, ZoneInfo("UTC"))


def test_a_line_of_which_some_has_shipped_and_some_comes_with_a_truck() -> None:
    found = line(
        shipped=3, backordered=2, reason="pegged_to_inbound", told_on=date(2026, 3, 13), expected_on=date(2026, 3, 13),
        pegs=[peg(2, "inbound", "P1", source_kind="purchase", arrives_on=date(2026, 3, 12))],
        ahead=Ahead(1, claims=4, units=9),
    )  # fmt: skip
    parcel = ParcelView(7, "Leeds", "shipped", BACK, BACK, BACK, None, None, lines=[ParcelLine(7, "lamp", "Lamp", 3)])
    assert said(found, parcels=[parcel]) == (
        "Of 5 units 3 shipped on Mon 2 Mar and 2 come with P1, due Thu 12 Mar. 4 orders are ahead with 9 units. "
        "Promised for Fri 13 Mar, in 9 days."
    )


INBOUND = peg(5, "inbound", "P1", source_kind="purchase", arrives_on=date(2026, 3, 12))
TORCH = line(id=2, sku="torch", name="Torch", ordered=2, backordered=2, ship="complete")

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "on_hand": ({"reserved": 5, "pegs": [peg(5)]}, {}, "All 5 units lie reserved at Leeds."),
    "pegged_to_inbound": ({"backordered": 5, "pegs": [INBOUND]}, {}, "All 5 units come with P1, due Thu 12 Mar."),
    "pegged_to_transfer": (
        {"backordered": 5, "pegs": [replace(INBOUND, source="T1", source_kind="transfer")]},
        {},
        "All 5 units come with transfer T1, due Thu 12 Mar.",
    ),
    "lead_time": (
        {
            "backordered": 5,
            "supplier": "Acme",
            "lead_time_days": 14,
            "pegs": [peg(5, "lead_time", "", ships_on=date(2026, 3, 18))],
        },
        {},
        (
            "All 5 units still have to be bought: the lead time would ship them Wed 18 Mar. "
            "Acme takes 14 days from a purchase order to the day it comes."
        ),
    ),
    "no_date": ({"backordered": 5, "pegs": [peg(5, "none", "")]}, {}, "All 5 units have no supply in sight."),
    "not_yet_available": (
        {
            "preordered": 5,
            "available_from": date(2026, 5, 1),
            "pegs": [peg(5, is_preorder=True, ships_on=date(2026, 5, 1))],
        },
        {},
        "All 5 units are pre-ordered and ship Fri 1 May. It goes on sale on Fri 1 May.",
    ),
    "waits_for_order": (
        {"reserved": 5, "ship": "complete", "pegs": [peg(5)]},
        {},
        (
            "All 5 units lie reserved at Leeds, waiting for the rest of the order. "
            "The order leaves all at once and waits for 2 × Torch."
        ),
    ),
    "waits_for_shipment": (
        {"reserved": 2, "backordered": 3, "ship": "up_to:2", "pegs": [peg(2), replace(INBOUND, units=3)]},
        {},
        (
            "Of 5 units 2 lie reserved at Leeds, waiting for the next parcel and 3 come with P1, due Thu 12 Mar. "
            "The order leaves in at most 2 parcels, so these wait for what is still to come."
        ),
    ),
    "below_minimum_shipment": (
        {"reserved": 5, "minimum_units": 10, "minimum_value": Decimal("50.0000"), "pegs": [peg(5)]},
        {},
        (
            "All 5 units lie reserved at Leeds. They are too few for a parcel of their "
            "own (it takes 10 units and goods for 50.00), so they leave with what comes next."
        ),
    ),
    "merging": (
        {"reserved": 5, "merge_hours": 4, "pegs": [peg(5)]},
        {},
        (
            "All 5 units lie reserved at Leeds. "
            "They wait up to 4 hours to share a parcel with other orders to the same address."
        ),
    ),
    "held": (
        {"reserved": 5, "pegs": [peg(5)]},
        {"state": "held"},
        (
            "All 5 units lie reserved at Leeds. "
            "The order is on hold: it keeps its place and its stock, and nothing leaves until it is released."
        ),
    ),
    "payment_failed": (
        {"reserved": 5, "pegs": [peg(5)]},
        {},
        "All 5 units lie reserved at Leeds. The payment was declined; nothing leaves until another card is given.",
    ),
    "protected": (
        {"backordered": 5, "pegs": [peg(5, "none", "")]},
        {},
        "All 5 units have no supply in sight. What lies on the shelf is kept for other customers.",
    ),
    "not_yet_wanted": (
        {"reserved": 5, "pegs": [peg(5)]},
        {"wanted_on": date(2026, 3, 20)},
        "All 5 units lie reserved at Leeds. It is wanted on Fri 20 Mar, so it leaves in time for that and not before.",
    ),
    "backorders_denied": ({"refused": 5}, {}, "All 5 units were refused because it may not be backordered."),
    "over_limit": (
        {"refused": 5, "policy": {"backorder_limit": {"value": 9}}},
        {},
        "All 5 units were refused because no more than 9 may wait at a time.",
    ),
    "too_late": (
        {"refused": 5, "policy": {"latest_days": {"value": 20}}},
        {},
        "All 5 units were refused because it could not be there within 20 days.",
    ),
    "shipped": ({"shipped": 5}, {}, "All 5 units have shipped."),
    "cancelled_by_customer": ({"cancelled": 5}, {}, "All 5 units are cancelled. The customer asked for that."),
    "cancelled_by_seller": ({"cancelled": 5}, {}, "All 5 units are cancelled. We could not supply it."),
    "cancelled_by_law": (
        {"cancelled": 5},
        {},
        "All 5 units are cancelled. The law ended the order because it could not be delivered in time.",
    ),
}


def test_every_reason_has_words_and_a_sentence_of_its_own() -> None:
    assert set(CASES) == set(REASONS) == {reason.value for reason in Reason}


@pytest.mark.parametrize("reason", CASES)
def test_the_sentence_of_a_reason(reason: str) -> None:
    values, of_order, expected = CASES[reason]
    others = [TORCH] if reason == "waits_for_order" else []
    sentence = said(line(reason=reason, **values), *others, **of_order)
    assert sentence.removesuffix(" No date was told.") == expected


def test_one_of_something_is_no_plural() -> None:
    merging = line(reserved=5, merge_hours=1, reason="merging", pegs=[peg(5)])
    assert "They wait up to an hour to share a parcel" in said(merging)
    small = {"minimum_units": 1, "minimum_value": Decimal("50.0000"), "reason": "below_minimum_shipment"}
    assert "a parcel of their own (it takes goods for 50.00), so" in said(line(reserved=5, pegs=[peg(5)], **small))
    late = line(refused=5, reason="too_late", policy={"latest_days": {"value": 1}})
    assert said(late).startswith("All 5 units were refused because it could not be there within one day.")
    bought = peg(5, "lead_time", "", ships_on=date(2026, 3, 5))
    quick = line(backordered=5, reason="lead_time", supplier="Acme", lead_time_days=1, pegs=[bought])
    assert "Acme takes one day from a purchase order" in said(quick)


def test_units_that_somebody_gave_say_who_and_why() -> None:
    given: dict[str, Any] = {"given_actor": "dana", "given_at": BACK, "given_why": "a wedding"}
    by_hand = replace(INBOUND, given_verb="moved_by_hand", **given)
    found = line(backordered=5, reason="pegged_to_inbound", pegs=[by_hand])
    assert "(given by hand by dana on Mon 2 Mar: a wedding)" in said(found)
    shared = replace(INBOUND, given_verb="shortage_shared", **given)
    assert "(given as a share of a shortage by dana on Mon 2 Mar: a wedding)" in said(replace(found, pegs=[shared]))
    rebalanced = replace(INBOUND, given_verb="rebalanced", given_actor="dana", given_at=BACK)
    assert "(given by a rebalance by dana on Mon 2 Mar)" in said(replace(found, pegs=[rebalanced]))


def test_parts_of_a_kit_are_named() -> None:
    found = line(ordered=2, backordered=2, pegs=[replace(INBOUND, units=4, part="Chair")], reason="pegged_to_inbound")
    assert said(found).startswith("4 × Chair come with P1, due Thu 12 Mar.")


def test_partly_refused_units_say_why_where_only_one_rule_can_have_refused_them() -> None:
    found = line(refused=2, reserved=3, pegs=[peg(3)], policy={"backorders": {"value": "deny"}})
    assert "2 were refused because it may not be backordered." in said(found)


def test_one_unit_that_is_missing_is_one() -> None:
    none = line(backordered=1, reason="no_date", pegs=[replace(peg(1, "none", ""), units=1)])
    assert what_would_change(order(none), none) == ["A confirmed purchase order or a transfer for 1 more unit."]
    to_buy = line(backordered=1, reason="lead_time", pegs=[replace(peg(1, "lead_time", ""), units=1)])
    assert what_would_change(order(to_buy), to_buy) == ["A purchase order for 1 unit, confirmed for an earlier day."]


def test_a_planner_reads_what_would_bring_it_sooner() -> None:
    found = line(
        backordered=5, reason="no_date", ahead=Ahead(1, claims=1, units=2),
        pegs=[replace(INBOUND, units=2, arrives_on=None), replace(peg(3, "none", ""), units=3)],
    )  # fmt: skip
    assert what_would_change(order(found), found) == [
        "A confirmed purchase order or a transfer for 3 more units.",
        "A new date for P1.",
        "Units given by hand, or a better place in the queue.",
    ]
    assert what_would_change(order(line(refused=5, reason="too_late")), line(refused=5, reason="too_late")) == [
        "An earlier supply, or a rule that allows later promises; then a new order."
    ]
