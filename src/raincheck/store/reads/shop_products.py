"""Products as a shop shows them: what they are, what they cost, whether and when they can be had. Read in pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.locks import database_now
from raincheck.store.reads.availability import Availability, availability
from raincheck.store.reads.company import company_face
from raincheck.store.reads.variants import MOST_VARIANTS, units_now

PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What all products of a feed share: whose it is, in which zone its days begin, and when it is read."""

    name: str
    zone: ZoneInfo
    today: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ShopProduct:
    """A product. `status` as in availability; `ships_on` is the day on which one unit ordered now would be sent (None:
    nobody knows, or an order would be refused); `units_now` can go at once. Price None: it has none."""

    sku: str
    name: str
    price: Decimal | None
    currency: str
    category: str
    style: str
    size: str
    colour: str
    gtin: str
    status: str
    units_now: int
    ships_on: date | None


def shop_facts() -> ShopFacts:
    """The company, as a feed needs it."""
    settings, at = read_settings(), database_now()
    calendar = settings.calendar
    return ShopFacts(company_face().name, calendar.zone, calendar.day_of(at), at)


def all_shop_products() -> Iterator[ShopProduct]:
    """Every product, by SKU. Two statements a thousand; one page is in memory at a time."""
    after = ""
    while page := _read("p.sku > %s", [after], PAGE):
        yield from page
        after = page[-1].sku


def shop_product(sku: str) -> ShopProduct | None:
    """One product, or None."""
    found = _read("p.sku = %s", [sku], 1)
    return found[0] if found else None


def shop_style(style: str) -> list[ShopProduct]:
    """The products of a style, by SKU; none for an empty one."""
    return _read("p.style = %s AND p.style <> ''", [style], MOST_VARIANTS)


def _read(which: str, params: Sequence[str], most: int) -> list[ShopProduct]:
    settings = read_settings()
    found = rows(
        f"""SELECT p.sku, p.name, p.price, p.currency, p.category, p.style, p.size, p.colour, p.gtin
            FROM product p WHERE {which} ORDER BY p.sku LIMIT %s""",
        [*params, most],
    )
    there = {one["sku"]: one for one in availability([values[0] for values in found])}
    return [_product(settings, values, there[values[0]]) for values in found if values[0] in there]


def _product(settings: Settings, values: Sequence[str | Decimal | None], there: Availability) -> ShopProduct:
    sku, name, price, currency, category, style, size, colour, gtin = values
    next_on = there["next_on"]
    return ShopProduct(
        sku=str(sku),
        name=str(name or sku),
        price=price if isinstance(price, Decimal) else None,
        currency=str(currency or settings.currency),
        category=str(category),
        style=str(style),
        size=str(size),
        colour=str(colour),
        gtin=str(gtin),
        status=there["status"],
        units_now=units_now(there),
        ships_on=None if next_on is None else settings.road.latest_shipping_on(next_on),
    )
