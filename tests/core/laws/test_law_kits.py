"""What holds of kits in any book: they are whole, they keep their days, and nobody moves because somebody joins."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.core.laws.profile import chances, law
from tests.core.outcomes import estimates_of, written
from tests.core.random_books import MID_SIZE, rank
from tests.core.random_kits import random_book_with_kits, random_kits

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.kits import sets_of
from raincheck.core.peg import PegKind
from raincheck.core.split import releasable


def books_with_kits() -> st.SearchStrategy[Book]:
    """Books of up to a few dozen claims with kits, plain claims and groups."""
    return st.builds(lambda seed, orders: random_book_with_kits(Random(seed), MID_SIZE, orders),
                     seed=st.integers(0, 2**32), orders=st.integers(1, 5))  # fmt: skip


def plain(book: Book) -> Book:
    """The same book without ship-complete groups and reserved units."""
    return book.with_claims(tuple(replace(claim, group=None, keeps_stock=0) for claim in book.claims))


def kits_of(pegs: Pegs, parts: list[Claim], *kinds: PegKind) -> set[int | float]:
    """How many kits each part has units for."""
    return {sum(peg.units for peg in pegs[c.id] if peg.kind in kinds) / c.per_kit for c in parts}


@law
@given(books_with_kits())
def test_parts_make_whole_kits(book: Book) -> None:
    pegs = allocate(book)
    for parts in sets_of(book.claims):
        tied = kits_of(pegs, parts, PegKind.STOCK, PegKind.INBOUND, PegKind.LEAD_TIME)
        assert len(tied) == 1
        assert tied.pop() % 1 == 0


@law
@given(books_with_kits())
def test_no_supply_is_tied_over_its_units_and_every_unit_is_accounted_for(book: Book) -> None:
    pegs = allocate(book)
    tied: Counter[tuple[bool, int]] = Counter()
    for claim in book.claims:
        assert sum(peg.units for peg in pegs[claim.id]) == claim.units
        for peg in pegs[claim.id]:
            if peg.supply is not None:
                assert peg.supply.product == claim.product
                tied[peg.supply.key] += peg.units
    assert all(tied[supply.key] <= supply.units for supply in book.supplies)


@law
@given(books_with_kits(), chances())
def test_the_order_of_the_input_never_matters(book: Book, rng: Random) -> None:
    claims, supplies = list(book.claims), list(book.supplies)
    rng.shuffle(claims)
    rng.shuffle(supplies)
    assert allocate(replace(book, claims=tuple(claims), supplies=tuple(supplies))) == allocate(book)


def kept_in_vain(before: Book, pegs: Pegs, after: Book) -> bool:
    """Whether some told kit misses its day, or now rests on a purchase yet to be made: what it kept went to others."""
    told = {claim.id: claim for claim in before.claims if claim.kit is not None and claim.told_on is not None}
    days = {id_: estimate.delivers_on for id_, estimate in estimates_of(before, pegs).items() if id_ in told}
    return any(day is None or day > (told[id_].told_on or date.max) for id_, day in days.items()) or any(
        claim.id in told and claim.told_by_lead_time > told[claim.id].told_by_lead_time for claim in after.claims
    )


@law
@given(books_with_kits())
def test_a_second_pass_over_the_outcome_gives_the_same_pegs(book: Book) -> None:
    book = plain(book)
    pegs = allocate(book)
    once = written(book, pegs)
    assume(not kept_in_vain(book, pegs, once))
    assert allocate(once) == pegs


@law
@example(random_book_with_kits(Random(3485), MID_SIZE, 1))  # Half a kit's worth was set aside, and not taken.
@example(random_book_with_kits(Random(26570), MID_SIZE, 1))  # A later truck made a kit miss its day.
@example(random_book_with_kits(Random(30048), MID_SIZE, 4))
@given(books_with_kits())
def test_passes_settle(book: Book) -> None:
    settled, rounds = plain(book), 0
    while (after := written(settled, allocate(settled))) != settled:
        settled, rounds = after, rounds + 1
        assert rounds <= len(book.claims)


@law
@given(books_with_kits(), chances())
def test_nobody_notices_kits_that_rank_last(book: Book, rng: Random) -> None:
    book = plain(book)
    at = datetime(book.today.year, book.today.month, book.today.day, 23, 59, tzinfo=UTC)
    newcomers = [
        replace(c, rank=rank(at, "ZZ", "kit", score=-9), told_on=None, told_units=0, told_by_lead_time=0)
        for c in random_kits(rng, book, order=999, first_id=9_990)
    ]
    after = allocate(book.with_claims((*book.claims, *newcomers)))
    assert {claim.id: after[claim.id] for claim in book.claims} == allocate(book)


@law
@given(books_with_kits(), chances())
def test_kits_that_are_in_time_stay_in_time_whoever_comes(book: Book, rng: Random) -> None:
    """Also for a newcomer who ranks first: a told day holds."""
    book = plain(book)
    book = written(book, allocate(book))
    at = datetime(2000, 1, 1, tzinfo=UTC)
    newcomers = [
        replace(c, rank=rank(at, "A", "kit", score=99), told_on=None, told_units=0, told_by_lead_time=0)
        for c in random_kits(rng, book, order=999, first_id=9_990)
    ]
    before, after = allocate(book), allocate(book.with_claims((*book.claims, *newcomers)))
    for parts in sets_of(book.claims):
        assert _kits_in_time(book, after, parts) >= min(_kept(book, parts), _kits_in_time(book, before, parts))


def _kept(book: Book, parts: list[Claim]) -> int:
    """Told kits, but for parts told by a lead time of which supply that may come later would be taken first."""
    supplied = {supply.product for supply in book.supplies}
    return min(
        (min(c.units, c.told_units) - (c.told_by_lead_time if c.product in supplied else 0)) // c.per_kit for c in parts
    )


def _kits_in_time(book: Book, pegs: Pegs, parts: list[Claim]) -> int:
    told_on = parts[0].told_on
    if told_on is None:
        return 0
    return min(
        sum(p.units for p in pegs[c.id] if p.ships_on is not None and book.road.delivers_on(p.ships_on) <= told_on)
        // c.per_kit
        for c in parts
    )


@law
@given(books_with_kits())
def test_only_whole_kits_leave(book: Book) -> None:
    pegs = allocate(book)
    leaving: Counter[int] = Counter()
    for release in releasable(book, pegs, ()):
        leaving[release.claim.id] += release.peg.units
    for parts in sets_of(book.claims):
        assert len({leaving[claim.id] / claim.per_kit for claim in parts}) == 1
