"""A second pass without a new fact writes nothing."""

from dataclasses import replace

from hypothesis import assume, given
from tests.core.laws.profile import law, mid_size_books
from tests.core.outcomes import estimates_of, parties_of, written

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book


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
