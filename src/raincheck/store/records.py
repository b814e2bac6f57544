"""Catalogue records as values: every column of the import files, by the names of the contract (section 2)."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product. `kit` maps the SKUs of its parts to units."""

    sku: str
    name: str = ""
    price: Decimal | None = None
    currency: str = ""
    supplier: str | None = None
    cost: Decimal | None = None
    moq: int | None = None
    pack: int | None = None
    available_from: date | None = None
    category: str = ""
    style: str = ""
    size: str = ""
    colour: str = ""
    gtin: str = ""
    backorder: str = ""
    backorder_limit: int | None = None
    criticality: str = ""
    weight_g: int | None = None
    alternative_supplier: str | None = None
    alternative_cost: Decimal | None = None
    kit: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A site. `working_days` are names of days, `mon` first; empty: the company's.

    What a parcel from it costs, at home and abroad, has no column in the import files: None leaves it as it is.
    """

    code: str
    name: str = ""
    country: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = ""
    cutoff: time | None = None
    working_days: tuple[str, ...] = ()
    parcel_cost: Decimal | None = None
    parcel_cost_abroad: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """A supplier."""

    code: str
    name: str = ""
    country: str = ""
    email: str = ""
    lead_time_days: int | None = None
    min_order_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer."""

    code: str
    name: str = ""
    email: str = ""
    phone: str = ""
    tier: str = ""
    country: str = ""
    postcode: str = ""
