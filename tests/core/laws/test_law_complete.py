"""Ship-complete is never released in part, in whatever order things arrive; what holds of supply and what does not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from tests.core.laws.profile import books, chances, law, mid_size_books

from raincheck.core.allocate import allocate
from raincheck.core.book import Book, ProductFacts
from raincheck.core.calendar import Calendar, Road
from raincheck.core.demand import Claim
from raincheck.core.peg import PegKind
from raincheck.core.split import Release, by_parcel, releasable
from raincheck.core.supply import Supply, SupplyKind


def released_units(releases: list[Release]) -> dict[int, int]:
    units: dict[int, int] = {}
    for release in releases:
        units[release.claim.id] = units.get(release.claim.id, 0) + release.peg.units
    return units


def shipping_breaks_no_policy(book: Book, held: set[int]) -> list[Release]:
    releases = releasable(book, allocate(book), held)
    units = released_units(releases)
    for claim in book.claims:
        if claim.group is not None and any(c.group == claim.group and c.id in units for c in book.claims):
            assert units.get(claim.id) == claim.units, "a ship-complete group left in part"
    for release in releases:
        assert release.claim.order not in held
        assert book.wanted_there_on(release.claim) is None, "it left before it was wanted"
        assert release.peg.kind is PegKind.STOCK
        assert not book.products[release.claim.product].is_preorder(book.today)
    return releases


@law
@given(mid_size_books(), chances())
def test_a_parcel_breaks_no_shipping_policy(book: Book, rng: Random) -> None:
    shipping_breaks_no_policy(book, {claim.order for claim in book.claims if rng.random() < 0.2})


@law
@given(mid_size_books())
def test_what_is_on_hand_for_a_plain_claim_leaves_at_once(book: Book) -> None:
    pegs = allocate(book)
    units = released_units(releasable(book, pegs, ()))
    for claim in book.claims:
        is_sold = not book.products[claim.product].is_preorder(book.today)
        if claim.group is None and is_sold and book.wanted_there_on(claim) is None:
            on_hand = sum(peg.units for peg in pegs[claim.id] if peg.kind is PegKind.STOCK)
            assert units.get(claim.id, 0) == on_hand


@law
@given(books(), chances())
def test_trucks_may_come_in_any_order(book: Book, rng: Random) -> None:
    """Truck after truck arrives; what may leave leaves; nothing leaves twice and no group leaves in part."""
    trucks = [supply for supply in book.supplies if not supply.is_stock]
    rng.shuffle(trucks)
    for truck in [None, *trucks]:
        if truck is not None:
            there_on = max(book.today, book.products[truck.product].available_from or book.today)
            arrived = Supply(
                SupplyKind.STOCK, 100 + truck.id, truck.product, truck.site, truck.units, there_on,
                book.road.ships_on(there_on),
            )  # fmt: skip
            book = replace(book, supplies=(*(s for s in book.supplies if s is not truck), arrived))
        book = _without(book, shipping_breaks_no_policy(book, set()))


def _without(book: Book, gone: list[Release]) -> Book:
    claims, supplies = {c.id: c for c in book.claims}, {s.key: s for s in book.supplies}
    for release in gone:
        claim, supply = claims[release.claim.id], release.peg.supply
        assert supply is not None
        claims[claim.id] = replace(claim, units=claim.units - release.peg.units)
        left = supplies[supply.key].units - release.peg.units
        supplies[supply.key] = replace(supplies[supply.key], units=left)
        assert left >= 0
        assert claims[claim.id].units >= 0
    return replace(
        book,
        claims=tuple(claim for claim in claims.values() if claim.units),
        supplies=tuple(supply for supply in supplies.values() if supply.units),
    )


@law
@given(mid_size_books())
def test_a_parcel_is_of_one_order_from_one_site(book: Book) -> None:
    releases = releasable(book, allocate(book), ())
    parcels = by_parcel(releases)
    assert sorted(r.claim.id for rs in parcels.values() for r in rs) == sorted(r.claim.id for r in releases)
    for (order, site), inside in parcels.items():
        assert inside
        assert all(r.claim.order == order and r.peg.supply and r.peg.supply.site == site for r in inside)


# What is not a law.

TODAY = date(2026, 3, 2)
ROAD = Road(Calendar(ZoneInfo("UTC"), frozenset(range(7)), frozenset()), 0, 0, 0)


def _stock(id_: int, product: int, units: int) -> Supply:
    return Supply(SupplyKind.STOCK, id_, product, 1, units, TODAY, TODAY)


def _part(id_: int, order: int, product: int, units: int) -> Claim:
    rank = (3, Decimal(0), datetime(2026, 3, 2, order, tzinfo=UTC), f"O{order}", f"sku{product}")
    return Claim(id_, id_, order, product, units, rank, group=order, joined_on=TODAY)


def test_more_supply_may_lower_what_is_pegged_in_all() -> None:
    """Not a law. One lamp makes the first set whole; it takes the vase without which the second, larger set waits."""
    lamp, vase, plates = 1, 2, 3
    first_set = (_part(1, 1, lamp, 1), _part(2, 1, vase, 1))
    second_set = (_part(3, 2, vase, 1), _part(4, 2, plates, 5))
    products = {product: ProductFacts() for product in (lamp, vase, plates)}
    without = Book(TODAY, ROAD, (_stock(1, vase, 1), _stock(2, plates, 5)), (*first_set, *second_set), products)
    with_lamp = replace(without, supplies=(*without.supplies, _stock(3, lamp, 1)))

    def pegged_units(book: Book) -> int:
        return sum(peg.units for own in allocate(book).values() for peg in own if peg.supply is not None)

    assert (pegged_units(without), pegged_units(with_lamp)) == (6, 2)


@law
@given(mid_size_books(), chances())
def test_among_plain_claims_more_supply_never_lowers_what_is_pegged(book: Book, rng: Random) -> None:
    """Of one product. (Stock-only claims left out: their stock may go to one who could have waited.)"""
    book = book.with_claims(tuple(replace(claim, group=None, stock_only=False) for claim in book.claims))
    product = rng.choice(sorted(book.products))
    site = rng.choice(sorted(book.sites))
    there_on = max(book.today, book.products[product].available_from or book.today)
    more = Supply(SupplyKind.STOCK, 900, product, site, rng.randint(1, 9), there_on, book.road.ships_on(there_on))

    def pegged_units(book: Book) -> int:
        return sum(p.units for own in allocate(book).values() for p in own if p.supply and p.supply.product == product)

    assert pegged_units(replace(book, supplies=(*book.supplies, more))) >= pegged_units(book)
