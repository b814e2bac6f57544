"""The rule beside the planner's optimum, on 200 random small books: the optimum is never worse, and keeps the rules."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

import pytest
from tests.core.random_books import SMALL, random_book

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, Given, Protection
from raincheck.core.demand import ParcelTerms
from raincheck.core.optimum import Optimum, optimum
from raincheck.core.optimum_model import Model
from raincheck.core.peg import PegKind
from raincheck.core.score import yardstick

pytestmark = pytest.mark.slow

BOOKS = [random_book(Random(seed), replace(SMALL, protections=False, wanted=False)) for seed in range(200)]


@cache
def solved() -> list[Optimum]:
    """The optimum of each book."""
    return [optimum(book, allocate(book)) for book in BOOKS]


def test_the_rule_never_beats_the_optimum() -> None:
    for seed, found in enumerate(solved()):
        assert found.is_proved, seed
        assert found.best.key <= found.rule.key, seed


def test_a_later_objective_never_costs_an_earlier_one() -> None:
    for seed, found in enumerate(solved()):
        assert found.best.units_on_time == found.most_on_time, seed


def test_what_the_rule_does_meets_every_condition_of_the_programme() -> None:
    """Else the optimum would be one of another problem, and the comparison would mean nothing."""
    for seed, book in enumerate(BOOKS):
        rule = allocate(book)
        model = Model(book, sorted(book.claims, key=lambda claim: claim.id), rule, yardstick(book))
        programme = model.programme
        assert all(0 <= value <= most for value, most in zip(model.start, programme.most, strict=True)), seed
        for row, (lower, upper) in enumerate(zip(programme.lower, programme.upper, strict=True)):
            entries = slice(programme.starts[row], programme.starts[row + 1])
            cells = zip(programme.columns[entries], programme.entries[entries], strict=True)
            assert lower <= sum(entry * model.start[column] for column, entry in cells) <= upper, (seed, row)


def test_the_optimum_gives_nothing_twice_and_no_part_of_a_group_alone() -> None:
    for book, found in zip(BOOKS, solved(), strict=True):
        check_outcome(book, found.pegs)


def check_outcome(book: Book, pegs: Pegs) -> None:
    taken = Counter[tuple[bool, int]]()
    for claim in book.claims:
        assert sum(peg.units for peg in pegs[claim.id]) == claim.units
        for peg in pegs[claim.id]:
            if peg.supply is not None:
                assert peg.supply.product == claim.product
                assert peg.supply.is_stock or not claim.stock_only
                taken[peg.supply.key] += peg.units
    assert all(taken[supply.key] <= supply.units for supply in book.supplies)
    for group in {claim.group for claim in book.claims if claim.group is not None}:
        kinds = {peg.kind is PegKind.NONE for c in book.claims if c.group == group for peg in pegs[c.id]}
        assert len(kinds) == 1, "everything, or nothing"


@pytest.mark.parametrize("order", range(2))
def test_the_order_in_which_facts_are_read_never_changes_the_figures(order: int) -> None:
    for book, found in zip(BOOKS[:30], solved(), strict=False):
        claims, supplies = list(book.claims), list(book.supplies)
        Random(order).shuffle(claims)
        Random(order).shuffle(supplies)
        other = Book(
            book.today, book.road, tuple(supplies), tuple(claims), book.products, book.sites,
            hold_days=book.hold_days, lend_days=book.lend_days, margin_days=book.margin_days,
        )  # fmt: skip
        assert optimum(other, allocate(other)).best == found.best


def with_rules_of_its_own(book: Book, rng: Random) -> Book:
    """The book with claims wanted for later, planned parcels, protected units and units given by hand."""
    claims = tuple(
        replace(
            claim,
            wanted_on=book.today + timedelta(days=rng.randint(3, 12)) if rng.random() < 0.2 else None,
            parcel_terms=ParcelTerms(up_to=2) if rng.random() < 0.1 else None,
        )
        for claim in book.claims
    )
    protections = (Protection(1, "gold", 2),) if rng.random() < 0.3 else ()
    given: tuple[Given, ...] = ()
    pairs = [(c, s) for c in claims for s in book.supplies if c.product == s.product and c.group is None]
    if pairs and rng.random() < 0.5:
        claim, supply = rng.choice(pairs)
        if supply.is_stock or not claim.stock_only:
            given = (Given(claim.id, supply.key, 1, 1, by_hand=True, ships_on=supply.ships_on),)
    return replace(book, claims=claims, protections=protections, given=given)


def test_what_it_does_not_model_keeps_what_the_rule_gave_it() -> None:
    """Kits, wanted days, planned parcels, protections and given units: fixed, so that the rest is still no worse."""
    fixed = 0
    for seed, plain in enumerate(BOOKS):
        book = with_rules_of_its_own(plain, Random(seed))
        rule = allocate(book)
        found = optimum(book, rule)
        assert found.best.key <= found.rule.key, seed
        assert all(found.pegs[claim] == rule[claim] for claim in found.fixed), seed
        taken = Counter[tuple[bool, int]]()
        for peg in (peg for pegs in found.pegs.values() for peg in pegs if peg.supply is not None):
            assert peg.supply is not None
            taken[peg.supply.key] += peg.units
        assert all(taken[supply.key] <= supply.units for supply in book.supplies), seed
        fixed += len(found.fixed)
    assert fixed > 100
