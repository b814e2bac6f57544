"""Ship-complete groups: which hold, which lend, and who gets what (semantics, section 1, cases 21 and 22)."""

from dataclasses import replace

import pytest
from tests.core.company import (
    LAMP,
    TODAY,
    VASE,
    claim,
    day,
    joined,
    purchase,
    road,
    serve,
    stock,
)  # fmt: skip

from raincheck.core.book import ProductFacts


def test_21_a_group_whose_last_part_is_near_holds_what_is_here() -> None:
    """The vase comes in 7 days, the company holds for 7: the lamp is kept for the set, who asks after it waits."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), purchase(1, day(7), VASE))
    assert outcome[lamp] == {"stock": 1}
    assert outcome["O2"] == {"none": 1}


def test_21_a_group_whose_last_part_is_far_lends_what_comes_back_in_time() -> None:
    """The vase comes on day 8 and so do lamps: the lamp of today goes to O2, the set gets one of day 8."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, day(8)), purchase(1, day(8), VASE))
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies)
    assert outcome[lamp] == {"2026-03-10": 1}
    assert outcome["O2"] == {"stock": 1}


def test_21_what_would_come_back_too_late_is_not_lent() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, day(9)), purchase(1, day(8), VASE))
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies)
    assert outcome[lamp] == {"stock": 1}
    assert outcome["O2"] == {"2026-03-11": 1}


@pytest.mark.parametrize(("margin_days", "lends"), [(0, True), (2, True), (3, False)])
def test_21_what_repays_a_loan_must_be_there_some_days_before(margin_days: int, lends: bool) -> None:
    """Needed on day 10, the lamps come on day 8: two days to spare."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, day(8)), purchase(1, day(10), VASE))
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies, margin_days=margin_days)
    assert outcome["O2"] == ({"stock": 1} if lends else {"2026-03-10": 1})


def test_21_of_what_comes_in_time_the_latest_is_taken() -> None:
    """The set of day 12 takes the lamp of day 11; those of day 9 and today serve others sooner."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, day(9)), purchase(1, day(11)), purchase(1, day(12), VASE))
    outcome = serve(lamp, vase, claim("O2", 2, at=joined(12)), *supplies)
    assert outcome[lamp] == {"2026-03-13": 1}
    assert outcome["O2"] == {"stock": 1, "2026-03-11": 1}


def test_21_of_one_day_a_truck_is_taken_before_stock() -> None:
    """Both can ship today; the set of day 12 ties itself to the truck, so that what lies here serves others."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    truck, shelf = purchase(1, TODAY), stock(1)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), truck, shelf, purchase(1, day(12), VASE))
    assert outcome.supplies(lamp) == {truck.id: 1}
    assert outcome["O2"] == {"stock": 1}


@pytest.mark.parametrize(("days_ago", "holds"), [(0, False), (29, False), (30, True)])
def test_21_a_group_without_a_date_lends_all_it_has_for_its_first_30_days(days_ago: int, holds: bool) -> None:
    """No vase in sight. For 30 days the lamp is free for others; then the set has waited long enough and holds it."""
    at = joined(8, days_ago)
    lamp, vase = claim("O1", 1, LAMP, at=at, complete=True), claim("O1", 1, VASE, at=at, complete=True)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1))
    assert outcome[lamp] == ({"stock": 1} if holds else {"none": 1})
    assert outcome["O2"] == ({"none": 1} if holds else {"stock": 1})


def test_21_the_longest_waiting_line_counts_for_the_group() -> None:
    lamp = claim("O1", 1, LAMP, at=joined(8, 30), complete=True)
    vase = claim("O1", 1, VASE, at=joined(8, 1), complete=True)
    assert serve(lamp, vase, stock(1))[lamp] == {"stock": 1}
    better_placed = claim("O1", 1, VASE, at=joined(8, 1), score=5, complete=True)
    assert serve(lamp, better_placed, stock(1))[lamp] == {"stock": 1}


def test_21_stock_that_nobody_took_is_held_instead_of_a_truck() -> None:
    lamp, vase = claim("O1", 3, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(3), purchase(2, day(8)), purchase(2, day(9)), purchase(1, day(9), VASE))
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies)
    assert outcome["O2"] == {"stock": 1}
    assert outcome[lamp] == {"stock": 2, "2026-03-10": 1}, "the latest truck is given back first"


def test_21_of_two_groups_the_first_in_rank_has_the_free_stock() -> None:
    first, second = claim("O1", 1, at=joined(9), complete=True), claim("O2", 1, at=joined(10), complete=True)
    vases = [replace(one, id=one.id + 500, line=one.id + 500, product=VASE) for one in (first, second)]
    outcome = serve(second, first, *vases, stock(1), purchase(2, day(8)), purchase(2, day(9), VASE))
    assert outcome[first] == {"stock": 1}
    assert outcome[second] == {"2026-03-10": 1}


def test_21_what_may_not_be_backordered_is_never_lent() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True, stock_only=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, day(8)), purchase(1, day(9), VASE))
    for vases in (supplies[2:], ()):
        outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies[:2], *vases)
        assert outcome[lamp] == {"stock": 1}
        assert outcome["O2"] == {"2026-03-10": 1}


def test_22_two_groups_never_hold_each_others_missing_part() -> None:
    """One lamp, one vase, two sets: the first set gets both and ships; the second waits for both."""
    first = claim("O1", 1, LAMP, at=joined(9), complete=True), claim("O1", 1, VASE, at=joined(9), complete=True)
    second = claim("O2", 1, VASE, at=joined(10), complete=True), claim("O2", 1, LAMP, at=joined(10), complete=True)
    outcome = serve(*second, *first, stock(1, LAMP), stock(1, VASE))
    assert [outcome[one] for one in first] == [{"stock": 1}] * 2
    assert [outcome[one] for one in second] == [{"none": 1}] * 2


def test_a_group_stands_at_the_place_of_its_best_line() -> None:
    """A lead time line that ranks first takes the rest of its order with it, before O2."""
    best, worst = claim("O1", 1, VASE, score=5, complete=True), claim("O1", 1, LAMP, at=joined(23), complete=True)
    outcome = serve(worst, claim("O2", 1, score=3), best, stock(1), stock(1, VASE))
    assert outcome[worst] == {"stock": 1}
    assert outcome["O2"] == {"none": 1}


def test_a_group_keeps_its_told_day_whole_or_not_at_all() -> None:
    """Both parts were told today and one vase broke: the set cannot go, so the lamp serves who is better placed."""
    lamp = claim("O1", 1, LAMP, told=TODAY, complete=True)
    vases = claim("O1", 2, VASE, told=TODAY, complete=True)
    outcome = serve(lamp, vases, claim("O2", 1, score=9), stock(1), stock(1, VASE))
    assert outcome["O2"] == {"stock": 1}
    assert outcome[lamp] == {"none": 1}
    kept = serve(lamp, vases, claim("O2", 1, score=9), stock(1), stock(2, VASE))
    assert kept[lamp] == {"stock": 1}
    assert kept["O2"] == {"none": 1}


def test_a_group_that_cannot_keep_its_day_sets_nothing_aside() -> None:
    """What an earlier line of it had set aside is given back: O2, told today too, has it."""
    lamp = claim("O1", 1, LAMP, told=TODAY, complete=True)
    vase = claim("O1", 1, VASE, told=TODAY, complete=True)
    outcome = serve(lamp, vase, claim("O2", 1, told=TODAY, at=joined(12)), claim("O3", 1, score=9), stock(1))
    assert outcome["O2"] == {"stock": 1}


def test_two_lines_of_one_product_in_a_group_do_not_count_the_same_lamp_twice() -> None:
    first, second = claim("O1", 2, complete=True), claim("O1", 2, complete=True)
    outcome = serve(first, second, stock(3), purchase(9, day(3)))
    assert outcome[first] == {"stock": 2}
    assert outcome[second] == {"stock": 1, "2026-03-05": 1}


def test_two_lines_of_one_product_keep_their_day_only_together() -> None:
    group = [claim("O1", 2, told=TODAY, complete=True) for _ in range(2)]
    outcome = serve(*group, claim("O2", 1, score=9), stock(3))
    assert outcome["O2"] == {"stock": 1}


def test_a_lead_time_dates_a_group_and_holds_nothing() -> None:
    """The vase must still be bought and takes 8 days: the lamp is lent and one of day 8 stands in."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    facts = {VASE: ProductFacts(lead_time_days=8)}
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), purchase(1, day(8)), facts=facts)
    assert outcome[lamp] == {"2026-03-10": 1}
    assert outcome[vase] == {"lead_time": 1}
    soon = {VASE: ProductFacts(lead_time_days=7)}
    assert serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), facts=soon)[lamp] == {"stock": 1}


def test_a_group_that_waits_for_an_undated_truck_has_no_date_from_lead_times() -> None:
    """Alone among plain orders the overdue truck would cover it and say "no date": a group says the same."""
    lamp = claim("O1", 1, LAMP, complete=True)
    facts = {LAMP: ProductFacts(lead_time_days=14)}
    assert serve(lamp, purchase(1, None), facts=facts)[lamp] == {"none": 1}


# A truck that is only just overdue counts for a group as if it came today.


def test_a_group_holds_stock_for_a_truck_that_is_only_just_overdue() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    late = purchase(1, None, VASE, due_today=True)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), late)
    assert outcome[lamp] == {"stock": 1}
    assert outcome[vase] == {"overdue": 1}


def test_a_group_lends_while_a_truck_is_long_overdue() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), purchase(1, None, VASE))
    assert outcome["O2"] == {"stock": 1}


@pytest.mark.parametrize(("hold_days", "holds"), [(2, False), (3, True)])
def test_what_comes_today_must_still_be_received(hold_days: int, holds: bool) -> None:
    """Three working days to receive: the group's day is Thursday. If the company holds for two days only, it lends."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    supplies = (stock(1), purchase(1, TODAY), purchase(1, None, VASE, due_today=True))
    slow = road(receiving_days=3)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), *supplies, on_road=slow, hold_days=hold_days)
    assert outcome["O2"] == ({"2026-03-05": 1} if holds else {"stock": 1})


def test_a_loan_is_not_repaid_by_a_truck_without_a_date() -> None:
    """The set goes on day 9; an overdue truck might bring the lamp, but nobody knows when: the lamp stays."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    late = purchase(1, None, due_today=True)
    outcome = serve(lamp, vase, claim("O2", 1, at=joined(12)), stock(1), late, purchase(1, day(9), VASE))
    assert outcome[lamp] == {"stock": 1}


def test_if_nothing_dated_is_in_time_a_group_takes_the_truck_that_is_only_just_overdue() -> None:
    """It counts as due today: rather that than a lamp that comes after the set's day."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    late = purchase(1, None, due_today=True)
    outcome = serve(lamp, vase, late, purchase(1, day(20)), purchase(1, day(9), VASE))
    assert outcome[lamp] == {"overdue": 1}


def test_a_pre_order_does_not_go_before_its_day_because_a_truck_is_overdue() -> None:
    """The lamp is on sale from day 9; the truck that was due yesterday does not make the set go today."""
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    late = purchase(1, None, due_today=True)
    outcome = serve(lamp, vase, claim("O2", 1, VASE, at=joined(12)), late, stock(1, VASE), purchase(1, day(9), VASE),
                    facts={LAMP: ProductFacts(available_from=day(9))})  # fmt: skip
    assert outcome["O2"] == {"stock": 1}


def test_a_whole_order_of_which_one_line_waits_for_its_payment_keeps_and_takes_nothing() -> None:
    unpaid = claim("O1", 1, complete=True, told=TODAY, waits_for_payment=True)
    vase = claim("O1", 1, VASE, complete=True, told=TODAY)
    first, last = claim("O2", 1, VASE, score=9), claim("O3", 1, at=joined(12))
    outcome = serve(unpaid, vase, first, last, stock(1), stock(1, VASE))
    assert (outcome["O1"], outcome[first], outcome[last]) == ({"none": 2}, {"stock": 1}, {"stock": 1})
