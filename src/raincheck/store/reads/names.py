"""The names of what a company has, by kind."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from raincheck.store.db import row, rows

NameKind = Literal[
    "product", "site", "supplier", "customer", "category", "order", "quote", "purchase order", "transfer", "seller"
]

_QUERIES: Final[dict[NameKind, str | None]] = {
    "product": "SELECT sku FROM product",
    "site": "SELECT code FROM site",
    "supplier": "SELECT code FROM supplier",
    "customer": "SELECT code FROM customer",
    "category": "SELECT DISTINCT category FROM product WHERE category <> ''",
    "order": "SELECT ref FROM sales_order",
    # Quotes hold nothing and are not kept.
    "quote": None,
    "seller": "SELECT code FROM seller",
    "purchase order": "SELECT ref FROM inbound WHERE kind = 'purchase'",
    "transfer": "SELECT ref FROM inbound WHERE kind = 'transfer'",
}


def names_of(kind: NameKind) -> list[str]:
    """Every name of a kind."""
    query = _QUERIES[kind]
    return [name for (name,) in rows(query)] if query else []


def customer_names(codes: Collection[str]) -> dict[str, str]:
    """The names of some customers by their codes; who has no name goes by the code."""
    found = rows("SELECT code, coalesce(nullif(name, ''), code) FROM customer WHERE code = ANY(%s)", [list(codes)])
    return dict(found)


def last_fact_at() -> datetime | None:
    """When something was last done in the company."""
    found = row("SELECT max(at) FROM fact")
    return found[0] if found else None
