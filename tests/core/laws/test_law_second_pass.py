"""A second pass without a new fact writes nothing."""

from dataclasses import replace
from random import Random

from hypothesis import assume, example, given
from tests.core.laws.profile import chances, law, mid_size_books
from tests.core.outcomes import estimates_of, parties_of, written
from tests.core.random_books import MID_SIZE, TIERS
from tests.core.random_kits import random_book_with_kits

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, Protection


def some_group_misses_its_told_day(book: Book, pegs: Pegs) -> bool:
    """A group that was told a day and cannot land on it, say because a line was raised by what has no date.

    Until that has stood for the settling time and is told, the group's told units are set aside at each pass and then
    not taken by it. Who else takes them may differ from pass to pass: of everybody told, each keeps the day.
    """
    estimates = estimates_of(book, pegs)
    for party in parties_of(book):
        told_on, delivers_on = party[0].told_on, estimates[party[0].id].delivers_on
        if party[0].group is not None and told_on is not None and (delivers_on is None or delivers_on > told_on):
            return True
    return False


@law
@given(mid_size_books())
def test_a_second_pass_over_the_outcome_gives_the_same_pegs(book: Book) -> None:
    pegs = allocate(book)
    assume(not some_group_misses_its_told_day(book, pegs))
    assert allocate(written(book, pegs)) == pegs


@law
@given(mid_size_books())
def test_the_same_for_plain_claims_whatever_was_told(book: Book) -> None:
    book = book.with_claims(tuple(replace(claim, group=None) for claim in book.claims))
    pegs = allocate(book)
    assert allocate(written(book, pegs)) == pegs


@law
@given(mid_size_books())
def test_the_outcome_of_a_second_pass_is_told_already(book: Book) -> None:
    pegs = allocate(book)
    assume(not some_group_misses_its_told_day(book, pegs))
    once = written(book, pegs)
    assert written(once, allocate(once)) == once


@law
@given(mid_size_books())
def test_once_broken_days_are_told_anew_two_more_passes_settle_everything(book: Book) -> None:
    """A claim told a later day no longer holds on to what came earlier, so the pass after a telling may still move."""
    settled = book
    for _ in range(3):
        settled = written(settled, allocate(settled), settle_minutes=0)
    assert written(settled, allocate(settled), settle_minutes=0) == settled


def holding(book: Book, pegs: Pegs) -> Book:
    """The book with what these pegs tie as what is held."""
    held = {
        claim: {peg.supply.key: peg.units for peg in of_claim if peg.supply is not None}
        for claim, of_claim in pegs.items()
    }
    return replace(book, held=held)


def claims_that_came_in_turn(rng: Random) -> Book:
    """Kits, groups and plain claims at several sites, of which some hold what an earlier pass gave them."""
    book = random_book_with_kits(rng, MID_SIZE, rng.randint(1, 5))
    protections = tuple(
        Protection(product, tier, rng.randint(1, 6))
        for product in book.products
        for tier in TIERS
        if rng.random() < 0.2
    )
    some = tuple(claim for claim in book.claims if claim.kit is not None or rng.random() < 0.7)
    return replace(holding(book, allocate(book.with_claims(some))), protections=protections)


@law
@example(Random(1191))  # A kit and a plain claim would hand each other's site on, pass after pass.
@given(chances())
def test_units_that_could_lie_at_several_sites_stay_where_a_pass_has_put_them(rng: Random) -> None:
    book = claims_that_came_in_turn(rng)
    pegs = allocate(book)
    assert allocate(holding(book, pegs)) == pegs
