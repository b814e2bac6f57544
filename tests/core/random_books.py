"""Random books for the laws and the brute force: small companies with everything in them that the pass knows.

Equal seeds and sizes give equal books.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from raincheck.core.book import Book, ProductFacts, Protection, SiteFacts
from raincheck.core.calendar import Calendar, Road
from raincheck.core.demand import Claim
from raincheck.core.rank import UNTOUCHED_PLACE, Rank
from raincheck.core.supply import Supply, SupplyKind

TODAY = date(2026, 3, 5)  # a Thursday
COUNTRIES = ("US", "CA")
TIERS = ("gold", "silver", "standard")
POSTCODES = ("10001", "10002", "94105")


@dataclass(frozen=True)
class Size:
    """The most there may be of each thing (of supplies and orders at least half of it), and how far days reach.

    `protections`: whether units may be kept for a tier; `wanted`: whether orders may be wanted for a later day;
    `keeps_stock`: whether reserved units may stay a claim's own.
    """

    products: int = 3
    sites: int = 2
    supplies: int = 7
    orders: int = 6
    lines: int = 3
    claims: int = 12
    units: int = 8
    days: int = 16
    protections: bool = True
    wanted: bool = True
    keeps_stock: bool = False


SMALL = Size()
TINY = Size(products=2, sites=2, supplies=4, orders=4, lines=2, claims=4, units=6, days=8, keeps_stock=True)
MID_SIZE = Size(products=4, sites=3, supplies=12, orders=14, claims=30)


def random_book(rng: Random, size: Size) -> Book:
    """A book of one company on one day."""
    today = TODAY + timedelta(days=rng.randint(0, 3))
    road = _road(rng, today)
    products = {product: _product(rng, today) for product in range(1, rng.randint(1, size.products) + 1)}
    sites = {
        site: SiteFacts(f"site{site}", rng.choice(COUNTRIES), rng.choice(POSTCODES))
        for site in range(1, rng.randint(1, size.sites) + 1)
    }
    book = Book(
        today,
        road,
        (),
        (),
        products,
        sites,
        hold_days=rng.choice((0, 2, 7)),
        lend_days=rng.choice((3, 30)),
        margin_days=rng.choice((0, 0, 2)),
    )
    supplies = tuple(
        _supply(rng, size, book, number) for number in range(1, rng.randint(size.supplies // 2, size.supplies) + 1)
    )
    protections = tuple(
        Protection(product, tier, rng.randint(1, size.units))
        for product in book.products
        for tier in TIERS
        if size.protections and rng.random() < 0.15
    )
    claims: list[Claim] = []
    for order in range(1, rng.randint(size.orders // 2, size.orders) + 1):
        claims += random_order(rng, size, book, order, first_id=len(claims) + 1)
    return replace(book, supplies=supplies, claims=tuple(claims[: size.claims]), protections=protections)


def _road(rng: Random, today: date) -> Road:
    working_days = frozenset(range(5)) if rng.random() < 0.7 else frozenset(range(7))
    holidays = frozenset({today + timedelta(days=rng.randint(0, 6))}) if rng.random() < 0.2 else frozenset()
    calendar = Calendar(ZoneInfo("UTC"), working_days, holidays)
    return Road(calendar, rng.choice((0, 0, 0, 1, 2)), rng.choice((0, 0, 0, 1, 2)), rng.choice((0, 0, 1, 3)))


def _product(rng: Random, today: date) -> ProductFacts:
    lead_time_days = rng.choice((None, None, 0, 5, 12))
    available_from = today + timedelta(days=rng.randint(-2, 5)) if rng.random() < 0.15 else None
    return ProductFacts(lead_time_days, available_from)


def _supply(rng: Random, size: Size, book: Book, number: int) -> Supply:
    product = rng.choice(sorted(book.products))
    site = rng.choice(sorted(book.sites))
    units = rng.randint(1, size.units)
    roll = rng.random()
    if roll < 0.4:
        return stock(book, number, product, site, units)
    kind = rng.choice((SupplyKind.PURCHASE, SupplyKind.TRANSFER))
    if roll < 0.85:
        arrives_on = book.today + timedelta(days=rng.randint(0, size.days))
        return inbound(book, number, product, site, units, arrives_on, kind=kind)
    overdue_days = rng.randint(1, 9)
    expected_on = book.today + timedelta(days=rng.randint(1, 5)) if rng.random() < 0.5 else None
    return overdue(book, number, product, site, units, overdue_days, expected_on, kind=kind)


def stock(book: Book, id_: int, product: int, site: int, units: int) -> Supply:
    """Stock on hand; of a pre-order it is there on the product's first day."""
    there_on = max(book.today, book.products[product].available_from or book.today)
    slips = there_on == book.today
    return Supply(SupplyKind.STOCK, id_, product, site, units, there_on, book.road.ships_on(there_on), slips)


def inbound(
    book: Book,
    id_: int,
    product: int,
    site: int,
    units: int,
    arrives_on: date,
    *,
    kind: SupplyKind = SupplyKind.PURCHASE,
    slips: bool = False,
    due_today: bool = False,
) -> Supply:
    """A confirmed inbound line with a date of arrival."""
    there_on = max(book.road.there_on(arrives_on), book.products[product].available_from or date.min)
    return Supply(kind, id_, product, site, units, there_on, book.road.ships_on(there_on), slips, due_today)


def overdue(
    book: Book,
    id_: int,
    product: int,
    site: int,
    units: int,
    overdue_days: int,
    expected_on: date | None,
    *,
    kind: SupplyKind = SupplyKind.PURCHASE,
) -> Supply:
    """An inbound line whose day has passed, with an estimate or without."""
    due_today = overdue_days <= book.hold_days
    if expected_on is None:
        return Supply(kind, id_, product, site, units, None, None, due_today=due_today)
    return inbound(book, id_, product, site, units, expected_on, kind=kind, slips=True, due_today=due_today)


def rank(joined_at: datetime, ref: str, sku: str, place: int = UNTOUCHED_PLACE, score: int = 0) -> Rank:
    """The rank of a claim."""
    return (place, Decimal(-score), joined_at, ref, sku)


def first_delivery_on(book: Book, wanted_on: date) -> date:
    """The first day that what is wanted on a day can be told: nobody is told one before it."""
    return book.road.delivers_on(book.road.ships_on(book.road.latest_release_on(wanted_on)))


def random_order(rng: Random, size: Size, book: Book, order: int, first_id: int) -> list[Claim]:
    """The claims of one order, plain or complete; its lines are new or told all kinds of things."""
    lines, complete = rng.randint(1, size.lines), rng.random() < 0.4
    joined_on = book.today - timedelta(days=rng.randint(0, 40) if rng.random() < 0.4 else rng.randint(0, 2))
    joined_at = datetime(joined_on.year, joined_on.month, joined_on.day, rng.randint(0, 23), tzinfo=UTC)
    score = rng.choice((0, 0, 0, 1, 2))
    country, postcode = rng.choice(COUNTRIES), rng.choice(POSTCODES)
    tier = rng.choice(TIERS)
    wanted_on = book.today + timedelta(days=rng.randint(-2, size.days)) if size.wanted and rng.random() < 0.3 else None
    told_on = book.today + timedelta(days=rng.randint(-1, size.days)) if rng.random() < 0.6 else None
    if told_on is not None and wanted_on is not None:
        told_on = max(told_on, first_delivery_on(book, wanted_on))
    claims: list[Claim] = []
    for number in range(lines):
        product = rng.choice(sorted(book.products))
        units = rng.randint(1, size.units)
        line_told_on = told_on if complete or rng.random() < 0.7 else None
        told_units = 0 if line_told_on is None else units if rng.random() < 0.8 else rng.randint(0, units + 2)
        facts = book.products[product]
        dated = facts.lead_time_days is not None and rng.random() < 0.4
        claims.append(
            Claim(
                id=first_id + number,
                line=first_id + number,
                order=order,
                product=product,
                units=units,
                rank=rank(joined_at, f"O{order}", f"sku{product}", score=score),
                group=order if complete else None,
                stock_only=rng.random() < 0.15,
                told_on=line_told_on,
                told_units=told_units,
                told_by_lead_time=rng.randint(0, told_units) if dated and rng.random() < 0.5 else 0,
                lead_time_from=joined_on if dated else None,
                joined_on=joined_on,
                country=country,
                postcode=postcode,
                wanted_on=wanted_on,
                tier=tier,
                keeps_stock=rng.randint(1, units + 2) if size.keeps_stock and rng.random() < 0.1 else 0,
            )
        )
    return claims
