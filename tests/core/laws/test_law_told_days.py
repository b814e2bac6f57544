"""A told day is kept wherever supply in time allows, in rank order: rank never breaks it."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from tests.core.laws.profile import law, mid_size_books
from tests.core.outcomes import parties_of, units_in_time

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim

Wish = tuple[date, bool, int]
"""(last shipping day, stock only, units)."""


def can_be_covered(book: Book, product: int, wishes: list[Wish]) -> bool:
    """Whether a product's supply covers all wishes: the nearest day first, each from the earliest supply left."""
    places = sorted(
        (s.ships_on, not s.is_stock, s.id, s.units)
        for s in book.supplies
        if s.product == product and s.ships_on is not None
    )
    left = [units for *_, units in places]
    for by, stock_only, units in sorted(wishes, key=lambda wish: (not wish[1], wish[0])):
        needed = units
        for index, (ships_on, is_inbound, *_) in enumerate(places):
            if ships_on <= by and not (is_inbound and stock_only):
                taken = min(needed, left[index])
                left[index] -= taken
                needed -= taken
        if needed:
            return False
    return True


def set_aside(book: Book) -> dict[int, int]:
    """For each claim, the units of its told day that can be kept, given those of everybody before it."""
    wishes: dict[int, list[Wish]] = {product: [] for product in book.products}
    kept = {}
    for party in parties_of(book):
        asked = [(claim, _wish(book, claim, claim.units_to_keep)) for claim in party if claim.units_to_keep]
        if party[0].group is None:
            for claim, (by, stock_only, units) in asked:
                most = max(
                    n
                    for n in range(units + 1)
                    if can_be_covered(book, claim.product, [*wishes[claim.product], (by, stock_only, n)])
                )
                wishes[claim.product].append((by, stock_only, most))
                kept[claim.id] = most
        else:
            after = {product: list(old) for product, old in wishes.items()}
            for claim, wish in asked:
                after[claim.product].append(wish)
            if all(can_be_covered(book, product, new) for product, new in after.items()):
                wishes = after
                kept |= {claim.id: claim.units_to_keep for claim, _ in asked}
    return kept


def _wish(book: Book, claim: Claim, units: int) -> Wish:
    assert claim.told_on is not None
    return (book.road.latest_shipping_on(claim.told_on), claim.stock_only, units)


@law
@given(mid_size_books())
def test_of_a_plain_claim_every_told_unit_that_fits_is_in_time(book: Book) -> None:
    pegs, kept = allocate(book), set_aside(book)
    for claim in book.claims:
        if claim.group is None and claim.id in kept:
            assert units_in_time(book, claim, pegs[claim.id]) >= kept[claim.id]


@law
@given(mid_size_books())
def test_a_group_that_was_told_a_day_lands_whole_on_it_if_it_fits(book: Book) -> None:
    """Groups all of whose units were told, from supply; a truck that counts as due today has no day of its own."""
    book = replace(book, supplies=tuple(replace(supply, due_today=False) for supply in book.supplies))
    pegs, kept = allocate(book), set_aside(book)
    for party in parties_of(book):
        if party[0].group is not None and all(kept.get(claim.id) == claim.units for claim in party):
            for claim in party:
                assert units_in_time(book, claim, pegs[claim.id]) == claim.units


@law
@given(mid_size_books())
def test_no_more_plain_units_miss_their_told_day_than_supply_in_time_falls_short(book: Book) -> None:
    """A late or short truck breaks as few told units as can be: with plain claims alone, exactly the shortfall."""
    book = book.with_claims(tuple(replace(claim, group=None, stock_only=False) for claim in book.claims))
    pegs = allocate(book)
    for product in book.products:
        claims = [c for c in book.claims if c.product == product and c.units_to_keep]
        met = sum(min(c.units_to_keep, units_in_time(book, c, pegs[c.id])) for c in claims)
        assert met >= _most_that_can_be_met(book, product, claims)


def _most_that_can_be_met(book: Book, product: int, claims: list[Claim]) -> int:
    """Unit by unit, in any order: setting aside what fits is never wrong (the sets of units that fit are a matroid)."""
    wishes: list[Wish] = []
    for claim in sorted(claims, key=lambda claim: claim.id):
        for _ in range(claim.units_to_keep):
            wish = _wish(book, claim, 1)
            if can_be_covered(book, product, [*wishes, wish]):
                wishes.append(wish)
    return len(wishes)
