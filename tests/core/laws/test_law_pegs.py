"""What holds of the outcome of every pass, whatever the company looks like."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given
from tests.core.laws.profile import books, chances, law, mid_size_books

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.peg import PegKind
from raincheck.core.supply import SupplyKind


@law
@given(mid_size_books())
def test_every_open_unit_is_somewhere_and_nowhere_twice(book: Book) -> None:
    pegs = allocate(book)
    assert {claim: sum(peg.units for peg in own) for claim, own in pegs.items()} == {c.id: c.units for c in book.claims}
    assert all(peg.units > 0 and peg.claim == claim for claim, own in pegs.items() for peg in own)


@law
@given(mid_size_books())
def test_nothing_is_promised_that_is_not_there(book: Book) -> None:
    taken = Counter[tuple[bool, int]]()
    for own in allocate(book).values():
        for peg in own:
            if peg.supply is not None:
                taken[peg.supply.key] += peg.units
    units = {supply.key: supply.units for supply in book.supplies}
    assert all(taken[key] <= units[key] for key in taken)


@law
@given(mid_size_books())
def test_a_peg_ties_like_to_like(book: Book) -> None:
    claims = {claim.id: claim for claim in book.claims}
    for id_, own in allocate(book).items():
        assert len({peg.supply.key if peg.supply else None for peg in own}) == len(own), "one peg for each supply"
        for peg in own:
            if peg.supply is None:
                assert peg.kind in (PegKind.LEAD_TIME, PegKind.NONE)
                assert (peg.ships_on is None) == (peg.kind is PegKind.NONE)
            else:
                assert peg.supply.product == claims[id_].product
                assert (peg.kind is PegKind.STOCK) == (peg.supply.kind is SupplyKind.STOCK)
                assert peg.kind in (PegKind.STOCK, PegKind.INBOUND)
                wanted_ships_on = book.wanted_ships_on(claims[id_]) or date.min
                assert peg.ships_on == (peg.supply.ships_on and max(peg.supply.ships_on, wanted_ships_on))


@law
@given(mid_size_books())
def test_what_may_not_be_backordered_gets_stock_or_nothing(book: Book) -> None:
    pegs = allocate(book)
    for claim in book.claims:
        if claim.stock_only:
            assert {peg.kind for peg in pegs[claim.id]} <= {PegKind.STOCK, PegKind.NONE}


@law
@given(books(), chances())
def test_the_order_in_which_facts_are_read_never_matters(book: Book, rng: Random) -> None:
    claims, supplies = list(book.claims), list(book.supplies)
    rng.shuffle(claims)
    rng.shuffle(supplies)
    shuffled = replace(
        book,
        supplies=tuple(supplies),
        claims=tuple(claims),
        products=dict(reversed(list(book.products.items()))),
        sites=dict(reversed(list(book.sites.items()))),
        protections=book.protections[::-1],
    )
    assert allocate(shuffled) == allocate(book)


@law
@given(books())
def test_a_plain_claim_waits_only_when_the_rest_is_spoken_for(book: Book) -> None:
    """Supply that nobody took, and that is not protected, is none that a plain claim without a date could have had."""
    book = replace(book, protections=())
    pegs = allocate(book)
    taken = Counter({s.key: sum(p.units for own in pegs.values() for p in own if p.supply is s) for s in book.supplies})
    for claim in book.claims:
        waits = any(peg.supply is None for peg in pegs[claim.id])
        if waits and claim.group is None:
            free = [s for s in book.supplies if s.product == claim.product and taken[s.key] < s.units]
            free = [s for s in free if s.is_stock or not claim.stock_only]
            assert not free or _kept_for_a_group(book, claim.product)


def _kept_for_a_group(book: Book, product: int) -> bool:
    """A group that was told a day may set supply aside and then, without a date of its own, take none of it."""
    return any(claim.group is not None and claim.product == product for claim in book.claims)
