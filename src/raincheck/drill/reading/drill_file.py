"""A drill file as a checked scenario: the way in to this package."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from raincheck.core.settings import Settings
from raincheck.drill.events import ChangeOrder, Event, PlaceOrder
from raincheck.drill.reading.company import (
    read_customers,
    read_products,
    read_purchase_orders,
    read_sellers,
    read_sites,
    read_stock,
    read_suppliers,
)
from raincheck.drill.reading.entry import MOST_MONEY, Entry
from raincheck.drill.reading.events import EventReader
from raincheck.drill.reading.expect import ExpectReader
from raincheck.drill.reading.moments import Clock, read_instant
from raincheck.drill.reading.names import LiveNames, Names
from raincheck.drill.reading.problems import Problems
from raincheck.drill.reading.settings import read_policies, read_settings
from raincheck.drill.reading.source import read_source
from raincheck.drill.scenario import Scenario
from raincheck.store.records import ProductRecord

FORMAT = 1
KEYS = (
    "drill",
    "title",
    "starts",
    "settings",
    "sites",
    "suppliers",
    "sellers",
    "products",
    "stock",
    "customers",
    "purchase_orders",
    "policies",
    "events",
    "expect",
)


def read_drill(
    path: Path, *, shown_as: str | None = None, settings: Settings | None = None, live: LiveNames | None = None
) -> Scenario:
    """The scenario that a file describes.

    ``settings`` and ``live`` are the settings and names of the company that the drill starts from; without them
    it starts from an empty one. Errors: ``Malformed`` with one line a fault, ``file:line: key.path: message``.
    """
    shown_as = shown_as or str(path)
    problems = Problems(shown_as)
    root = Entry(read_source(path, shown_as), "", "", problems)
    fields = root.fields(KEYS, required=("drill", "starts"))
    if "drill" in fields and fields["drill"].whole() != FORMAT:
        fields["drill"].refuse(f"this version reads drills of format {FORMAT}")
    scenario = _scenario(fields, path, settings or Settings(), Names(live) if live else Names(), problems)
    problems.raise_any()
    return scenario


def _scenario(fields: dict[str, Entry], path: Path, base: Settings, names: Names, problems: Problems) -> Scenario:
    settings = read_settings(fields.get("settings"), base)
    zone = ZoneInfo(settings.timezone)
    starts_at = read_instant(fields["starts"], zone) if "starts" in fields else None
    # Where `starts` is missing or refused, which has been recorded, any start does to read on with.
    clock = Clock(starts_at or datetime(2000, 1, 1, tzinfo=UTC), zone)
    sites = read_sites(fields.get("sites"))
    names.declare("site", (site.code for site in sites))
    suppliers, lateness_days = read_suppliers(fields.get("suppliers"))
    names.declare("supplier", (supplier.code for supplier in suppliers))
    sellers = read_sellers(fields.get("sellers"))
    names.declare("seller", (seller.code for seller in sellers))
    products = read_products(fields.get("products"), names)
    names.declare("product", (product.sku for product in products))
    names.declare("category", (product.category for product in products if product.category))
    customers = read_customers(fields.get("customers"))
    names.declare("customer", (customer.code for customer in customers))
    stock = read_stock(fields.get("stock"), names)
    orders = read_purchase_orders(fields.get("purchase_orders"), names, clock)
    policies = read_policies(fields.get("policies"), names)
    reader = EventReader(names, clock)
    if "purchase_orders" in fields:
        reader.remember(orders, {po: entry.line for po, entry in fields["purchase_orders"].named().items()})
    events = reader.read(fields.get("events"))
    _bound_values(products, events, problems)
    return Scenario(
        file=str(path),
        title=fields["title"].text() if "title" in fields else path.stem,
        starts_at=clock.starts_at,
        settings=settings,
        sites=sites,
        suppliers=suppliers,
        lateness_days=lateness_days,
        sellers=sellers,
        seller_by_sku=names.sellers,
        products=products,
        stock=stock,
        customers=customers,
        purchase_orders=orders,
        policies=policies,
        events=events,
        expect=ExpectReader(names, clock).read(fields.get("expect")),
    )


def _bound_values(products: tuple[ProductRecord, ...], events: tuple[Event, ...], problems: Problems) -> None:
    """An order whose value no ledger could hold is a fault of the file."""
    prices = {product.sku: product.price or Decimal(0) for product in products}
    for event in events:
        if isinstance(event, PlaceOrder | ChangeOrder):
            value = sum((prices.get(sku, Decimal(0)) * units for sku, units in event.lines.items()), Decimal(0))
            if value >= MOST_MONEY:
                problems.add(event.line, "", f"the order is worth {value:,}; at most {MOST_MONEY:,} can be booked")
