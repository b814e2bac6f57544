"""Which day a message names: one that is not expected to hold is not said again."""

from datetime import date
from typing import Any

import orjson
import pytest
from tests.actions.law_shop import at, events, open_shop, order_lamps, pass_time, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.db import rows

pytestmark = pytest.mark.django_db


def said(event: str) -> list[dict[str, Any]]:
    """The lines of the last message of an event."""
    ((lines,),) = rows("SELECT (detail->'lines')::text FROM notice WHERE event = %s ORDER BY id DESC LIMIT 1", [event])
    found: list[dict[str, Any]] = orjson.loads(lines)
    return found


def test_who_has_to_wait_after_all_is_not_told_the_day_that_has_just_slipped() -> None:
    open_shop(law="none")
    truck()
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann", wanted_on=date(2026, 3, 20)), at=at(0))
    reschedule("P1", date(2026, 3, 25), at=at(4))
    assert said("backordered")[0]["on"] is None, "the 20th will not hold, and the 25th has not settled yet"
    pass_time(5)
    assert [line["on"] for line in said("delayed")] == ["2026-03-25"]


def test_a_short_pick_does_not_say_that_the_rest_comes_today() -> None:
    open_shop(law="none", warehouse="manual")
    receive(Receipt({"lamp": 5}, {}, site="east"), at=at(0))
    truck(units=5)
    order_lamps(units=5)
    floor.pick("O1", {"lamp": 3}, at=at(0.1))
    assert (said("backordered")[0]["units"], said("backordered")[0]["on"]) == (2, None)


def test_a_first_day_that_needs_a_yes_says_until_when() -> None:
    """Silence would cancel on 1 May; the supplier's first day is later than that."""
    open_shop()
    order_lamps()
    pass_time(1)
    truck(days=70)
    (line,) = said("date_expected")
    assert (line["stage"], line["by_on"], line["ships_on"]) == ("answer_needed", "2026-05-01", "2026-05-11")


def test_a_first_day_in_time_asks_nothing_more() -> None:
    open_shop()
    order_lamps()
    pass_time(1)
    truck(days=20)
    assert "stage" not in said("date_expected")[0]


def test_a_first_day_after_the_yes_asks_nothing_more() -> None:
    open_shop()
    order_lamps()
    pass_time(1)
    answer_order("O1", Answer("wait"), at=at(2))
    truck(days=70)
    assert "stage" not in said("date_expected")[0]


def test_goods_on_the_road_when_the_agreed_day_passes_are_counted_with_the_day_they_come() -> None:
    open_shop(law="eu-2011-83", transit_days=5)
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(12))
    pass_time(17)
    assert "option_notice" in events()
    (line,) = said("option_notice")
    assert (line["units"], line["on"], line["was_on"], line["on_the_way"]) == (2, "2026-03-19", "2026-03-17", True)
