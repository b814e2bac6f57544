"""A shortage shared: what is fair to whom, in whole units."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.company import LAMP, TODAY, VASE, Outcome, book_of, claim, day, joined, purchase, stock
from tests.core.laws.profile import law

from raincheck.core.allocate import allocate
from raincheck.core.book import Book, Given, Protection
from raincheck.core.demand import Claim, Kit
from raincheck.core.share import Sharing, even_shares, proportional_shares, shared
from raincheck.core.supply import Supply


@pytest.mark.parametrize(
    ("units", "needs", "shares"),
    [
        (10, [4, 4, 4], [4, 3, 3]),
        (5, [1, 9, 9], [1, 2, 2]),
        (2, [5, 5, 5], [1, 1, 0]),
        (30, [5, 1], [5, 1]),
        (0, [5, 1], [0, 0]),
        (3, [], []),
    ],
)
def test_evenly_means_as_many_for_each_and_none_beyond_his_need(
    units: int, needs: list[int], shares: list[int]
) -> None:
    assert even_shares(units, needs, [0] * len(needs)) == shares


def test_who_had_least_so_far_is_served_first() -> None:
    assert even_shares(3, [5, 5], [2, 0]) == [1, 2]
    assert even_shares(1, [5, 5], [1, 0]) == [0, 1]


@pytest.mark.parametrize(
    ("units", "needs", "shares"),
    [(10, [10, 5, 5], [5, 3, 2]), (6, [4, 4, 4], [2, 2, 2]), (1, [1, 9], [0, 1]), (99, [3, 2], [3, 2]), (0, [3], [0])],
)
def test_in_proportion_by_largest_remainder(units: int, needs: list[int], shares: list[int]) -> None:
    assert proportional_shares(units, needs) == shares


@law
@given(st.integers(0, 60), st.lists(st.integers(0, 12), max_size=7), st.data())
def test_all_there_is_is_shared_and_nobody_has_more_than_he_needs(
    units: int, needs: list[int], data: st.DataObject
) -> None:
    had = data.draw(st.lists(st.integers(0, 5), min_size=len(needs), max_size=len(needs)))
    for shares in (even_shares(units, needs, had), proportional_shares(units, needs)):
        assert sum(shares) == min(units, sum(needs))
        assert all(0 <= share <= need for share, need in zip(shares, needs, strict=True))
    even = even_shares(units, needs, [0] * len(needs))
    short = [share for share, need in zip(even, needs, strict=True) if share < need]
    assert not short or max(even) - min(short) <= 1, "nobody who lacks a unit has two fewer than another"


FIRST, SECOND, THIRD = joined(9), joined(10), joined(11)
FACT = 7


def sharing(book: Book, how: Sharing = Sharing.EVEN) -> Outcome:
    """The pass after the lamps of a book were shared."""
    after = replace(book, given=shared(book, allocate(book), LAMP, how, FACT))
    return Outcome(after, allocate(after))


def shelf_and_truck(*claims: Claim | Supply, **rules: Any) -> Book:
    """Six lamps here, three in five days."""
    return book_of(*claims, stock(6), purchase(3, day(5)), **rules)


TRUCK = day(5).isoformat()


def test_what_is_here_is_shared_and_then_what_comes() -> None:
    ann, bob, cem = (claim(f"O{n}", 5, at=joined(8 + n)) for n in (1, 2, 3))
    outcome = sharing(shelf_and_truck(cem, bob, ann))
    assert [outcome[one] for one in (ann, bob, cem)] == [{"stock": 2, TRUCK: 1, "none": 2}] * 3


def test_what_one_does_not_need_the_others_have() -> None:
    ann, bob = claim("O1", 1, at=FIRST), claim("O2", 9, at=SECOND)
    outcome = sharing(shelf_and_truck(ann, bob))
    assert (outcome[ann], outcome[bob]) == ({"stock": 1}, {"stock": 5, TRUCK: 3, "none": 1})


def test_in_proportion_to_what_each_still_needs() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 10, at=SECOND)
    outcome = sharing(shelf_and_truck(ann, bob), Sharing.PROPORTIONAL)
    assert outcome[ann] == {"stock": 1, TRUCK: 1}, "one of six; then one of seven is left to need: 3 x 1/6, rounded up"
    assert outcome[bob] == {"stock": 5, TRUCK: 2, "none": 3}


def test_the_odd_unit_goes_by_rank() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    assert sharing(book_of(bob, ann, stock(3)))[ann] == {"stock": 2}


def test_complete_orders_and_what_may_not_wait_keep_what_they_have() -> None:
    whole = claim("O1", 2, at=FIRST, complete=True)
    denied = claim("O2", 2, at=SECOND, stock_only=True)
    plain = claim("O3", 4, at=THIRD)
    outcome = sharing(shelf_and_truck(whole, denied, plain))
    assert [outcome[one] for one in (whole, denied, plain)] == [{"stock": 2}, {"stock": 2}, {"stock": 2, TRUCK: 2}]


def test_what_a_person_gave_stays_and_what_a_sharing_gave_is_shared_anew() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    lamps = stock(6)
    book = book_of(ann, bob, lamps)
    by_hand = Given(bob.id, lamps.key, 3, 3, True, TODAY)
    shared_before = Given(ann.id, lamps.key, 3, 4, False, TODAY)
    outcome = sharing(replace(book, given=(by_hand, shared_before)))
    assert outcome[bob] == {"stock": 4}, "three by hand, and the one that he lacked of the three that are shared"
    assert outcome[ann] == {"stock": 2, "none": 2}


def test_what_is_protected_is_left_to_its_tier() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    four_for_gold = (Protection(LAMP, "gold", 4),)
    outcome = sharing(book_of(ann, bob, stock(6), protections=four_for_gold))
    assert (outcome[ann], outcome[bob]) == ({"stock": 1, "none": 3}, {"stock": 1, "none": 3})
    gold = [replace(one, tier="gold") for one in (ann, bob)]
    among_gold = sharing(book_of(*gold, stock(6), protections=four_for_gold))
    assert (among_gold[ann], among_gold[bob]) == ({"stock": 3, "none": 1}, {"stock": 3, "none": 1})


def test_only_the_product_that_was_named_is_shared_and_nothing_without_a_day() -> None:
    ann, bob, vases = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND), claim("O3", 2, VASE)
    book = book_of(ann, bob, vases, stock(2, VASE), purchase(4, None))
    assert shared(book, allocate(book), LAMP, Sharing.EVEN, FACT) == ()


def test_what_is_shared_is_given_by_the_fact_for_the_day_on_which_it_goes() -> None:
    ann, later = claim("O1", 1, at=FIRST), claim("O2", 1, at=SECOND, wanted_on=day(9))
    first, second = stock(1), stock(1)
    book = book_of(ann, later, second, first)
    assert shared(book, allocate(book), LAMP, Sharing.EVEN, FACT) == (
        Given(ann.id, first.key, 1, FACT, False, TODAY),
        Given(later.id, second.key, 1, FACT, False, day(9)),
    )


def test_kits_share_no_part_with_others() -> None:
    kit = Kit(31, 1, 77, LAMP)
    lamps, vases = claim("O1", 4, at=FIRST, line=31, kit=kit), claim("O1", 4, VASE, at=FIRST, line=31, kit=kit)
    plain = claim("O2", 4, at=SECOND)
    outcome = sharing(book_of(lamps, vases, plain, stock(6), stock(4, VASE)))
    assert (outcome[lamps], outcome[plain]) == ({"stock": 4}, {"stock": 2, "none": 2})


def test_what_is_protected_of_another_product_holds_nothing_back() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    outcome = sharing(book_of(ann, bob, stock(6), stock(4, VASE), protections=(Protection(VASE, "gold", 4),)))
    assert (outcome[ann], outcome[bob]) == ({"stock": 3, "none": 1}, {"stock": 3, "none": 1})
