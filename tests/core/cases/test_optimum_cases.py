"""The planner's optimum in small cases whose best outcome anybody can see."""

from dataclasses import replace

import pytest
from tests.core.company import EAST, LAMP, VASE, WEST, book_of, claim, day, joined, purchase, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import Given, ProductFacts, Protection
from raincheck.core.demand import Claim, Kit, ParcelTerms
from raincheck.core.errors import Refused
from raincheck.core.optimum import Optimum, modelled, optimum
from raincheck.core.score import yardstick
from raincheck.core.supply import Supply


def beside(*things: Claim | Supply) -> Optimum:
    """The rule and the optimum of a book of these."""
    book = book_of(*things)
    return optimum(book, allocate(book))


def test_with_one_customer_there_is_nothing_to_do_better() -> None:
    found = beside(claim("O1", 3), stock(2), purchase(5, day(10)))
    assert found.rule == found.best
    assert (found.best.units_on_time, found.best.late_unit_days, found.best.parcels) == (0, 10, 2)


def test_units_that_come_a_day_late_could_have_kept_two_small_words_instead_of_breaking_one_large_one() -> None:
    """Ann is first in rank and was told today; the four units there would keep Bob's and Cay's words, not hers."""
    ann = claim("O1", 6, at=joined(8), told=day(0), complete=True)
    bob, cay = claim("O2", 2, at=joined(9), told=day(0)), claim("O3", 2, at=joined(10), told=day(0))
    found = beside(ann, bob, cay, stock(4), purchase(6, day(1)))
    assert found.best.units_on_time == 4
    assert found.best.late_unit_days == 6, "all of Ann's, by a day"
    assert found.is_proved


def test_a_told_unit_on_time_is_worth_more_than_any_lateness() -> None:
    """Of one unit there today, whoever was told today has it, however long another has waited for his lost day."""
    told_today, told_long_ago = claim("O2", 1, told=day(0)), claim("O1", 1, at=joined(8), told=day(-20))
    found = beside(told_today, told_long_ago, stock(1), purchase(1, day(9)))
    assert found.best.units_on_time == 1
    assert found.best.late_unit_days == 29


def test_a_group_of_two_products_gets_both_or_neither() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    alone = claim("O2", 1, LAMP, at=joined(10))
    found = beside(lamp, vase, alone, stock(1, LAMP), stock(1, VASE))
    undated = 30
    assert found.best.late_unit_days == undated, "two units go today, the third has no date"
    assert found.best.parcels == 1


def test_of_two_sites_on_one_day_the_one_that_saves_a_parcel_serves() -> None:
    lamp, vase = claim("O1", 1, LAMP), claim("O1", 1, VASE)
    found = beside(lamp, vase, stock(1, LAMP, EAST), stock(1, LAMP, WEST), stock(1, VASE, WEST))
    assert found.best.parcels == 1


def test_lateness_counts_by_the_weight_that_the_planner_gives() -> None:
    light, heavy = claim("O1", 1, at=joined(8)), claim("O2", 1)
    book = book_of(light, heavy, stock(1), purchase(1, day(4)))
    assert optimum(book, allocate(book)).rule.late_unit_days == 4
    weighed = optimum(book, allocate(book), weights={heavy.id: 10})
    assert (weighed.rule.late_unit_days, weighed.best.late_unit_days) == (40, 4)


def test_it_buys_nothing_that_the_rule_does_not_buy() -> None:
    """An overdue truck without a date covers Ann; a purchase nobody made must not look like a better idea."""
    found = beside(claim("O1", 2), purchase(2, None))
    assert found.rule == found.best


def test_an_empty_book_has_an_optimum_too() -> None:
    found = beside()
    assert (found.best.key, found.is_proved, found.claims) == ((0, 0, 0), True, 0)


def test_a_book_too_large_is_refused_with_its_size() -> None:
    claims = [claim(f"O{number}", 1) for number in range(300)]
    supplies = [purchase(1, day(number)) for number in range(100)]
    with pytest.raises(Refused, match="300 claims on 100 supplies has 30,000 pairs"):
        beside(*claims, *supplies)


def test_where_the_optimum_is_proved_no_more_could_be_on_time_than_it_has() -> None:
    ann = claim("O1", 6, at=joined(8), told=day(0), complete=True)
    found = beside(ann, claim("O2", 2, at=joined(9), told=day(0)), stock(4), purchase(6, day(1)))
    assert (found.is_proved, found.most_on_time, found.best.units_on_time) == (True, 2, 2)


def test_what_stands_under_rules_that_are_not_modelled_keeps_what_the_rule_gave_it() -> None:
    given, later, unpaid = claim("O1", 1), claim("O2", 1, wanted_on=day(9)), claim("O3", 1, waits_for_payment=True)
    planned, kit = claim("O4", 1, parcel_terms=ParcelTerms()), claim("O5", 1, kit=Kit(5, 1, 77, LAMP))
    protected, plain = claim("O6", 1, VASE), claim("O7", 1)
    lamps = stock(9)
    book = book_of(
        given, later, unpaid, planned, kit, protected, plain, lamps, protections=(Protection(VASE, "gold", 1),)
    )
    is_modelled = modelled(replace(book, given=(Given(given.id, lamps.key, 1, 3, True, day(0)),)))
    assert [one.order for one in book.claims if is_modelled(one)] == [7]


def test_no_date_counts_as_days_after_the_last_day_that_is_known_at_all() -> None:
    for things, last in (
        ((claim("O1", 1),), 0),
        ((claim("O1", 1), purchase(1, day(4))), 4),
        ((claim("O1", 1, told=day(6)), purchase(1, day(4))), 6),
        ((claim("O1", 1, VASE), purchase(1, day(4))), 12),
    ):
        book = book_of(*things, facts={VASE: ProductFacts(lead_time_days=12)}, lend_days=30)
        assert yardstick(book).undated_on == day(last + 30)
