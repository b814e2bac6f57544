"""Kits: whole ones or none, each part from the latest supply that is in time (semantics, cases 27 and 28)."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.core.company import EAST, LAMP, TODAY, VASE, WEST, Outcome, claim, day, joined, purchase, serve, stock

from raincheck.core.admit import Newcomer, admit
from raincheck.core.book import ProductFacts
from raincheck.core.demand import Claim, Kit
from raincheck.core.kits import alike, here_in_whole, side_by_side
from raincheck.core.reason import Reason
from raincheck.core.split import releasable

SET = 77
"""The product that is sold: two lamps and a vase."""


def kits(ref: str, number: int, *, available_from: date | None = None, **facts: Any) -> tuple[Claim, Claim]:
    """The parts of so many sets of two lamps and a vase: (lamps, vases). Told a day: all were."""
    kit = Kit(900 + int(ref.removeprefix("O")), 1, SET, LAMP, available_from)
    lamps = claim(ref, 2 * number, LAMP, kit=kit, per_kit=2, **facts)
    vases = claim(ref, number, VASE, kit=kit, **facts)
    return lamps, replace(vases, rank=lamps.rank)


def got(outcome: Outcome, parts: tuple[Claim, Claim]) -> tuple[dict[str, int], dict[str, int]]:
    return outcome[parts[0]], outcome[parts[1]]


def test_27_as_many_kits_as_the_scarcest_part_makes() -> None:
    set_ = kits("O1", 3)
    assert got(serve(*set_, stock(5), stock(9, VASE)), set_) == ({"stock": 4, "none": 2}, {"stock": 2, "none": 1})


def test_27_a_part_that_completes_no_kit_is_free_for_who_comes_later() -> None:
    set_, later = kits("O1", 1), claim("O2", 1, VASE, at=joined(12))
    outcome = serve(*set_, later, stock(1), stock(1, VASE))
    assert got(outcome, set_) == ({"none": 2}, {"none": 1})
    assert outcome[later] == {"stock": 1}


def test_27_a_kit_has_the_day_of_its_last_part_and_takes_the_latest_of_the_others() -> None:
    """The vase comes on day 4. Lamps of day 3 are in time for it, so those of today are free."""
    set_, later = kits("O1", 1), claim("O2", 2, at=joined(12))
    outcome = serve(*set_, later, stock(2), purchase(2, day(3)), purchase(2, day(5)), purchase(1, day(4), VASE))
    assert got(outcome, set_) == ({day(3).isoformat(): 2}, {day(4).isoformat(): 1})
    assert outcome[later] == {"stock": 2}


def test_27_kit_by_kit_each_has_its_own_day() -> None:
    """One kit is here; the next waits for a vase; the third for lamps, whose vase comes as late as it may."""
    set_ = kits("O1", 3)
    vases = (stock(1, VASE), purchase(1, day(2), VASE), purchase(2, day(6), VASE))
    outcome = serve(*set_, stock(4), purchase(2, day(8)), *vases)
    assert got(outcome, set_) == (
        {"stock": 4, day(8).isoformat(): 2},
        {"stock": 1, day(2).isoformat(): 1, day(6).isoformat(): 1},
    )


def test_27_what_is_here_does_not_wait_for_what_comes_today() -> None:
    set_ = kits("O1", 1)
    outcome = serve(*set_, stock(2), purchase(2, TODAY), stock(1, VASE))
    assert got(outcome, set_) == ({"stock": 2}, {"stock": 1})


def test_27_an_overdue_truck_without_a_date_makes_no_kit() -> None:
    set_ = kits("O1", 1)
    assert got(serve(*set_, stock(2), purchase(1, None, VASE)), set_) == ({"none": 2}, {"none": 1})


def test_27_a_lead_time_dates_a_part_and_the_others_are_held_for_that_day() -> None:
    set_ = kits("O1", 2)
    outcome = serve(*set_, stock(3), facts={VASE: ProductFacts(lead_time_days=5)})
    assert got(outcome, set_) == ({"stock": 2, "none": 2}, {"lead_time": 1, "none": 1})


def test_27_kits_that_may_not_wait_take_stock_alone() -> None:
    set_ = kits("O1", 2, stock_only=True)
    outcome = serve(*set_, stock(9), stock(1, VASE), purchase(9, day(1), VASE))
    assert got(outcome, set_) == ({"stock": 2, "none": 2}, {"stock": 1, "none": 1})


def test_a_told_kit_keeps_its_parts_against_a_newcomer_of_better_rank() -> None:
    set_, better = kits("O1", 1, told=day(3)), claim("O2", 2, at=joined(12), score=9)
    outcome = serve(*set_, better, stock(3), purchase(1, day(3), VASE))
    assert got(outcome, set_) == ({"stock": 2}, {day(3).isoformat(): 1})
    assert outcome[better] == {"stock": 1, "none": 1}


def test_of_told_kits_as_many_are_kept_as_are_whole() -> None:
    """The vase of the second kit slipped past its day: only the lamps of the first are kept."""
    set_, better = kits("O1", 2, told=day(3)), claim("O2", 4, at=joined(12), score=9)
    outcome = serve(*set_, better, stock(4), purchase(1, day(3), VASE), purchase(1, day(4), VASE))
    assert outcome[better] == {"stock": 2, "none": 2}
    assert got(outcome, set_)[0] == {"stock": 2, "none": 2}


def test_a_kit_is_not_there_before_it_is_sold() -> None:
    """Lamps of day 4 are in time for the first day of sale; the vase has to come from the shelf."""
    set_ = kits("O1", 1, available_from=day(4))
    outcome = serve(*set_, stock(2), purchase(2, day(4)), stock(1, VASE))
    assert got(outcome, set_)[0] == {day(4).isoformat(): 2}
    assert [peg.ships_on for peg in outcome.pegs[set_[1].id]] == [day(4)]


def test_a_kit_comes_from_a_site_that_has_all_its_parts() -> None:
    set_ = kits("O1", 1)
    outcome = serve(*set_, stock(4), stock(2, site=WEST), stock(1, VASE, site=WEST))
    assert outcome.sites(set_[0]) == {WEST: 2}


def test_a_kit_comes_from_two_sites_if_it_must() -> None:
    set_ = kits("O1", 1)
    outcome = serve(*set_, stock(1), stock(1, site=WEST), stock(1, VASE, site=WEST))
    assert outcome.sites(set_[0]) == {EAST: 1, WEST: 1}


def test_a_complete_order_without_a_day_lends_its_kits_parts() -> None:
    lamps, vases = kits("O1", 1, complete=True)
    other = claim("O1", 1, 3, complete=True)
    later = claim("O2", 2, at=joined(12))
    outcome = serve(lamps, vases, other, later, stock(2), stock(1, VASE))
    assert (outcome[lamps], outcome[vases]) == ({"none": 2}, {"none": 1})
    assert outcome[later] == {"stock": 2}


def test_a_complete_order_that_has_lent_long_enough_holds_whole_kits() -> None:
    lamps, vases = kits("O1", 2, complete=True, at=joined(days_ago=40))
    outcome = serve(lamps, vases, stock(3), stock(2, VASE))
    assert (outcome[lamps], outcome[vases]) == ({"stock": 2, "none": 2}, {"stock": 1, "none": 1})


def test_what_completes_no_kit_of_a_complete_order_goes_to_its_other_lines_first() -> None:
    """No vase for the kit, so its lamps are for the other line of the same order, not for who comes later."""
    at = joined(days_ago=40)
    lamps, vases = kits("O1", 1, complete=True, at=at)
    line = claim("O1", 4, LAMP, complete=True, at=at)
    later = claim("O2", 3, LAMP)
    outcome = serve(lamps, vases, line, later, stock(4))
    assert (outcome[lamps], outcome[vases]) == ({"none": 2}, {"none": 1})
    assert outcome[line] == {"stock": 4}
    assert outcome[later] == {"none": 3}


def test_only_whole_kits_leave() -> None:
    """The lamps of the second kit lie here too, but its vase comes tomorrow."""
    set_ = kits("O1", 2)
    outcome = serve(*set_, stock(4), stock(1, VASE), purchase(1, day(1), VASE))
    leaving = releasable(outcome.book, outcome.pegs, ())
    assert sorted((one.claim.product, one.peg.units) for one in leaving) == [(LAMP, 2), (VASE, 1)]


def test_of_parts_at_two_sites_those_leave_that_one_site_makes_whole() -> None:
    set_ = kits("O1", 2)
    outcome = serve(
        *set_, stock(2), stock(2, site=WEST), stock(1, VASE, site=WEST), purchase(1, day(1), VASE, site=EAST)
    )
    here = {c.id: [peg for peg in outcome.pegs[c.id] if peg.ships_on == TODAY] for c in set_}
    whole = here_in_whole(list(set_), here)
    assert [(peg.units, peg.supply.site) for peg in whole[set_[0].id] if peg.supply] == [(2, WEST)]


def test_new_kits_are_refused_whole_and_counted_as_kits() -> None:
    """Two kits wait already and three may: of three more one is taken, and all its parts."""
    waiting, new = kits("O1", 2), kits("O2", 3, at=joined(12))
    book = serve(*waiting, stock(1)).book
    admission = admit(book, [Newcomer(part, part.units, backorder_limit=3) for part in new])
    assert {c.id: c.units for c in admission.accepted} == {new[0].id: 2, new[1].id: 1}
    assert [(r.claim, r.units, r.reason) for r in admission.refused] == [
        (new[0].id, 4, Reason.OVER_LIMIT),
        (new[1].id, 2, Reason.OVER_LIMIT),
    ]


def test_lamps_that_kits_wait_for_do_not_count_against_the_limit_of_lamps() -> None:
    lamp = claim("O2", 2, at=joined(12))
    book = serve(*kits("O1", 2), stock(1)).book
    admission = admit(book, [Newcomer(lamp, 2, backorder_limit=1)])
    assert [c.units for c in admission.accepted] == [2]


def test_units_side_by_side_make_kits_of_the_last_of_each_part() -> None:
    lamps = (2, [(3, "shelf"), (3, "truck")])
    vases = (1, [(2, "shelf"), (2, "ship")])
    assert side_by_side([lamps, vases]) == [(1, ["shelf", "shelf"]), (1, ["truck", "shelf"]), (1, ["truck", "ship"])]
    assert side_by_side([lamps, (1, [])]) == []


def test_kits_whose_parts_lie_apart_are_whole_all_the_same_after_those_of_one_site() -> None:
    set_ = kits("O1", 2)
    supplies = (stock(2), stock(1, VASE, WEST), stock(2, LAMP, WEST), stock(1, VASE))
    outcome = serve(*set_, *supplies)
    here = {part.id: outcome.pegs[part.id] for part in set_}
    whole = here_in_whole(list(set_), here)
    assert [sum(peg.units for peg in whole[part.id]) for part in set_] == [4, 2]
    apart = serve(*kits("O2", 1), stock(2), stock(1, VASE, WEST))
    parts = list(apart.book.claims)
    whole = here_in_whole(parts, {part.id: apart.pegs[part.id] for part in parts})
    assert [sum(peg.units for peg in whole[part.id]) for part in parts] == [2, 1]


def test_kits_of_the_same_pegs_are_named_together_the_earliest_first() -> None:
    lamps, vases = kits("O1", 3)
    outcome = serve(lamps, vases, stock(4), purchase(2, day(6)), stock(1, VASE), purchase(2, day(3), VASE))
    found = alike([lamps, vases], outcome.pegs)
    days = [(number, [peg.ships_on for peg in pegs]) for number, pegs in found]
    assert days == [(1, [TODAY, TODAY]), (1, [TODAY, day(3)]), (1, [day(6), day(3)])]
    backwards = {id_: pegs[::-1] for id_, pegs in outcome.pegs.items()}
    assert alike([lamps, vases], backwards) == found


def test_a_kit_that_is_sold_later_than_its_parts_dates_its_whole_order() -> None:
    """The set is sold from day 20 on: the order waits for it and lends its vase until then."""
    set_ = [replace(part, group=1) for part in kits("O1", 1, available_from=day(20))]
    later = claim("O2", 1, VASE, at=joined(12))
    outcome = serve(*set_, later, stock(2), stock(1, VASE), purchase(1, day(9), VASE))
    assert outcome[later] == {"stock": 1}


def test_a_kit_is_whole_neither_before_it_is_sold_nor_before_it_is_wanted() -> None:
    """Sold from day 4 and wanted on day 9, or the other way round: the trucks of day 8 are in time for both."""
    for sold_on, wanted_on in ((day(4), day(9)), (day(9), day(4))):
        set_ = kits("O1", 1, available_from=sold_on, wanted_on=wanted_on)
        trucks = purchase(2, day(8)), purchase(1, day(8), VASE)
        outcome = serve(*set_, stock(2), stock(1, VASE), *trucks)
        assert outcome.supplies(set_[0]) == {trucks[0].id: 2}, (sold_on, wanted_on)


def test_a_kit_that_is_sold_from_today_on_leaves_from_the_shelf() -> None:
    set_ = kits("O1", 1, available_from=TODAY)
    shelf = stock(2), stock(1, VASE)
    outcome = serve(*set_, *shelf, purchase(2, TODAY), purchase(1, TODAY, VASE))
    assert got(outcome, set_) == ({"stock": 2}, {"stock": 1})


def test_of_parts_that_lie_apart_no_more_leave_than_the_whole_kits_need() -> None:
    """Four lamps are here, three of them west, and the vase of one kit alone, east."""
    set_ = kits("O1", 2)
    supplies = (stock(1), stock(3, LAMP, WEST), stock(1, VASE), purchase(1, day(3), VASE))
    outcome = serve(*set_, *supplies)
    here = {part.id: [peg for peg in outcome.pegs[part.id] if peg.ships_on == TODAY] for part in set_}
    assert sum(peg.units for peg in here[set_[0].id]) == 4
    whole = here_in_whole(list(set_), here)
    assert [sum(peg.units for peg in whole[part.id]) for part in set_] == [2, 1]
