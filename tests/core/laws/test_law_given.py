"""What a rebalance or a person gave stands outside the pass, and only for as long as there is something to stand on."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from tests.core.laws.profile import chances, law, mid_size_books
from tests.core.ties import given_to

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, Given
from raincheck.core.given import standing


def some_given(book: Book, rng: Random) -> Book:
    """The book after some of what the pass gave was given for good."""
    pegs = allocate(book)
    lucky = [claim.id for claim in book.claims if claim.kit is None and rng.random() < 0.4]
    ties = (tie for tie in given_to(pegs, lucky, 5, by_hand=True) if tie.ships_on is not None)
    return replace(book, given=tuple(replace(tie, units=rng.randint(1, tie.units)) for tie in ties))


def units_by_supply(pegs: Pegs) -> Counter[tuple[int, object]]:
    found = Counter[tuple[int, object]]()
    for claim, own in pegs.items():
        for peg in own:
            found[claim, peg.supply.key if peg.supply else None] += peg.units
    return found


@law
@given(mid_size_books(), chances())
def test_given_units_are_pegged_as_given_and_nothing_is_pegged_twice(book: Book, rng: Random) -> None:
    book = some_given(book, rng)
    pegs = allocate(book)
    ties = Counter[tuple[int, tuple[bool, int]]]()
    taken = Counter[tuple[bool, int]]()
    for claim in book.claims:
        assert sum(peg.units for peg in pegs[claim.id]) == claim.units
        for peg in pegs[claim.id]:
            if peg.supply is not None:
                taken[peg.supply.key] += peg.units
                if peg.given_by is not None:
                    ties[claim.id, peg.supply.key] += peg.units
    assert ties == Counter({(tie.claim, tie.supply): tie.units for tie in book.given})
    assert all(taken[supply.key] <= supply.units for supply in book.supplies)


@law
@given(mid_size_books(), chances())
def test_what_stands_is_covered_and_is_never_more_than_was_given(book: Book, rng: Random) -> None:
    book = some_given(book, rng)
    fewer = tuple(replace(s, units=rng.randint(1, s.units)) for s in book.supplies if rng.random() < 0.8)
    smaller = tuple(replace(c, units=rng.randint(1, c.units)) for c in book.claims if rng.random() < 0.9)
    stands = standing(book.given, smaller, fewer)
    by_supply, by_claim = Counter[tuple[bool, int]](), Counter[int]()
    for tie in stands:
        by_supply[tie.supply] += tie.units
        by_claim[tie.claim] += tie.units
    units = {supply.key: supply.units for supply in fewer}
    open_units = {claim.id: claim.units for claim in smaller}
    assert all(by_supply[key] <= units.get(key, 0) for key in by_supply)
    assert all(by_claim[claim] <= open_units.get(claim, 0) for claim in by_claim)
    was = {(tie.claim, tie.supply): tie.units for tie in book.given}
    assert all(tie.units <= was[tie.claim, tie.supply] for tie in stands)


@law
@given(mid_size_books(), chances())
def test_of_ties_to_one_supply_that_came_short_the_last_in_rank_breaks_first(book: Book, rng: Random) -> None:
    book = some_given(book, rng)
    ranks = {claim.id: (claim.rank, claim.id) for claim in book.claims}
    by_supply: dict[tuple[bool, int], list[Given]] = {}
    for tie in book.given:
        by_supply.setdefault(tie.supply, []).append(tie)
    for key, ties in by_supply.items():
        total = sum(tie.units for tie in ties)
        cut = rng.randint(0, total)
        short = tuple(replace(s, units=cut) if s.key == key else s for s in book.supplies)
        stands = {tie.claim: tie.units for tie in standing(ties, book.claims, short)}
        left = cut
        for tie in sorted(ties, key=lambda tie: ranks[tie.claim]):
            assert stands.get(tie.claim, 0) == min(tie.units, left)
            left -= min(tie.units, left)
