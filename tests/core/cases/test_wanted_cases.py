"""Wanted days in words: supply that is there in time, the latest first; not before; not lent where it may not wait."""

from datetime import date

import pytest
from tests.core.company import (
    EAST,
    LAMP,
    TODAY,
    VASE,
    WEST,
    book_of,
    claim,
    day,
    joined,
    purchase,
    road,
    serve,
    stock,
)

from raincheck.core.admit import Newcomer, admit
from raincheck.core.allocate import allocate
from raincheck.core.book import Given, ProductFacts
from raincheck.core.decision import Facts, decide, reason_of
from raincheck.core.demand import Claim
from raincheck.core.promise import estimate
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.split import releasable
from raincheck.core.supply import Supply


def test_the_last_truck_in_time_serves_what_is_wanted_later() -> None:
    outcome = serve(claim("O1", 3, wanted_on=day(20)), stock(3), purchase(2, day(5)), purchase(2, day(20)))
    assert outcome["O1"] == {"2026-03-22": 3}


def test_a_truck_after_the_wanted_day_comes_last() -> None:
    outcome = serve(claim("O1", 5, wanted_on=day(10)), stock(2), purchase(2, day(9)), purchase(9, day(11)))
    assert outcome["O1"] == {"stock": 2, "2026-03-12": 2, "2026-03-13": 1}


def test_the_supply_is_there_a_margin_before() -> None:
    trucks = (purchase(2, day(5)), purchase(2, day(6)), purchase(2, day(10)))
    outcome = serve(claim("O1", 5, wanted_on=day(10)), *trucks, margin_days=5)
    assert outcome["O1"] == {"2026-03-12": 5}


def test_of_those_too_close_the_earliest_comes_first() -> None:
    trucks = (purchase(2, day(6)), purchase(2, day(8)), purchase(2, day(10)))
    one = claim("O1", 3, wanted_on=day(10))
    outcome = serve(one, *trucks, margin_days=5)
    assert outcome.supplies(one) == {trucks[0].id: 2, trucks[1].id: 1}


@pytest.mark.parametrize("wanted_on", [None, TODAY, day(-3)])
def test_wanted_today_or_before_is_as_soon_as_can_be(wanted_on: date | None) -> None:
    outcome = serve(claim("O1", 3, wanted_on=wanted_on), stock(2), purchase(5, TODAY), purchase(5, day(3)))
    assert outcome["O1"] == {"stock": 2, "2026-03-02": 1}


def test_a_newcomer_has_the_stock_that_a_wanted_order_leaves() -> None:
    later = claim("O1", 2, wanted_on=day(20), told=day(20))
    outcome = serve(later, claim("O2", 2, at=joined(10)), stock(2), purchase(2, day(20)))
    assert outcome["O2"] == {"stock": 2}
    assert outcome["O1"] == {"2026-03-22": 2}


def test_what_may_not_wait_holds_stock_for_its_day() -> None:
    one = claim("O1", 2, wanted_on=day(20), stock_only=True)
    outcome = serve(one, claim("O2", 2, at=joined(10)), stock(2), purchase(9, day(10)))
    assert outcome["O1"] == {"stock": 2}
    assert [peg.ships_on for peg in outcome.pegs[one.id]] == [day(20)]


def test_nothing_leaves_before_its_day_and_all_of_it_on_it() -> None:
    one = claim("O1", 2, wanted_on=day(8))
    for today, leaves in ((day(6), 0), (day(7), 0), (day(8), 2)):
        book = book_of(one, stock(2), today=today)
        assert sum(release.peg.units for release in releasable(book, allocate(book), ())) == leaves


def test_handling_and_transit_are_counted_back_by_the_calendars() -> None:
    """Wanted on Wednesday the 18th: with the carrier on Monday, released on the Thursday before it, the 12th."""
    way = road(handling_days=2, transit_days=2)
    one = claim("O1", 1, wanted_on=date(2026, 3, 18))
    book = book_of(one, stock(1), on_road=way)
    assert book.wanted_there_on(one) == date(2026, 3, 12)
    assert estimate(way, allocate(book)[one.id]).delivers_on == date(2026, 3, 18)


def test_a_truck_that_is_there_too_late_to_be_handled_is_not_in_time() -> None:
    way = road(handling_days=2, transit_days=2)
    trucks = (purchase(1, date(2026, 3, 12)), purchase(1, date(2026, 3, 13)))
    one = claim("O1", 1, wanted_on=date(2026, 3, 18))
    assert serve(one, *trucks, on_road=way).supplies(one) == {trucks[0].id: 1}


def test_an_estimate_for_a_wanted_day_does_not_slip_with_the_days() -> None:
    book = book_of(claim("O1", 2, wanted_on=day(8)), stock(2))
    known = estimate(book.road, [peg for own in allocate(book).values() for peg in own])
    assert (known.delivers_on, known.slips) == (day(8), False)


def test_a_group_that_is_wanted_later_lends_until_then() -> None:
    parts = (
        claim("O1", 1, complete=True, wanted_on=day(20)),
        claim("O1", 1, VASE, complete=True, wanted_on=day(20)),
    )
    other = claim("O2", 1, at=joined(10))
    outcome = serve(*parts, other, stock(1), stock(1, VASE), purchase(1, day(18)))
    assert outcome[other] == {"stock": 1}
    assert outcome["O1"] == {"2026-03-22": 1, "stock": 1}


def test_a_group_that_is_wanted_soon_has_its_own() -> None:
    parts = (
        claim("O1", 1, complete=True, wanted_on=day(5)),
        claim("O1", 1, VASE, complete=True, wanted_on=day(5)),
    )
    other = claim("O2", 1, at=joined(10))
    outcome = serve(*parts, other, stock(1), stock(1, VASE), purchase(1, day(4)))
    assert outcome[other] == {"2026-03-06": 1}


def test_a_lead_time_that_ends_sooner_waits_for_the_day() -> None:
    facts = {LAMP: ProductFacts(lead_time_days=5)}
    one = claim("O1", 1, wanted_on=day(20))
    book = book_of(one, facts=facts)
    assert [peg.ships_on for peg in allocate(book)[one.id]] == [day(20)]


def test_what_is_wanted_after_the_latest_day_is_not_too_late() -> None:
    one = claim("O1", 2, wanted_on=day(20))
    found = admit(book_of(stock(2)), [Newcomer(one, 2, latest_days=10)])
    assert (found.accepted, found.refused) == ((one,), ())


def test_what_comes_after_both_the_latest_and_the_wanted_day_is_too_late() -> None:
    one = claim("O1", 2, wanted_on=day(20))
    found = admit(book_of(purchase(2, day(21))), [Newcomer(one, 2, latest_days=10)])
    assert [(refusal.units, refusal.reason) for refusal in found.refused] == [(2, Reason.TOO_LATE)]


def test_of_two_overdue_trucks_that_count_as_due_today_a_lending_group_takes_the_nearer_site_s() -> None:
    """Neither is there ten days before the group's day, so the earliest comes first: both count as due today."""
    vase = claim("O1", 1, VASE, complete=True, country="US", postcode="10001")
    lamp = claim("O1", 1, complete=True, country="US", postcode="10001")
    far = purchase(1, day(3), site=WEST, due_today=True, slips=True)
    near = purchase(1, day(5), site=EAST, due_today=True, slips=True)
    outcome = serve(vase, lamp, far, near, purchase(1, day(12), VASE), margin_days=10)
    assert outcome.supplies(lamp) == {near.id: 1}


def reason_of_lamp(*things: Claim | Supply) -> Reason:
    """Why the first order's lamp is where it is."""
    book = book_of(*things)
    facts = Facts(joined(), Settings(), book)
    decision = decide(facts)
    lamp = next(one for one in book.claims if one.product == LAMP)
    return reason_of(facts, decision, lamp, decision.pegs[lamp.id][0])


def test_a_whole_group_that_lies_here_is_not_yet_wanted() -> None:
    parts = (claim("O1", 1, complete=True, wanted_on=day(5)), claim("O1", 1, VASE, complete=True, wanted_on=day(5)))
    assert reason_of_lamp(*parts, stock(1), stock(1, VASE)) is Reason.NOT_YET_WANTED


def test_a_group_whose_last_part_comes_in_time_is_not_yet_wanted() -> None:
    parts = (claim("O1", 1, complete=True, wanted_on=day(5)), claim("O1", 1, VASE, complete=True, wanted_on=day(5)))
    assert reason_of_lamp(*parts, stock(1), purchase(1, day(3), VASE)) is Reason.NOT_YET_WANTED


def test_a_group_whose_last_part_comes_too_late_waits_for_it() -> None:
    parts = (claim("O1", 1, complete=True, wanted_on=day(5)), claim("O1", 1, VASE, complete=True, wanted_on=day(5)))
    assert reason_of_lamp(*parts, stock(1), purchase(1, day(6), VASE)) is Reason.WAITS_FOR_ORDER


def test_units_that_were_given_wait_for_the_wanted_day_too() -> None:
    one, here = claim("O1", 1, wanted_on=day(20)), stock(1)
    book = book_of(one, here, given=(Given(one.id, here.key, 1, 1, True, day(20)),))
    assert [peg.ships_on for peg in allocate(book)[one.id]] == [day(20)]


def test_what_is_wanted_soon_may_come_as_late_as_the_latest_day() -> None:
    one = claim("O1", 2, wanted_on=day(3))
    book = book_of(purchase(2, day(8)))
    assert admit(book, [Newcomer(one, 2, latest_days=10)]).refused == ()
    assert [refusal.units for refusal in admit(book, [Newcomer(one, 2, latest_days=7)]).refused] == [2]


def test_a_group_is_not_whole_before_both_its_wanted_day_and_what_it_was_given() -> None:
    parts = (
        claim("O1", 1, complete=True, wanted_on=day(9)),
        claim("O1", 1, VASE, complete=True, wanted_on=day(9)),
    )
    other = claim("O2", 1, at=joined(10))
    lamps = stock(1), purchase(1, day(14))
    outcome = serve(*parts, other, stock(1, VASE), *lamps, groups_not_before={1: day(15)})
    assert (outcome[parts[0]], outcome[other]) == ({day(14).isoformat(): 1}, {"stock": 1})
    outcome = serve(*parts, other, stock(1, VASE), *lamps, groups_not_before={1: day(5)})
    assert (outcome[parts[0]], outcome[other]) == ({"stock": 1}, {day(14).isoformat(): 1})
