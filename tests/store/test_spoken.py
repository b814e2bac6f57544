"""What is read out to a customer: true, short, without our references, and as sure as we are."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from raincheck.core.calendar import WEEKDAYS, Calendar, Road
from raincheck.store.reads.order import LinePeg, LineView, OrderView
from raincheck.store.reads.spoken import CERTAIN, ESTIMATED, UNKNOWN, Record, spoken_lines, spoken_order

UTC = ZoneInfo("UTC")
TODAY = date(2026, 3, 2)
ROAD = Road(Calendar(UTC, frozenset(range(len(WEEKDAYS))), frozenset()), 0, 0, 2)


def peg(units: int, kind: str = "stock", ships: int | None = None, source: str = "") -> LinePeg:
    ships_on = None if ships is None else date(2026, 3, ships)
    return LinePeg(1, units, kind, source, "purchase" if source else "", ships_on, ships_on, None, "", False)


def line(ordered: int, *pegs: LinePeg, **more: Any) -> LineView:
    reserved = sum(one.units for one in pegs if one.kind == "stock")
    waiting = sum(one.units for one in pegs if one.kind != "stock")
    given: dict[str, Any] = {
        "id": 1, "sku": "LAMP", "name": "Arc lamp", "unit_price": 0, "ordered": ordered, "reserved": reserved,
        "backordered": waiting, "preordered": 0, "shipped": 0, "cancelled": 0, "refused": 0, "returned": 0,
        "cancel_requested_units": 0, "ship": "available", "policy": {}, "reason": "on_hand", "first_promise_on": None,
        "promise_on": None, "expected_on": None, "told_on": None, "pegs": list(pegs),
    }  # fmt: skip
    return LineView(**{**given, **more})


def order(*lines: LineView, **more: Any) -> OrderView:
    given: dict[str, Any] = {
        "id": 1, "ref": "SO-1", "state": "open", "customer_code": "", "customer": "", "email": "", "tier": "",
        "placed_at": datetime(2026, 2, 27, 9, tzinfo=UTC), "channel": "", "country": "", "postcode": "",
        "charge": "shipment", "wanted_on": None, "captured": 0, "refunded": 0, "declined_at": None,
        "next_try_at": None, "lines": list(lines),
    }  # fmt: skip
    known = OrderView.__dataclass_fields__
    return OrderView(**{name: value for name, value in {**given, **more}.items() if name in known})


def said(found: OrderView) -> str:
    return spoken_lines(found, ROAD, TODAY, UTC)[1].text


@pytest.mark.django_db
def test_what_is_here_and_what_comes_when_without_our_references() -> None:
    found = line(
        5, peg(3), peg(2, "inbound", 10, "PO-7"), told_on=date(2026, 3, 12), first_promise_on=date(2026, 3, 12),
        expected_on=date(2026, 3, 12),
    )  # fmt: skip
    assert said(order(found)) == (
        "Arc lamp: 3 are here for you, about to leave; 2 should reach you Thu 12 Mar (in 10 days). "
        "We told you Thu 12 Mar, and that stands."
    )


def test_a_day_that_moved_is_owned_up_to() -> None:
    late = line(2, peg(2, "lead_time", 10), told_on=date(2026, 3, 8), expected_on=date(2026, 3, 12))
    assert "We had told you Sun 8 Mar; it is 4 days later now, and we are sorry." in said(order(late))
    moved = line(
        2, peg(2, "lead_time", 10), told_on=date(2026, 3, 12), first_promise_on=date(2026, 3, 8),
        expected_on=date(2026, 3, 12),
    )  # fmt: skip
    assert "At first we had told you Sun 8 Mar, then Thu 12 Mar; that stands" in said(order(moved))
    lost = line(2, peg(2, "none"), told_on=date(2026, 3, 8))
    assert "that day no longer holds, and we are sorry" in said(order(lost))
    forgotten = line(2, peg(2, "lead_time", 10), first_promise_on=date(2026, 3, 8), expected_on=date(2026, 3, 12))
    assert "We had told you Sun 8 Mar; that day no longer holds" in said(order(forgotten))


def test_how_sure_a_day_is_follows_its_least_sure_unit() -> None:
    def sure(found: LineView) -> str:
        return spoken_lines(order(found), ROAD, TODAY, UTC)[1].sure

    assert sure(line(1, peg(1))) == CERTAIN
    assert sure(line(2, peg(1), peg(1, "lead_time", 10))) == ESTIMATED
    assert sure(line(3, peg(1), peg(1, "lead_time", 10), peg(1, "none"))) == UNKNOWN
    assert sure(line(1, cancelled=1)) == ""


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (order(line(1, peg(1))), "is complete here and about to leave"),
        (order(line(2, peg(2)), state="held"), "is on hold: nothing leaves until we release it"),
        (order(line(2, peg(2, "none"))), "for some of it there is no day yet"),
        (order(line(2, peg(2, "lead_time", 10), expected_on=date(2026, 3, 12))), "should be with you by Thu 12 Mar"),
        (
            order(line(3, peg(2, "lead_time", 10), refused=1, expected_on=date(2026, 3, 12))),
            "waits for Arc lamp; all that we could take should be with you by Thu 12 Mar",
        ),
        (order(line(2, cancelled=2), state="cancelled"), "is cancelled"),
        (order(line(2, refused=2), state="refused"), "could not be taken"),
        (order(line(2, cancelled=1, refused=1), state="cancelled"), "is cancelled"),
        (
            order(line(2, peg(2), cancel_requested_units=2), state="cancel_requested"),
            "is being cancelled: our floor stops",
        ),
    ],
)
def test_the_whole_order_in_one_sentence(found: OrderView, words: str) -> None:
    text = spoken_order(found, TODAY, UTC)
    assert text.startswith("The order of Fri 27 Feb")
    assert words in text


def test_what_they_asked_to_cancel_is_not_about_to_leave() -> None:
    """The floor has it in hand and gives it back: nobody is told that it comes."""
    assert said(order(line(2, peg(2), cancel_requested_units=2))) == "Arc lamp: both are being cancelled."
    some = said(order(line(5, peg(5), cancel_requested_units=2)))
    assert some == "Arc lamp: 3 are here for you, about to leave; 2 are being cancelled."


def test_one_unit_is_it_and_two_are_both() -> None:
    assert "it is here for you" in said(order(line(1, peg(1))))
    assert "both are here for you" in said(order(line(2, peg(2))))
    assert "for it nobody knows the day yet" in said(order(line(1, peg(1, "none"))))


@pytest.mark.parametrize(
    ("deliveries", "on_time", "is_poor"), [(0, 0, False), (2, 0, False), (6, 1, True), (6, 3, False), (3, 1, True)]
)
def test_a_supplier_that_is_late_more_often_than_not_makes_a_day_less_sure(
    deliveries: int, on_time: int, is_poor: bool
) -> None:
    assert Record("PO-1", "Halden", deliveries, on_time).is_poor is is_poor
