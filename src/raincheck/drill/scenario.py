"""A drill as plain values: the company it starts with, what happens to it, and what is expected.

Everything here has been checked by ``raincheck.drill.reading``: every name refers to something, every quantity is
in bounds, every date is in the calendar. Instants are in UTC, dates are the company's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.drill.events import Event
from raincheck.drill.expectation import Expectation

TIERS: Final = ("gold", "silver", "standard")
CRITICALITIES: Final = ("A", "B", "C")
BACKORDERS: Final = ("allow", "deny")
CHARGES: Final = ("shipment", "order")
PURCHASE_STATES: Final = ("draft", "sent", "confirmed")


@dataclass(frozen=True, slots=True)
class Site:
    """A place that holds stock. ``working_days`` and ``timezone`` are None where they are the company's."""

    site: str
    name: str = ""
    country: str = ""
    postcode: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    timezone: str | None = None
    cutoff: time | None = None
    working_days: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who delivers. ``lateness_days`` are past deliveries' days after (or, negative, before) their date."""

    supplier: str
    name: str = ""
    country: str = ""
    email: str = ""
    lead_time_days: int | None = None
    min_order_value: Decimal = Decimal(0)
    lateness_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold. None: the company's default holds."""

    sku: str
    name: str = ""
    price: Decimal = Decimal(0)
    currency: str | None = None
    supplier: str | None = None
    cost: Decimal | None = None
    moq: int = 1
    pack: int = 1
    available_from: date | None = None
    category: str = ""
    style: str = ""
    size: str = ""
    colour: str = ""
    gtin: str = ""
    backorder: str | None = None
    backorder_limit: int | None = None
    criticality: str | None = None
    weight_g: int | None = None
    alternative_supplier: str | None = None
    alternative_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Who orders."""

    customer: str
    name: str = ""
    email: str = ""
    phone: str = ""
    tier: str = "standard"
    country: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """What a supplier owes a site from the start of the drill on; ``lines``: units by SKU."""

    po: str
    supplier: str
    site: str
    due_on: date | None
    state: str
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole drill. ``stock``: units by site and SKU; events stand in the order of the file."""

    file: str
    title: str
    starts_at: datetime
    settings: Settings = field(default_factory=Settings)
    sites: tuple[Site, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    products: tuple[Product, ...] = ()
    stock: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    customers: tuple[Customer, ...] = ()
    purchase_orders: tuple[PurchaseOrder, ...] = ()
    policies: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    expect: Expectation = field(default_factory=Expectation)
