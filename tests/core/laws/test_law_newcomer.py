"""A newcomer who ranks last takes only what the others leave, and moves nobody's told date.

With plain claims the others keep exactly what they had. A ship-complete group may hold stock it does not need yet
(it got it in exchange for inbound, because nobody took it): that stock the newcomer may take, and the group has its
inbound again. So with groups the law says: every plain claim has exactly what it had, and of every group each claim
has as many units from stock and inbound together, and is whole on the day that it would be without exchanges.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from hypothesis import given
from tests.core.laws.profile import chances, law, mid_size_books
from tests.core.outcomes import estimates_of, written
from tests.core.random_books import SMALL, random_order, rank

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind


def last_in_rank(rng: Random, book: Book) -> tuple[Claim, ...]:
    """An order that joins now, behind everybody: plain, or complete with up to two lines."""
    at = datetime(book.today.year, book.today.month, book.today.day, 23, 59, tzinfo=UTC)
    joined = random_order(rng, SMALL, book, order=999, first_id=999)
    return tuple(
        replace(c, rank=rank(at, "ZZ", f"sku{c.product}", score=-9), told_on=None, told_units=0, told_by_lead_time=0)
        for c in joined[: 1 if joined[0].group is None else 2]
    )


def with_newcomer(book: Book, newcomer: tuple[Claim, ...]) -> Book:
    return book.with_claims((*book.claims, *newcomer))


@law
@given(mid_size_books(), chances())
def test_among_plain_claims_nobody_notices_the_newcomer(book: Book, rng: Random) -> None:
    book = book.with_claims(tuple(replace(claim, group=None) for claim in book.claims))
    newcomer = last_in_rank(rng, book)
    after = allocate(with_newcomer(book, newcomer))
    assert {claim.id: after[claim.id] for claim in book.claims} == allocate(book)


@law
@given(mid_size_books(), chances())
def test_a_plain_claim_has_what_it_had_also_among_groups(book: Book, rng: Random) -> None:
    newcomer = last_in_rank(rng, book)
    before, after = allocate(book), allocate(with_newcomer(book, newcomer))
    for claim in book.claims:
        if claim.group is None:
            assert after[claim.id] == before[claim.id]


@law
@given(mid_size_books(), chances())
def test_of_a_group_the_newcomer_takes_only_stock_it_had_in_exchange(book: Book, rng: Random) -> None:
    newcomer = last_in_rank(rng, book)
    before, after = allocate(book), allocate(with_newcomer(book, newcomer))
    for claim in book.claims:
        if claim.group is not None:
            assert _covered(after, claim) == _covered(before, claim)
            assert _on_hand(after, claim) <= _on_hand(before, claim)
    for product in book.products:
        lent = sum(_on_hand(before, c) - _on_hand(after, c) for c in book.claims if c.product == product)
        assert lent <= sum(_on_hand(after, claim) for claim in newcomer if claim.product == product)


@law
@given(mid_size_books(), chances())
def test_nobody_is_told_a_later_day_because_of_a_newcomer(book: Book, rng: Random) -> None:
    book = written(book, allocate(book))
    newcomer = last_in_rank(rng, book)
    before = estimates_of(book, allocate(book))
    crowded = with_newcomer(book, newcomer)
    after = estimates_of(crowded, allocate(crowded))
    for claim in book.claims:
        told_on, was = claim.told_on, before[claim.id].delivers_on
        if told_on is not None and was is not None and was <= told_on:
            now = after[claim.id].delivers_on
            assert now is not None
            assert now <= told_on


@law
@given(mid_size_books(), chances())
def test_a_plain_newcomer_needs_to_see_only_what_is_free(book: Book, rng: Random) -> None:
    """The fast path: without groups and protections, a book of the free units alone gives the newcomer the same."""
    book = replace(book, protections=())
    book = book.with_claims(tuple(replace(claim, group=None) for claim in book.claims))
    newcomer = replace(last_in_rank(rng, book)[0], group=None)
    pegs = allocate(book)
    taken = Counter({supply.key: 0 for supply in book.supplies})
    for own in pegs.values():
        taken.update({peg.supply.key: peg.units for peg in own if peg.supply is not None})
    free = tuple(replace(s, units=s.units - taken[s.key]) for s in book.supplies if s.units > taken[s.key])
    alone = replace(book, supplies=free, claims=(newcomer,))
    full = allocate(with_newcomer(book, (newcomer,)))[newcomer.id]
    assert _amounts(allocate(alone)[newcomer.id]) == _amounts(full)


def _covered(pegs: Pegs, claim: Claim) -> int:
    return sum(peg.units for peg in pegs[claim.id] if peg.supply is not None)


def _on_hand(pegs: Pegs, claim: Claim) -> int:
    return sum(peg.units for peg in pegs[claim.id] if peg.kind is PegKind.STOCK)


def _amounts(pegs: list[Peg]) -> list[tuple[PegKind, tuple[bool, int] | None, int, date | None]]:
    return [(peg.kind, peg.supply.key if peg.supply else None, peg.units, peg.ships_on) for peg in pegs]
