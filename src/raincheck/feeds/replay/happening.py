"""What happened in a company's history, each with its instant. Plain values; who plays them decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StockCounted:
    """The units of a product that lie at a site."""

    at: dt.datetime
    site: str
    sku: str
    on_hand: int


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    sku: str
    units: int
    unit_cost: Decimal | None
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class PurchasePlaced:
    """A purchase order in the state in which the file has it: draft, sent or confirmed."""

    at: dt.datetime
    po: str
    supplier: str
    site: str
    state: str
    lines: tuple[PurchaseLine, ...]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    sku: str
    units: int
    damaged_units: int


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery. `is_last`: nothing more of its purchase order arrives. Without `po` it came unannounced."""

    at: dt.datetime
    po: str | None
    site: str
    lines: tuple[ReceiptLine, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class StockCorrected:
    """Units found (above 0) or taken out (below 0) at the site that keeps the product."""

    at: dt.datetime
    sku: str
    units: int
    note: str


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """`unit_price` None: the product's own; `ship` None: as the rules say."""

    sku: str
    units: int
    unit_price: Decimal | None
    ship: str | None


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """Customer None: a guest. Each product stands on one line."""

    at: dt.datetime
    ref: str
    customer: str | None
    country: str | None
    channel: str | None
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Units no longer wanted: of the order `ref`, or of whatever `customer` ordered last of the product.

    `lines` are (sku, units); sku None: the whole order; units None: all that are open.
    """

    at: dt.datetime
    ref: str | None
    customer: str | None
    lines: tuple[tuple[str | None, int | None], ...]


Happening = StockCounted | PurchasePlaced | Received | StockCorrected | OrderPlaced | Cancelled
