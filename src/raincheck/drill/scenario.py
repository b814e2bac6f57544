"""A drill as plain values: the company it starts with, what happens to it, and what is expected.

Everything here has been checked by ``raincheck.drill.reading``: every name refers to something, every quantity is
in bounds, every date is in the calendar. Instants are in UTC, dates are the company's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.drill.events import Event
from raincheck.drill.expectation import Expectation
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.sellers import SellerRecord

TIERS: Final = ("gold", "silver", "standard")
CRITICALITIES: Final = ("A", "B", "C")
BACKORDERS: Final = ("allow", "deny")
LAWS: Final = ("none", "us-ftc-435", "eu-2011-83")
CHARGES: Final = ("shipment", "order")
REPLENISHES: Final = ("review", "order", "pack", "ship")
PURCHASE_STATES: Final = ("draft", "sent", "confirmed")


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
    """A whole drill; events stand in the order of the file.

    ``stock``: units by site and SKU. ``lateness_days``: by supplier, past deliveries' days after (or, negative,
    before) their date.
    """

    file: str
    title: str
    starts_at: datetime
    settings: Settings = field(default_factory=Settings)
    sites: tuple[SiteRecord, ...] = ()
    suppliers: tuple[SupplierRecord, ...] = ()
    lateness_days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sellers: tuple[SellerRecord, ...] = ()
    seller_by_sku: Mapping[str, str] = field(default_factory=dict)
    products: tuple[ProductRecord, ...] = ()
    stock: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    customers: tuple[CustomerRecord, ...] = ()
    purchase_orders: tuple[PurchaseOrder, ...] = ()
    policies: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    expect: Expectation = field(default_factory=Expectation)
