"""What follows from the facts, all at once: pegs, what is told, what leaves, and the reason of every unit."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.core.company import EAST, LAMP, TODAY, VASE, WEST, book_of, claim, day, joined, purchase, stock, transfer

from raincheck.core.admit import Newcomer
from raincheck.core.book import ProductFacts
from raincheck.core.decision import Decision, Facts, Standing, decide, leaving_now, reason_of
from raincheck.core.demand import Claim, Kit
from raincheck.core.promise import Told, Word
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.site_hours import road_of
from raincheck.core.supply import Supply

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def facts_of(
    *things: Claim | Supply,
    standings: dict[int, Standing] | None = None,
    held: Claim | None = None,
    facts: dict[int, ProductFacts] | None = None,
    **rules: Any,
) -> Facts:
    settings = Settings(**rules)
    book = book_of(*things, facts=facts, on_road=settings.road)
    return Facts(NOON, settings, book, standings or {}, frozenset({held.order} if held else ()))


def reasons(facts: Facts, asked: Claim) -> list[Reason]:
    decision = decide(facts)
    return [reason_of(facts, decision, asked, peg) for peg in decision.pegs[asked.id]]


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        (stock(1), Reason.ON_HAND), (purchase(1, day(3)), Reason.PEGGED_TO_INBOUND),
        (transfer(1, day(3)), Reason.PEGGED_TO_TRANSFER), (purchase(1, None), Reason.NO_DATE),
        (transfer(1, None), Reason.NO_DATE), (stock(1, VASE), Reason.NO_DATE),
    ],
)  # fmt: skip
def test_the_reason_is_where_the_units_come_from(supply: Supply, expected: Reason) -> None:
    asked = claim("O1", 1)
    assert reasons(facts_of(asked, supply), asked) == [expected]


def test_a_purchase_yet_to_be_made() -> None:
    asked = claim("O1", 2)
    facts = facts_of(asked, stock(1), facts={LAMP: ProductFacts(lead_time_days=3)})
    assert reasons(facts, asked) == [Reason.ON_HAND, Reason.LEAD_TIME]


def test_before_its_day_a_pre_order_is_not_yet_available_or_has_no_date() -> None:
    asked = claim("O1", 3)
    facts = facts_of(asked, stock(1), purchase(1, day(3)), facts={LAMP: ProductFacts(3, day(9))})
    assert reasons(facts, asked) == [Reason.NOT_YET_AVAILABLE, Reason.NOT_YET_AVAILABLE, Reason.NO_DATE]


def test_a_held_order_has_its_stock_and_the_reason_held() -> None:
    asked = claim("O1", 2)
    facts = facts_of(asked, stock(1), purchase(1, day(3)), held=asked)
    assert reasons(facts, asked) == [Reason.HELD, Reason.PEGGED_TO_INBOUND]
    assert decide(facts).releases == ()


def test_stock_of_a_group_that_is_not_whole_waits_for_the_order() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    facts = facts_of(lamp, vase, stock(1), purchase(1, day(3), VASE))
    assert reasons(facts, lamp) == [Reason.WAITS_FOR_ORDER]
    assert reasons(facts, vase) == [Reason.PEGGED_TO_INBOUND]


def test_stock_of_a_group_that_is_whole_waits_for_nothing_but_the_floor() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    facts = facts_of(lamp, vase, stock(1), stock(1, VASE), warehouse="manual")
    assert reasons(facts, lamp) == [Reason.ON_HAND]
    held = replace(facts, held_orders=frozenset({lamp.order}))
    assert reasons(held, lamp) == [Reason.HELD]


def test_an_automatic_warehouse_releases_by_itself_a_manual_one_waits() -> None:
    asked = claim("O1", 1)
    assert [release.claim for release in decide(facts_of(asked, stock(1))).releases] == [asked]
    assert decide(facts_of(asked, stock(1), warehouse="manual")).releases == ()


def told_of(decision: Decision, asked: Claim) -> tuple[Word | None, date | None]:
    telling = decision.tellings[asked.id]
    return telling.word, telling.told.told_on


def test_units_that_ship_at_once_have_a_first_promise_and_nobody_writes_about_it() -> None:
    asked = claim("O1", 1)
    assert told_of(decide(facts_of(asked, stock(1), transit_days=2)), asked) == (None, day(2))


def test_units_that_wait_are_told_their_first_day() -> None:
    asked = claim("O1", 2)
    assert told_of(decide(facts_of(asked, stock(1), purchase(1, day(3)))), asked) == (Word.FIRST_DATE, day(3))
    assert told_of(decide(facts_of(asked, stock(2), handling_days=2)), asked) == (Word.FIRST_DATE, day(2))
    assert told_of(decide(facts_of(asked, stock(2), warehouse="manual")), asked) == (Word.FIRST_DATE, TODAY)


def test_units_that_ship_now_are_late_no_more() -> None:
    """Told yesterday; a truck came at last: the parcel leaves, nobody is told of a delay."""
    asked = claim("O1", 1, told=day(-1))
    standing = {asked.id: Standing(Told(day(-1), 1))}
    assert told_of(decide(facts_of(asked, stock(1), standings=standing)), asked) == (None, day(-1))
    late = decide(facts_of(asked, purchase(1, day(3)), standings=standing, settle_minutes=0))
    assert told_of(late, asked) == (Word.DELAYED, day(3))


def test_a_change_waits_for_the_settling_time() -> None:
    asked = claim("O1", 1, told=day(1))
    decision = decide(facts_of(asked, purchase(1, day(3)), standings={asked.id: Standing(Told(day(1), 1))}))
    telling = decision.tellings[asked.id]
    assert (telling.word, telling.look_again_at) == (None, datetime(2026, 3, 2, 13, tzinfo=UTC))


def test_all_lines_of_a_group_have_the_groups_day() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 2, VASE, complete=True)
    facts = facts_of(lamp, vase, stock(1), purchase(1, day(3), VASE), facts={VASE: ProductFacts(lead_time_days=5)})
    decision = decide(facts)
    assert [decision.estimates[one.id].delivers_on for one in (lamp, vase)] == [day(5), day(5)]
    assert [decision.estimates[one.id].lead_time_units for one in (lamp, vase)] == [0, 1]
    no_vase = decide(facts_of(lamp, vase, stock(1)))
    assert [no_vase.estimates[one.id].delivers_on for one in (lamp, vase)] == [None, None]


def test_parcels_on_their_way_to_the_carrier_count_for_the_last_day() -> None:
    """One unit leaves the shelf today, another was released and is delivered on day 4."""
    asked = claim("O1", 1)
    standing = {asked.id: Standing(Told(), frozen_units=1, frozen_delivers_on=day(4))}
    decision = decide(facts_of(asked, purchase(1, day(3)), standings=standing))
    assert decision.estimates[asked.id].delivers_on == day(4)
    assert decision.tellings[asked.id].told.told_units == 2
    later = decide(facts_of(asked, purchase(1, day(9)), standings=standing))
    assert later.estimates[asked.id].delivers_on == day(9)
    undated = decide(facts_of(asked, standings=standing))
    assert undated.estimates[asked.id].delivers_on is None


def test_newcomers_are_admitted_and_told_in_one_go() -> None:
    standing, asking = claim("O1", 1), claim("O2", 3, at=joined(12))
    decision = decide(facts_of(standing, stock(2), purchase(1, day(3))), [Newcomer(asking, 3, backorder_limit=1)])
    (accepted,) = decision.accepted
    (refusal,) = decision.refused
    assert (accepted.units, refusal.units, refusal.reason) == (2, 1, Reason.OVER_LIMIT)
    assert set(decision.claims) == {standing.id, asking.id}
    assert told_of(decision, asking) == (Word.FIRST_DATE, day(3))


def test_a_raised_claim_stands_once_in_the_book() -> None:
    lamps = claim("O1", 1, complete=True)
    decision = decide(facts_of(lamps, stock(3)), [Newcomer(replace(lamps, units=3), 2)])
    assert decision.claims[lamps.id].units == 3
    assert sum(peg.units for peg in decision.pegs[lamps.id]) == 3


def test_nothing_to_decide_is_decided_too() -> None:
    decision = decide(facts_of(stock(3)))
    assert (decision.claims, decision.pegs, decision.releases) == ({}, {}, ())
    assert decide(facts_of(stock(3)), []).accepted == ()


@pytest.mark.parametrize(
    ("warehouse", "handled_by", "ships_on", "slips"),
    [
        pytest.param("manual", None, day(2), True, id="reserved today"),
        pytest.param("manual", day(1), day(1), False, id="reserved yesterday: it goes tomorrow"),
        pytest.param("manual", TODAY, TODAY, True, id="it was to go today and slips from now on"),
        pytest.param("manual", day(-3), TODAY, True, id="it should be gone: it can go today"),
        pytest.param("automatic", day(1), day(2), True, id="an automatic warehouse begins at the release"),
    ],
)
def test_by_hand_handling_counts_from_the_day_of_reserving(
    warehouse: str, handled_by: date | None, ships_on: date, slips: bool
) -> None:
    """Two working days of handling."""
    asked, shelf = claim("O1", 1), stock(1)
    standing = Standing(handled_by={(shelf.id, False): handled_by} if handled_by else {})
    facts = facts_of(asked, shelf, standings={asked.id: standing}, warehouse=warehouse, handling_days=2)
    estimate = decide(facts).estimates[asked.id]
    assert (estimate.delivers_on, estimate.slips) == (ships_on, slips)


def test_what_a_closed_site_is_to_hand_over_does_not_leave_at_this_instant() -> None:
    """East works from Tuesday on: it is told a day; west hands over at once, and nobody writes about it."""
    here, there = claim("O1", 1), claim("O2", 1, VASE)
    facts = facts_of(here, there, stock(1), stock(1, VASE, WEST))
    east = road_of(facts.book.road, "", None, ("tue",))
    facts = replace(facts, book=replace(facts.book, roads={EAST: east}))
    decision = decide(facts)
    assert leaving_now(facts, decision.releases) == {there.id: 1}
    assert (told_of(decision, here)[0], told_of(decision, there)[0]) == (Word.FIRST_DATE, None)
    assert leaving_now(replace(facts, settings=Settings(handling_days=1)), decision.releases) == {}


def test_a_kit_leaves_at_this_instant_only_with_all_its_parts() -> None:
    kit = Kit(31, 1, 77, LAMP)
    lamps, vases = claim("O1", 1, line=31, kit=kit), claim("O1", 1, VASE, line=31, kit=kit)
    other, plain = claim("O2", 1, line=32, kit=replace(kit, line=32)), claim("O3", 1)
    other_vase = claim("O2", 1, VASE, line=32, kit=replace(kit, line=32))
    facts = facts_of(lamps, vases, other, other_vase, plain, stock(3), stock(1, VASE), stock(1, VASE, WEST))
    west = road_of(facts.book.road, "", None, ("tue",))
    facts = replace(facts, book=replace(facts.book, roads={WEST: west}))
    decision = decide(facts)
    assert len(decision.releases) == 5
    leaving = leaving_now(facts, decision.releases)
    assert sorted(leaving) in (sorted([lamps.id, vases.id, plain.id]), sorted([other.id, other_vase.id, plain.id]))


def test_a_claim_whose_last_unit_leaves_now_is_late_no_more_but_one_of_which_units_stay_is() -> None:
    leaves, stays = claim("O1", 2, told=day(-1)), claim("O2", 3, told=day(-1))
    standings = {leaves.id: Standing(Told(day(-1), 2)), stays.id: Standing(Told(day(-1), 3))}
    facts = facts_of(leaves, stays, stock(4), purchase(1, day(5)), standings=standings, settle_minutes=0)
    decision = decide(facts)
    assert told_of(decision, leaves) == (None, day(-1))
    assert told_of(decision, stays) == (Word.DELAYED, day(5))


def test_who_was_rebalanced_hears_of_the_changed_day_at_once() -> None:
    touched, other = claim("O1", 1, told=day(1)), claim("O2", 1, told=day(1))
    standings = {one.id: Standing(Told(day(1), 1)) for one in (touched, other)}
    facts = facts_of(touched, other, purchase(2, day(5)), standings=standings)
    decision = decide(replace(facts, told_at_once=frozenset({touched.id})))
    assert told_of(decision, touched) == (Word.DELAYED, day(5))
    assert told_of(decision, other) == (None, day(1))
