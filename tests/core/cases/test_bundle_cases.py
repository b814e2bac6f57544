"""What leaves together where parcels are planned: kits kit by kit, cuts, told units; and when to look again."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.core.cases.test_parcel_cases import NINE, plan, under
from tests.core.company import EAST, LAMP, TODAY, VASE, WEST, book_of, claim, day, purchase, road, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import ProductFacts
from raincheck.core.bundles import ARRIVING, NOW, bundles_of, last_moment, last_release_on, lots_of
from raincheck.core.demand import Claim, Kit, ParcelTerms
from raincheck.core.parcels import ParcelFacts, look_again_at, plan_parcels
from raincheck.core.reason import Reason
from raincheck.core.site_hours import road_of
from raincheck.core.supply import Supply

ONE, TWO = ParcelTerms(up_to=1), ParcelTerms(up_to=2)
LAST_MINUTE = NINE.replace(hour=23, minute=59)


def kits(ref: str, number: int, terms: ParcelTerms) -> tuple[Claim, Claim]:
    """The parts of so many sets of two lamps and a vase."""
    kit = Kit(900 + int(ref.removeprefix("O")), 1, 77, LAMP)
    lamps = claim(ref, 2 * number, kit=kit, per_kit=2)
    vases = replace(claim(ref, number, VASE, kit=kit), rank=lamps.rank)
    return under(replace(terms, parts=3), lamps), under(replace(terms, parts=3), vases)


def test_kits_go_kit_by_kit_as_their_last_part_comes() -> None:
    """Vases for two are here; lamps for one: one kit goes, the other's vase waits for its lamps."""
    lamps, vases = kits("O1", 2, ParcelTerms())
    found = plan(lamps, vases, stock(2), purchase(2, day(5)), stock(1, VASE), purchase(1, day(3), VASE))
    assert (found.goes(lamps), found.goes(vases)) == (2, 1)
    assert (found.on(lamps), found.on(vases)) == (day(5), day(5))


def test_kits_of_one_moment_go_together_and_none_without_a_date() -> None:
    lamps, vases = kits("O1", 3, ParcelTerms())
    found = plan(lamps, vases, stock(4), stock(2, VASE))
    assert (found.goes(lamps), found.goes(vases)) == (4, 2)
    assert (found.on(lamps), found.on(vases)) == (None, None)


def test_kits_are_cut_as_kits() -> None:
    """One parcel for both kits: it waits for the lamps of the second."""
    lamps, vases = kits("O1", 2, ONE)
    found = plan(lamps, vases, stock(2), purchase(2, day(5)), stock(1, VASE), purchase(1, day(3), VASE))
    assert (found.goes(lamps), found.goes(vases)) == (0, 0)
    lamps, vases = kits("O1", 2, TWO)
    found = plan(lamps, vases, stock(2), purchase(2, day(5)), stock(1, VASE), purchase(1, day(3), VASE))
    assert (found.goes(lamps), found.goes(vases)) == (2, 1)


def test_a_minimum_counts_a_kit_as_one_unit_when_all_its_parts_are_in() -> None:
    two_kits = ParcelTerms(minimum_units=2)
    lamps, vases = kits("O1", 3, two_kits)
    assert plan(lamps, vases, stock(2), stock(1, VASE)).goes(lamps) == 0
    lamps, vases = kits("O1", 3, two_kits)
    assert plan(lamps, vases, stock(4), stock(2, VASE)).goes(lamps) == 4


def test_what_is_wanted_later_can_be_released_on_its_day_as_if_it_lay_here() -> None:
    later, sold_later = claim("O1", 1, wanted_on=day(9)), claim("O2", 1, VASE)
    book = book_of(later, sold_later, stock(1), stock(1, VASE), facts={VASE: ProductFacts(available_from=day(4))})
    lots = lots_of(book, book.claims, allocate(book), lambda peg: peg, NINE)
    assert [(lot.there, lot.here) for lot in lots] == [((day(9), NOW), False), ((day(4), NOW), False)]


def test_a_truck_and_a_lead_time_arrive_on_their_day_and_nobody_knows_where_from() -> None:
    lamps, vase = claim("O1", 2), claim("O2", 1, VASE)
    book = book_of(lamps, vase, purchase(1, day(3), site=WEST), facts={LAMP: ProductFacts(lead_time_days=5)})
    lots = lots_of(book, book.claims, allocate(book), lambda peg: peg, NINE)
    assert [(lot.there, lot.site) for lot in lots] == [((day(3), ARRIVING), WEST), ((day(5), ARRIVING), 0), (None, 0)]


def test_of_units_told_a_day_the_earliest_count_for_it() -> None:
    """Two of four are told day 5 and one parcel may go before the rest: the first two leave in time."""
    lamps = under(TWO, claim("O1", 4, told=day(5), told_units=2))
    found = plan(lamps, purchase(1, day(2)), purchase(1, day(4)), purchase(1, day(7)), purchase(1, day(20)))
    assert sorted({one.ships_on for one in found.found.leaving.values() if one.ships_on}) == [day(4), day(20)]


def test_an_up_to_order_all_of_whose_units_have_no_date_waits_as_one() -> None:
    lamps, vases = under(TWO, claim("O1", 1)), under(TWO, claim("O1", 1, VASE))
    book = book_of(lamps, vases)
    (one,) = bundles_of(book, lots_of(book, book.claims, allocate(book), lambda peg: peg, NINE), {})
    assert (one.there, one.waits_for, len(one.lots)) == (None, Reason.WAITS_FOR_SHIPMENT, 2)


def test_the_last_moment_of_a_site_with_a_cut_off_is_its_cut_off() -> None:
    site = road_of(road(), "", time(16), ())
    assert last_moment(site, TODAY) == datetime(2026, 3, 2, 16, tzinfo=UTC)
    west = road_of(road(), "America/Los_Angeles", time(16), ())
    assert last_moment(west, TODAY) == LAST_MINUTE, "16:00 there is after midnight here"
    assert last_moment(road_of(road(), "", None, ("mon",)), TODAY) == LAST_MINUTE


def test_the_last_day_of_release_is_a_working_day_of_a_site_with_hours() -> None:
    assert last_release_on(road_of(road(), "", None, ("mon",)), day(4)) == TODAY
    assert last_release_on(road_of(road(transit_days=2), "", time(16), ()), day(7)) == day(4)


MERGES = ParcelTerms(merge_hours=4)


def looks_again(*things: Claim | Supply, told: date | None = None, at: datetime = NINE) -> datetime | None:
    """When the first order's plan is looked at again; `told` is the day that binds once this decision is written."""
    book = book_of(*things)
    found = plan_parcels(book, book.claims, allocate(book), ParcelFacts(at))
    told_on = dict.fromkeys(found.waits_at, told)
    return look_again_at(book, at, found, {one.id: one for one in book.claims}, told_on).get(1)


def test_a_plan_is_looked_at_again_when_its_window_ends() -> None:
    lamp = under(MERGES, claim("O1", 1))
    assert looks_again(lamp, stock(1)) == NINE + timedelta(hours=4)


def test_a_plan_is_looked_at_again_at_the_last_moment_that_keeps_the_day_told() -> None:
    big = ParcelTerms(minimum_units=9)
    lamp, vase = under(big, claim("O1", 1)), under(big, claim("O1", 9, VASE))
    book = lamp, vase, stock(1), purchase(9, day(9), VASE)
    assert looks_again(*book, told=day(2)) == LAST_MINUTE + timedelta(days=2)
    assert looks_again(*book, told=day(-2)) is None, "its moment has passed"
    assert looks_again(*book) is None, "no day binds"


def test_of_several_instants_the_soonest_to_come_counts() -> None:
    lamp = under(replace(MERGES, merge_hours=99), claim("O1", 1))
    assert looks_again(lamp, stock(1), told=TODAY) == LAST_MINUTE
    assert looks_again(lamp, stock(1), told=TODAY, at=LAST_MINUTE) == LAST_MINUTE + timedelta(hours=99)


def test_units_whose_told_day_has_passed_wait_in_no_window() -> None:
    lamp = under(MERGES, claim("O1", 1, told=day(-1)))
    assert plan(lamp, stock(1)).goes(lamp) == 1
    in_time = under(MERGES, claim("O2", 1, told=TODAY))
    found = plan(in_time, stock(1))
    assert (found.goes(in_time), found.found.window_ends_at) == (0, {2: NINE + timedelta(hours=4)})
    long = under(replace(MERGES, merge_hours=99), claim("O3", 1, told=TODAY))
    assert plan(long, stock(1)).found.window_ends_at == {3: LAST_MINUTE}, "not past the day told"


def test_what_is_unpaid_stands_outside_the_window_and_goes_nowhere() -> None:
    lamp = under(MERGES, claim("O1", 1))
    found = plan(lamp, stock(1), unpaid={lamp.id})
    assert (found.goes(lamp), found.found.window_ends_at, found.why(lamp)) == (0, {}, set())


def test_what_is_unpaid_makes_no_parcel_big_enough_for_others() -> None:
    """Two lamps that wait for their payment do not lend the vase a parcel of three: it would leave alone."""
    big = ParcelTerms(minimum_units=3)
    lamps, vase = under(big, claim("O1", 2)), under(big, claim("O1", 1, VASE))
    found = plan(lamps, vase, stock(2), stock(1, VASE), unpaid={lamps.id})
    assert (found.goes(lamps), found.goes(vase)) == (0, 0)
    assert (found.why(lamps), found.why(vase)) == (set(), {Reason.BELOW_MINIMUM_SHIPMENT})
    late = under(big, claim("O2", 1, VASE, told=TODAY))
    more = under(big, claim("O2", 2))
    assert plan(more, late, stock(2), stock(1, VASE), unpaid={more.id}, at=LAST_MINUTE).goes(late) == 1, (
        "its day is told"
    )


def test_a_held_planned_order_has_its_day_and_waits_for_nothing_but_the_hold() -> None:
    lamp = under(TWO, claim("O1", 1))
    found = plan(lamp, stock(1), held_orders={lamp.order})
    assert (found.goes(lamp), found.on(lamp), found.why(lamp)) == (0, TODAY, set())
    assert found.found.waits_at == {lamp.id: frozenset({EAST})}


def test_a_planned_estimate_slips_if_its_last_parcel_does_whatever_the_first_is() -> None:
    """One lamp waits in its window; the other's truck is overdue and expected on day 3, or later."""
    lamps = under(MERGES, claim("O1", 2))
    found = plan(lamps, stock(1), purchase(1, day(3), slips=True))
    assert (found.on(lamps), found.found.estimates[lamps.id].slips) == (day(3), True)
    firm = plan(under(MERGES, claim("O1", 2)), stock(1), purchase(1, day(3)))
    assert [estimate.slips for estimate in firm.found.estimates.values()] == [False]


def test_a_plan_knows_at_which_sites_units_lie_that_do_not_go() -> None:
    big = ParcelTerms(minimum_units=9)
    lamps, vases = under(big, claim("O1", 2)), under(big, claim("O1", 9, VASE))
    found = plan(lamps, vases, stock(1), purchase(1, day(5), LAMP, WEST), purchase(9, day(9), VASE))
    assert found.found.waits_at == {lamps.id: frozenset({EAST})}, "what has not come lies nowhere yet"


def test_the_parcels_that_another_order_has_left_are_no_matter_of_this_one() -> None:
    lamps = under(TWO, claim("O1", 1))
    found = plan(lamps, stock(1), releases_left={(2, 2): 0, (1, 3): 0, (1, 2): 1})
    assert (found.goes(lamps), found.found.out_of_parcels) == (1, frozenset())


def test_what_leaves_together_is_expected_to_wait_the_shortest_of_its_windows() -> None:
    lamp = under(ParcelTerms(merge_hours=4), claim("O1", 1, complete=True))
    vase = under(ParcelTerms(merge_hours=48), claim("O1", 1, VASE, complete=True))
    found = plan(lamp, vase, purchase(1, day(3)), stock(1, VASE))
    assert (found.on(lamp), found.on(vase)) == (day(3), day(3))


def test_what_goes_at_the_end_of_its_window_is_remembered_no_longer() -> None:
    waited = replace(MERGES, ready_since=NINE - timedelta(hours=4))
    lamp = under(waited, claim("O1", 1))
    assert plan(lamp, stock(1)).found.ready_since == {}
    assert plan(lamp, stock(1), stays=True).found.ready_since == {lamp.id: waited.ready_since}


def test_lots_stand_in_rank_order() -> None:
    last, first = claim("O1", 1, score=0), claim("O2", 1, score=9)
    book = book_of(last, first, stock(2))
    lots = lots_of(book, book.claims, allocate(book), lambda peg: peg, NINE)
    assert [lot.claim for lot in lots] == [first, last]
