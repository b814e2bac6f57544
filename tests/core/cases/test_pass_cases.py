"""Who gets what, in cases that naive systems get wrong (semantics, section 1); the number is the case's."""

from dataclasses import replace
from datetime import date

import pytest
from tests.core.company import (
    EAST,
    LAMP,
    SET,
    TODAY,
    VASE,
    WEST,
    claim,
    day,
    joined,
    purchase,
    road,
    serve,
    stock,
    transfer,
)  # fmt: skip

from raincheck.core.book import ProductFacts


def test_01_what_arrived_of_a_purchase_is_not_counted_as_still_to_come() -> None:
    """Of 10, 4 have arrived: there are 4 on hand and 6 to come, so 14 wanted lamps leave 4 without any."""
    outcome = serve(claim("O1", 14), stock(4), purchase(6, day(10)))
    assert outcome["O1"] == {"stock": 4, "2026-03-12": 6, "none": 4}


@pytest.mark.parametrize("score", [0, 5])
def test_02_a_promise_for_later_is_not_broken_by_an_order_for_sooner(score: int) -> None:
    """10 on hand are promised for day 20; 10 more come on day 25. Who asks now gets day 25, however important."""
    outcome = serve(claim("O1", 10, told=day(20)), claim("O2", 10, score=score), stock(10), purchase(10, day(25)))
    assert outcome["O1"] == {"stock": 10}
    assert outcome["O2"] == {"2026-03-27": 10}


def test_02_a_later_promise_may_rest_on_later_supply() -> None:
    """Promised for day 20, and 10 come on day 15: the important newcomer may have what lies here."""
    outcome = serve(claim("O1", 10, told=day(20)), claim("O2", 10, score=5), stock(10), purchase(10, day(15)))
    assert outcome["O1"] == {"2026-03-17": 10}
    assert outcome["O2"] == {"stock": 10}


def test_03_the_second_in_the_queue_waits_for_the_second_truck() -> None:
    outcome = serve(claim("O1", 5), claim("O2", 5), purchase(5, day(3)), purchase(5, day(9)))
    assert outcome["O1"] == {"2026-03-05": 5}
    assert outcome["O2"] == {"2026-03-11": 5}


def test_04_a_short_delivery_takes_from_the_last_in_rank_first() -> None:
    """10 were due today for five claims of 2, all told today; 7 came. The 3 that are missing come on day 8."""
    queue = [claim(f"O{n}", 2, told=TODAY, at=joined(n)) for n in range(1, 6)]
    outcome = serve(*queue, stock(7), purchase(3, day(8)))
    assert [outcome[one] for one in queue[:3]] == [{"stock": 2}] * 3
    assert outcome[queue[3]] == {"stock": 1, "2026-03-10": 1}
    assert outcome[queue[4]] == {"2026-03-10": 2}


def test_04_a_short_delivery_breaks_the_last_in_rank_even_if_it_was_told_a_later_day() -> None:
    """Only as many told units break as supply in time no longer covers: here none, O2's day can be met later."""
    outcome = serve(claim("O1", 5, told=day(3)), claim("O2", 5, told=day(9)), purchase(5, day(3)), purchase(5, day(8)))
    assert outcome["O1"] == {"2026-03-05": 5}
    assert outcome["O2"] == {"2026-03-10": 5}


def test_04_a_broken_claim_keeps_the_units_that_still_arrive_in_time() -> None:
    """O2 was told day 3 for 4 units and 2 still come by then: a more important newcomer does not get them."""
    outcome = serve(
        claim("O2", 4, told=day(3)), claim("O3", 4, score=9), purchase(2, day(3)), purchase(9, day(20)),
    )  # fmt: skip
    assert outcome["O2"] == {"2026-03-05": 2, "2026-03-22": 2}
    assert outcome["O3"] == {"2026-03-22": 4}


def test_05_what_is_over_fills_the_queue_and_no_line_beyond_its_units() -> None:
    outcome = serve(claim("O1", 2), claim("O2", 3), stock(9))
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"stock": 3}


def test_10_a_suppliers_day_is_not_a_customers_day() -> None:
    """Arrives Thursday; a working day to receive, two to handle: it ships on Tuesday."""
    outcome = serve(claim("O1", 1), purchase(1, day(3)), on_road=road(receiving_days=1, handling_days=2))
    assert outcome["O1"] == {"2026-03-10": 1}


def test_10_what_lies_here_takes_only_the_handling() -> None:
    outcome = serve(claim("O1", 1, told=day(3)), stock(1), on_road=road(handling_days=2, transit_days=1))
    (peg,) = outcome.pegs[outcome.book.claims[0].id]
    assert peg.ships_on == day(2)


def test_11_an_overdue_truck_is_not_there_today_it_comes_last() -> None:
    outcome = serve(claim("O1", 5), purchase(5, None), purchase(2, day(30)))
    assert outcome["O1"] == {"2026-04-01": 2, "overdue": 3}


def test_11_an_overdue_truck_covers_before_a_purchase_yet_to_be_made() -> None:
    """It was bought for these units; that it is late is said, not hidden behind a new lead time."""
    outcome = serve(claim("O1", 5), purchase(3, None), facts={LAMP: ProductFacts(lead_time_days=14)})
    assert outcome["O1"] == {"overdue": 3, "lead_time": 2}


def test_12_pre_orders_are_tied_to_the_purchase_as_soon_as_it_is_there() -> None:
    """Available from day 20, the truck comes on day 10: the units ship on day 20 and nobody else is promised them."""
    facts = {LAMP: ProductFacts(lead_time_days=5, available_from=day(20))}
    outcome = serve(claim("O1", 3), claim("O2", 3), purchase(4, day(10)), facts=facts)
    assert outcome["O1"] == {"2026-03-22": 3}
    assert outcome["O2"] == {"2026-03-22": 1, "none": 2}


def test_12_a_pre_order_has_stock_from_its_first_day_on() -> None:
    facts = {LAMP: ProductFacts(available_from=day(20))}
    outcome = serve(claim("O1", 3), stock(3), purchase(4, day(10)), facts=facts)
    (peg,) = outcome.pegs[outcome.book.claims[0].id]
    assert (peg.kind.value, peg.ships_on) == ("stock", day(20))


def test_14_a_transfer_is_inbound_like_any_other() -> None:
    outcome = serve(claim("O1", 3), transfer(2, day(2), site=WEST), purchase(2, day(5)))
    assert outcome["O1"] == {"2026-03-04": 2, "2026-03-07": 1}


def test_16_who_joined_first_is_first_whatever_the_input_says() -> None:
    outcome = serve(claim("O1", 1, at=joined(11)), claim("O2", 1, at=joined(10)), stock(1))
    assert outcome["O2"] == {"stock": 1}
    assert outcome["O1"] == {"none": 1}


def test_17_what_was_added_to_a_line_stands_at_the_end() -> None:
    """O1 had 2 and asks for 2 more after O2: the old two keep their place, the new two wait behind O2."""
    first, more = claim("O1", 2, at=joined(9), line=1), claim("O1", 2, at=joined(11), line=1)
    outcome = serve(more, claim("O2", 2, at=joined(10)), first, stock(4))
    assert outcome[first] == {"stock": 2}
    assert outcome["O2"] == {"stock": 2}
    assert outcome[more] == {"none": 2}


def test_18_a_newcomer_waits_behind_the_queue() -> None:
    """3 on hand, 5 waiting, 2 new: the newcomer gets none of the 3."""
    outcome = serve(claim("O1", 5), claim("O2", 2, at=joined(12)), stock(3))
    assert outcome["O1"] == {"stock": 3, "none": 2}
    assert outcome["O2"] == {"none": 2}


@pytest.mark.parametrize(
    ("told", "expected"),
    [(None, {"2026-03-12": 2}), (day(5), {"stock": 2}), (day(10), {"2026-03-12": 2}), (day(-1), {"2026-03-12": 2})],
    ids=["was told nothing", "was told sooner than the truck", "was told the truck's day", "its day has passed"],
)
def test_rank_serves_sooner_but_never_breaks_a_told_day(told: date | None, expected: dict[str, int]) -> None:
    outcome = serve(claim("O1", 2, told=told), claim("O2", 2, score=1), stock(2), purchase(2, day(10)))
    assert outcome["O1"] == expected


def test_where_rank_may_break_told_days_it_does() -> None:
    outcome = serve(claim("O1", 2, told=TODAY), claim("O2", 2, score=1), stock(2), keeps_told_dates=False)
    assert outcome["O1"] == {"none": 2}
    assert outcome["O2"] == {"stock": 2}


def test_the_day_told_is_the_day_of_delivery() -> None:
    """Told day 5 with three days on the road: supply of day 2 is in time, that of day 3 is not."""
    for arrives, kept in ((day(2), "2026-03-04"), (day(3), "none")):
        outcome = serve(claim("O1", 2, told=day(5)), claim("O2", 2, score=1), purchase(2, arrives),
                        on_road=road(transit_days=3))  # fmt: skip
        assert outcome["O1"] == {kept: 2}


def test_only_units_that_were_told_are_kept() -> None:
    outcome = serve(claim("O1", 5, told=TODAY, told_units=2), claim("O2", 5, score=1), stock(5))
    assert outcome["O1"] == {"stock": 2, "none": 3}
    assert outcome["O2"] == {"stock": 3, "none": 2}


def test_units_told_from_a_lead_time_need_no_supply() -> None:
    """Of 5, 3 rest on a purchase yet to be made: of the stock, only 2 are kept from the important newcomer."""
    lamps = {LAMP: ProductFacts(lead_time_days=14)}
    outcome = serve(
        claim("O1", 5, told=day(14), told_by_lead_time=3, lead_time_from=TODAY), claim("O2", 9, score=1), stock(5),
        facts=lamps,
    )  # fmt: skip
    assert outcome["O1"] == {"stock": 2, "lead_time": 3}


def test_of_two_told_days_the_one_that_needs_the_early_truck_has_it() -> None:
    outcome = serve(
        claim("O1", 2, told=day(9), at=joined(9)), claim("O2", 2, told=day(3), at=joined(10)),
        purchase(2, day(3)), purchase(2, day(9)),
    )  # fmt: skip
    assert outcome["O1"] == {"2026-03-11": 2}
    assert outcome["O2"] == {"2026-03-05": 2}


def test_what_may_not_be_backordered_takes_stock_only() -> None:
    outcome = serve(claim("O1", 5, stock_only=True), stock(2), purchase(9, day(1)),
                    facts={LAMP: ProductFacts(lead_time_days=1)})  # fmt: skip
    assert outcome["O1"] == {"stock": 2, "none": 3}


def test_what_may_not_be_backordered_keeps_stock_not_a_truck() -> None:
    """Told day 3 from stock: that a truck comes on day 2 is no reason to give the stock to somebody better placed."""
    outcome = serve(
        claim("O1", 2, stock_only=True, told=day(3)), claim("O2", 2, score=1), stock(2), purchase(9, day(2))
    )
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"2026-03-04": 2}


def test_what_may_not_be_backordered_keeps_stock_also_from_a_truck_of_the_same_day() -> None:
    outcome = serve(claim("O1", 2, stock_only=True, told=TODAY), claim("O2", 2, score=1), stock(2), purchase(9, TODAY))
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"2026-03-02": 2}


# What no inbound covers.


@pytest.mark.parametrize(
    ("lead_time_days", "since", "expected"),
    [
        (None, None, {"none": 1}),
        (0, None, {"lead_time": 1}),
        (14, None, {"lead_time": 1}),
        (14, day(-14), {"lead_time": 1}),
        (14, day(-15), {"none": 1}),
    ],
    ids=["no supplier", "lead time of no days", "dated today", "due today", "its day has passed"],
)
def test_uncovered_units_count_the_lead_time_from_when_they_were_first_so_dated(
    lead_time_days: int | None, since: date | None, expected: dict[str, int]
) -> None:
    facts = {LAMP: ProductFacts(lead_time_days=lead_time_days)}
    assert serve(claim("O1", 1, lead_time_from=since), facts=facts)["O1"] == expected


def test_a_lead_time_counts_calendar_days_and_then_the_road() -> None:
    """12 days from Monday is Saturday the 14th; two working days to receive, one to handle: Wednesday the 18th."""
    outcome = serve(claim("O1", 1), facts={LAMP: ProductFacts(lead_time_days=12)}, on_road=road(2, 1))
    (peg,) = outcome.pegs[outcome.book.claims[0].id]
    assert peg.ships_on == date(2026, 3, 18)


# Equal facts.


def test_of_two_trucks_of_one_day_the_first_by_number_goes_first() -> None:
    one, two = purchase(1, day(3)), purchase(1, day(3))
    outcome = serve(claim("O1", 1), two, one)
    assert outcome.supplies(outcome.book.claims[0]) == {one.id: 1}


def test_of_two_claims_that_joined_at_one_instant_the_refs_decide() -> None:
    outcome = serve(claim("O2", 1), claim("O1", 1), stock(1))
    assert outcome["O1"] == {"stock": 1}


def test_of_two_claims_of_one_line_the_older_goes_first() -> None:
    older = claim("O1", 1, line=1)
    newer = replace(older, id=older.id + 10_000)
    outcome = serve(newer, older, stock(1))
    assert outcome[older] == {"stock": 1}


def test_products_do_not_mix() -> None:
    outcome = serve(claim("O1", 1, SET), stock(1, LAMP), stock(1, VASE, site=EAST))
    assert outcome["O1"] == {"none": 1}


def test_the_place_that_a_rebalance_gave_comes_before_any_score() -> None:
    loser, winner = claim("O1", 2, place=5, score=9), claim("O2", 2, place=0, at=joined(10))
    outcome = serve(loser, winner, stock(2))
    assert outcome["O2"] == {"stock": 2}
    assert outcome["O1"] == {"none": 2}


def test_who_waits_for_payment_keeps_nothing_from_who_comes_before() -> None:
    declined = claim("O1", 2, told=TODAY, waits_for_payment=True)
    outcome = serve(declined, claim("O2", 2, score=1), stock(2))
    assert outcome["O2"] == {"stock": 2}
    assert outcome["O1"] == {"none": 2}
