"""Parcels in words: what goes now, what waits and why, and when it is delivered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.core.company import EAST, LAMP, SET, TODAY, VASE, WEST, book_of, claim, day, purchase, road, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.bundles import last_moment, last_release_on
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.parcels import ParcelFacts, ParcelPlan, plan_parcels
from raincheck.core.reason import Reason
from raincheck.core.site_hours import road_of
from raincheck.core.supply import Supply

NINE = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)


def under(terms: ParcelTerms, one: Claim) -> Claim:
    """A claim with parcel terms; without a recipient of its own it shares with its order alone."""
    return replace(one, parcel_terms=replace(terms, recipient=terms.recipient or f"order {one.order}"))


def plan(*things: Claim | Supply, at: datetime = NINE, rules: Mapping[str, Any] | None = None, **facts: Any) -> "Plan":
    """The parcels of these claims at an instant of their first day."""
    book = book_of(*things, **(rules or {}))
    return Plan(book, plan_parcels(book, book.claims, allocate(book), ParcelFacts(at, **facts)))


class Plan:
    """A plan with questions that read like sentences."""

    def __init__(self, book: Book, found: ParcelPlan) -> None:
        self.book, self.found = book, found

    def goes(self, one: Claim) -> int:
        """Units of a claim that go now."""
        return sum(release.peg.units for release in self.found.releases if release.claim.id == one.id)

    def on(self, one: Claim) -> date | None:
        """The day on which the last unit of a claim is delivered."""
        return self.found.estimates[one.id].delivers_on

    def why(self, one: Claim) -> set[Reason]:
        """Why units of a claim wait although they lie here."""
        return {
            leaving.waits_for
            for (id_, *_), leaving in self.found.leaving.items()
            if id_ == one.id and leaving.waits_for is not None
        }


TWO = ParcelTerms(up_to=2)


def test_an_order_without_parcel_terms_is_not_planned() -> None:
    assert plan(claim("O1", 1), stock(1)).found == ParcelPlan()


def test_the_first_of_two_parcels_waits_for_nine_vases() -> None:
    lamp, vase, sets = under(TWO, claim("O1", 1)), under(TWO, claim("O1", 9, VASE)), under(TWO, claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(1), purchase(9, day(10), VASE), purchase(1, day(20), SET))
    assert found.goes(lamp) == 0
    assert found.why(lamp) == {Reason.WAITS_FOR_SHIPMENT}
    assert (found.on(lamp), found.on(vase), found.on(sets)) == (day(10), day(10), day(20))


def test_what_lies_here_goes_where_that_costs_less() -> None:
    lamp, vase, sets = under(TWO, claim("O1", 9)), under(TWO, claim("O1", 1, VASE)), under(TWO, claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(9), purchase(1, day(10), VASE), purchase(1, day(20), SET))
    assert found.goes(lamp) == 9
    assert (found.on(vase), found.on(sets)) == (day(20), day(20))


def test_the_last_parcel_waits_for_what_has_no_date_and_has_none_itself() -> None:
    lamp, vase = under(ParcelTerms(up_to=1), claim("O1", 1)), under(ParcelTerms(up_to=1), claim("O1", 1, VASE))
    found = plan(lamp, vase, stock(1))
    assert found.goes(lamp) == 0
    assert found.on(lamp) is None
    assert found.why(lamp) == {Reason.WAITS_FOR_SHIPMENT}


def test_a_group_without_a_parcel_left_stays_for_a_person() -> None:
    lamp = under(TWO, claim("O1", 1))
    found = plan(lamp, stock(1), releases_left={(lamp.order, 2): 0})
    assert found.goes(lamp) == 0
    assert found.found.out_of_parcels == {lamp.order}


def test_lines_with_another_policy_go_by_themselves() -> None:
    lamp, vase = under(ParcelTerms(), claim("O1", 1)), under(ParcelTerms(up_to=1), claim("O1", 1, VASE))
    sets = under(ParcelTerms(up_to=1), claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(1), stock(1, VASE), purchase(1, day(5), SET))
    assert found.goes(lamp) == 1
    assert found.goes(vase) == 0
    assert found.on(vase) == day(5)


def test_two_groups_of_one_order_are_cut_each_by_itself() -> None:
    one, two = ParcelTerms(up_to=1), TWO
    first, second = under(one, claim("O1", 1)), under(two, claim("O1", 2, VASE))
    found = plan(first, second, stock(1), stock(1, VASE), purchase(1, day(5), VASE))
    assert found.goes(first) == 1
    assert found.goes(second) == 1


def test_stock_before_what_is_due_the_same_day() -> None:
    """With parcels enough nothing waits, not even for a truck of this day."""
    lamp = under(ParcelTerms(up_to=3), claim("O1", 3))
    assert plan(lamp, stock(2), purchase(1, TODAY)).goes(lamp) == 2


def test_what_has_not_come_by_the_end_of_its_day_is_not_waited_for() -> None:
    """The told day of the lamp ends and the truck of that day is not here: the lamp goes without it."""
    lamp = under(TWO, claim("O1", 1, told=TODAY))
    vase = under(TWO, claim("O1", 5, VASE, told=TODAY))
    sets = under(TWO, claim("O1", 1, SET))
    book = (lamp, vase, sets, stock(1), purchase(5, TODAY, VASE), purchase(1, day(9), SET))
    assert plan(*book).goes(lamp) == 0
    assert plan(*book, at=NINE.replace(hour=23, minute=59)).goes(lamp) == 1


THREE_UNITS = ParcelTerms(minimum_units=3)


def test_a_parcel_below_the_minimum_waits_for_more_of_its_order() -> None:
    lamp, vase = under(THREE_UNITS, claim("O1", 1)), under(THREE_UNITS, claim("O1", 5, VASE))
    found = plan(lamp, vase, stock(1), purchase(5, day(10), VASE))
    assert found.goes(lamp) == 0
    assert found.why(lamp) == {Reason.BELOW_MINIMUM_SHIPMENT}
    assert found.on(lamp) == day(10)


def test_the_last_open_units_always_go() -> None:
    lamp = under(THREE_UNITS, claim("O1", 1))
    assert plan(lamp, stock(1)).goes(lamp) == 1


def test_a_line_without_a_minimum_takes_along_what_lies_beside_it() -> None:
    lamp, vase = under(THREE_UNITS, claim("O1", 1)), under(ParcelTerms(), claim("O1", 1, VASE))
    sets = under(THREE_UNITS, claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(1), stock(1, VASE), purchase(1, day(10), SET))
    assert (found.goes(lamp), found.goes(vase)) == (1, 1)


def test_every_site_has_its_own_parcel_and_minimum() -> None:
    lamp, vase = under(THREE_UNITS, claim("O1", 3)), under(THREE_UNITS, claim("O1", 1, VASE))
    sets = under(THREE_UNITS, claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(3), stock(1, VASE, WEST), purchase(1, day(10), SET, EAST))
    assert found.goes(lamp) == 3
    assert found.goes(vase) == 0


def test_a_complete_group_below_the_minimum_stays_whole() -> None:
    """Three lamps east would do, but the group's vase lies west alone: all of it waits for the rest of the order."""
    lamp = under(THREE_UNITS, claim("O1", 3, complete=True))
    vase = under(THREE_UNITS, claim("O1", 1, VASE, complete=True))
    sets = under(THREE_UNITS, claim("O1", 1, SET))
    found = plan(lamp, vase, sets, stock(3), stock(1, VASE, WEST), purchase(1, day(10), SET, EAST))
    assert (found.goes(lamp), found.goes(vase)) == (0, 0)
    assert (found.on(lamp), found.on(vase)) == (day(10), day(10))


def test_a_minimum_of_value_counts_prices() -> None:
    terms = ParcelTerms(minimum_value=Decimal(100), unit_price=Decimal(40))
    two, three, rest = (under(terms, claim("O1", n, p)) for n, p in ((2, LAMP), (3, LAMP), (1, VASE)))
    assert plan(two, rest, stock(2)).goes(two) == 0
    assert plan(three, rest, stock(3)).goes(three) == 3


def test_what_is_below_the_minimum_goes_at_the_end_of_its_told_day() -> None:
    lamp, vase = under(THREE_UNITS, claim("O1", 1, told=TODAY)), under(THREE_UNITS, claim("O1", 5, VASE))
    book = (lamp, vase, stock(1), purchase(5, day(10), VASE))
    assert plan(*book).goes(lamp) == 0
    assert plan(*book).on(lamp) == TODAY
    assert plan(*book, at=NINE.replace(hour=23, minute=59)).goes(lamp) == 1


def test_what_is_late_already_waits_for_no_minimum() -> None:
    lamp, vase = under(THREE_UNITS, claim("O1", 1, told=day(-1))), under(THREE_UNITS, claim("O1", 5, VASE))
    assert plan(lamp, vase, stock(1), purchase(5, day(10), VASE)).goes(lamp) == 1


FOUR_HOURS = ParcelTerms(merge_hours=4)
ANN = replace(FOUR_HOURS, recipient="ann")


def test_the_first_released_line_waits_its_hours() -> None:
    lamp = under(FOUR_HOURS, claim("O1", 1))
    found = plan(lamp, stock(1))
    assert found.goes(lamp) == 0
    assert found.why(lamp) == {Reason.MERGING}
    assert found.found.window_ends_at == {lamp.order: NINE + timedelta(hours=4)}
    assert found.found.ready_since == {lamp.id: NINE}


def test_a_later_line_of_the_customer_leaves_with_the_first() -> None:
    first = under(replace(ANN, ready_since=NINE - timedelta(hours=4)), claim("O1", 1))
    second = under(ANN, claim("O2", 1, VASE))
    found = plan(first, second, stock(1), stock(1, VASE))
    assert (found.goes(first), found.goes(second)) == (1, 1)
    assert found.found.shares_with == {first.order: "ann", second.order: "ann"}


def test_the_shortest_patience_ends_the_window_for_all() -> None:
    lamp = under(replace(ANN, merge_hours=9), claim("O1", 1))
    found = plan(lamp, under(ANN, claim("O2", 1, VASE)), stock(1), stock(1, VASE))
    assert set(found.found.window_ends_at.values()) == {NINE + timedelta(hours=4)}


def test_a_line_that_waits_for_nobody_takes_its_order_s_others_along() -> None:
    lamp, vase = under(FOUR_HOURS, claim("O1", 1)), under(ParcelTerms(), claim("O1", 1, VASE))
    found = plan(lamp, vase, stock(1), stock(1, VASE))
    assert (found.goes(lamp), found.goes(vase)) == (1, 1)


def test_a_held_order_stands_outside_the_window() -> None:
    held = under(replace(ANN, ready_since=NINE - timedelta(hours=4)), claim("O1", 1))
    other = under(ANN, claim("O2", 1, VASE))
    found = plan(held, other, stock(1), stock(1, VASE), held_orders={held.order})
    assert (found.goes(held), found.goes(other)) == (0, 0)
    assert found.found.window_ends_at == {other.order: NINE + timedelta(hours=4)}


def test_the_window_is_in_the_date_and_never_beyond_the_day_told() -> None:
    terms = ParcelTerms(merge_hours=48)
    here, later = under(terms, claim("O1", 1)), under(terms, claim("O2", 1, VASE))
    told = under(terms, claim("O3", 1, SET, told=day(1)))
    found = plan(here, later, told, stock(1), purchase(1, day(3), VASE), stock(1, SET))
    assert (found.on(here), found.on(later), found.on(told)) == (day(2), day(5), day(1))


def test_a_window_is_not_cut_short_where_the_site_hands_over_on_its_own_day_and_is_in_time() -> None:
    """Tuesday 03:50 in the company's zone is Monday night in New York, which does not work on Tuesdays."""
    new_york = road_of(road(transit_days=3), "America/New_York", None, ("mon", "wed", "sat"))
    rules = {"on_road": road(transit_days=3), "roads": {EAST: new_york}}
    before_four, ends_at = NINE.replace(hour=3, minute=50), NINE.replace(hour=3, minute=50) + timedelta(hours=24)
    terms = ParcelTerms(merge_hours=24, ready_since=before_four)
    fresh = under(terms, claim("O1", 1))
    found = plan(fresh, stock(1), at=before_four, rules=rules)
    assert (found.on(fresh), found.found.window_ends_at) == (day(4), {fresh.order: ends_at})
    told = under(terms, claim("O1", 1, told=day(4)))
    again = plan(told, stock(1), at=before_four, rules=rules)
    assert (again.on(told), again.found.window_ends_at) == (day(4), {told.order: ends_at})


def test_after_the_window_a_floor_that_works_by_hand_may_take_it_at_any_time() -> None:
    lamp = under(replace(FOUR_HOURS, ready_since=NINE - timedelta(hours=9)), claim("O1", 1))
    found = plan(lamp, stock(1), stays=True)
    assert found.goes(lamp) == 1
    assert found.found.ready_since == {lamp.id: NINE - timedelta(hours=9)}


def test_the_last_day_of_release_counts_handling_and_transit_back() -> None:
    way = road(handling_days=2, transit_days=1)
    friday = day(4)
    assert last_release_on(way, friday + timedelta(days=1)) == day(2)
    assert last_release_on(way, friday + timedelta(days=3)) == day(2)
    assert last_release_on(way, friday + timedelta(days=4)) == day(3)
    assert last_release_on(road(), friday) == friday


def test_the_last_moment_of_a_day_is_a_minute_before_midnight() -> None:
    assert last_moment(road(), TODAY) == NINE.replace(hour=23, minute=59)
