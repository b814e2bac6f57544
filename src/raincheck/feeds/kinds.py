"""The one table of what may be imported and exported: each kind of file and its columns.

The reader, the export, the reference page and the advice on unknown columns all follow this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.core.errors import Malformed
from raincheck.feeds.columns.choices import Choice, Country, Currency, Timezone, Weekdays
from raincheck.feeds.columns.numbers import Amount, Degrees, WholeNumber
from raincheck.feeds.columns.parts import Kit, Ship
from raincheck.feeds.columns.texts import Code, Email, Gtin, Text
from raincheck.feeds.columns.times import Day, Instant, TimeOfDay
from raincheck.feeds.nearest import nearest_name

if TYPE_CHECKING:
    from raincheck.feeds.columns.base import ColumnType

MOST_LEAD_TIME_DAYS = 3650
MOST_GRAMS = 100_000_000


@dataclass(frozen=True)
class Column:
    """One column of a kind. `means` is its line on the reference page."""

    name: str
    type: ColumnType
    means: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of file. `key` are the columns that name a record."""

    name: str
    means: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises Malformed, which names those there are, the likeliest first."""
    kind = KINDS.get(name)
    if kind is None:
        likely = nearest_name(name, KINDS)
        hint = f"; did you mean {likely}?" if likely else ""
        raise Malformed(f"{name}: no such kind of file{hint or '.'} There are: {', '.join(KINDS)}.")
    return kind


SKU = Column("sku", Code(), "the product", required=True)
SITE = Column("site", Code(), "the site", required=True)
QUANTITY = Column("quantity", WholeNumber(1), "units", required=True)

PRODUCTS = Kind(
    "products",
    "What is sold, by whom it is supplied and on what terms.",
    ("sku",),
    (
        Column("sku", Code(), "the product's code", required=True),
        Column("name", Text(), "what people call it"),
        Column("price", Amount(), "price of one unit"),
        Column(
            "currency",
            Currency(),
            "of price and costs, for feeds of shops; the company's if empty, and orders are charged in that alone",
        ),
        Column("supplier", Code(), "who supplies it; without one, unsupplied units have no date"),
        Column("cost", Amount(), "what the supplier asks for one unit"),
        Column("moq", WholeNumber(1), "the least units the supplier takes an order for"),
        Column("pack", WholeNumber(1), "units in one of the supplier's packs; purchases round up to it"),
        Column("available_from", Day(), "sold as pre-order until this day"),
        Column("category", Text(100), "group of products that rules can name"),
        Column("style", Text(100), "what the variants of one style share"),
        Column("size", Text(100), "of this variant"),
        Column("colour", Text(100), "of this variant"),
        Column("gtin", Gtin(), "the barcode on the pack"),
        Column("backorder", Choice(("allow", "deny")), "whether it may be sold while nothing is here"),
        Column("backorder_limit", WholeNumber(0), "most units on backorder over all orders"),
        Column("criticality", Choice(("A", "B", "C")), "how much a shortage hurts; A is worst"),
        Column("kit", Kit(), "the parts of one kit; empty for what is no kit"),
        Column("weight_g", WholeNumber(0, MOST_GRAMS), "weight of one unit in grams"),
        Column("alternative_supplier", Code(), "who else supplies it"),
        Column("alternative_cost", Amount(), "what that supplier asks for one unit"),
    ),
)

SITES = Kind(
    "sites",
    "Where stock lies.",
    ("site",),
    (
        Column("site", Code(), "the site's code", required=True),
        Column("name", Text(), "what people call it"),
        Column("country", Country(), "where it lies"),
        Column("postcode", Text(20), "where it lies"),
        Column("latitude", Degrees(90), "north of the equator"),
        Column("longitude", Degrees(180), "east of Greenwich"),
        Column("timezone", Timezone(), "its clock; the company's if empty"),
        Column("cutoff", TimeOfDay(), "what is released later leaves on the next working day"),
        Column("working_days", Weekdays(), "when it works; the company's if empty"),
    ),
)

SUPPLIERS = Kind(
    "suppliers",
    "Who supplies, and how long it takes.",
    ("supplier",),
    (
        Column("supplier", Code(), "the supplier's code", required=True),
        Column("name", Text(), "what people call it"),
        Column("country", Country(), "where it delivers from"),
        Column("email", Email(), "where purchase orders go"),
        Column("lead_time_days", WholeNumber(0, MOST_LEAD_TIME_DAYS), "calendar days from order to arrival"),
        Column("min_order_value", Amount(), "the least an order must be worth"),
    ),
)

CUSTOMERS = Kind(
    "customers",
    "Who buys.",
    ("customer",),
    (
        Column("customer", Code(), "the customer's code", required=True),
        Column("name", Text(), "how notices address them"),
        Column("email", Email(), "where notices go; without one there are none"),
        Column("phone", Text(40), "for a person who has to ask"),
        Column("tier", Choice(("gold", "silver", "standard")), "counts in the rank if the company weighs it"),
        Column("country", Country(), "where parcels go"),
        Column("postcode", Text(20), "where parcels go"),
    ),
)

STOCK = Kind(
    "stock",
    "What lies where, as counted. The difference to the books becomes an entry in the stock ledger.",
    ("site", "sku"),
    (SITE, SKU, Column("on_hand", WholeNumber(0), "units that can be sold", required=True)),
)

ORDERS = Kind(
    "orders",
    "Order lines. Lines with the same ref are one order; lines of one order with the same sku add up.",
    ("ref", "sku"),
    (
        Column("ref", Code(), "the order's number", required=True),
        SKU,
        QUANTITY,
        Column("placed_at", Instant(), "when it was placed; the time of the import if empty"),
        Column("customer", Code(), "who placed it; a guest if empty"),
        Column("country", Country(), "where it goes; the customer's if empty"),
        Column("unit_price", Amount(), "price of one unit; the product's if empty"),
        Column("channel", Text(40), "where it was placed, as rules name it"),
        Column("ship", Ship(), "what the customer chose; the rules decide if empty"),
    ),
)

CANCELLATIONS = Kind(
    "cancellations",
    "Units that customers no longer want.",
    (),
    (
        Column("ref", Code(), "the order", required=True),
        Column("sku", Code(), "the line; the whole order if empty"),
        Column("quantity", WholeNumber(1), "units; all that are open if empty"),
        Column("cancelled_at", Instant(), "when; the time of the import if empty"),
    ),
)

PURCHASE_ORDERS = Kind(
    "purchase-orders",
    "What is on order from suppliers. Rows with the same po are one purchase order.",
    ("po", "sku"),
    (
        Column("po", Code(), "the purchase order's number", required=True),
        Column("supplier", Code(), "who delivers", required=True),
        Column("site", Code(), "where it arrives", required=True),
        SKU,
        QUANTITY,
        Column("unit_cost", Amount(), "what one unit costs"),
        Column("ordered_on", Day(), "when it was ordered; today if empty"),
        Column("due_on", Day(), "when it arrives"),
        Column(
            "state",
            Choice(("draft", "sent", "confirmed")),
            "confirmed alone is supply with a date; sent if empty",
        ),
    ),
)

RECEIPTS = Kind(
    "receipts",
    "What arrived.",
    (),
    (
        Column("po", Code(), "the purchase order it came for; a blind receipt if empty"),
        SITE,
        SKU,
        Column("quantity", WholeNumber(0), "good units; 0 alone where all were damaged", required=True),
        Column("received_at", Instant(), "when; the time of the import if empty"),
        Column("damaged", WholeNumber(0), "units that cannot be sold, on top of quantity"),
    ),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        PRODUCTS,
        SITES,
        SUPPLIERS,
        CUSTOMERS,
        STOCK,
        ORDERS,
        CANCELLATIONS,
        PURCHASE_ORDERS,
        RECEIPTS,
    )
}
