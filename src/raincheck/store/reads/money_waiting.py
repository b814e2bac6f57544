"""Money that waits on backorder: the value of units that are sold and not on the shelf, by week, product, supplier."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.reads.named import named_rows

MOST: Final = 10

_WAITING: Final = """
    SELECT l.id, o.ref AS order_ref, coalesce(nullif(c.name, ''), c.code, '') AS customer,
           coalesce(c.code, '') AS customer_code, o.placed_at, p.sku,
           coalesce(nullif(p.name, ''), p.sku) AS product, coalesce(s.code, '') AS supplier,
           coalesce(nullif(s.name, ''), s.code, '') AS supplier_name, l.backordered + l.preordered AS units,
           (l.backordered + l.preordered) * l.unit_price AS value, l.expected_on, l.reason,
           date_trunc('week', l.expected_on)::date AS week
    FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
    LEFT JOIN supplier s ON s.id = p.supplier_id LEFT JOIN customer c ON c.id = o.customer_id
    WHERE l.backordered + l.preordered > 0 AND o.state IN ('open', 'held', 'cancel_requested')"""

_WANTED: Final = """
    (%(week)s::date IS NULL OR week = %(week)s) AND (%(undated)s::bool IS NULL OR (week IS NULL) = %(undated)s)
    AND (%(sku)s = '' OR sku = %(sku)s) AND (%(supplier)s = '' OR supplier = %(supplier)s)"""


@dataclass(frozen=True, slots=True)
class WaitingFilter:
    """What is looked for; empty is everything. `week` is its Monday. `is_undated`: nobody knows when;
    False: there is a date.
    """

    week: date | None = None
    is_undated: bool | None = None
    sku: str = ""
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What belongs together: `key` is the week's Monday, the SKU or the supplier's code ("": none)."""

    key: str
    label: str
    orders: int
    units: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A line of which units wait: `value` at the order's price, `expected_on` for the last of its open units."""

    id: int
    order_ref: str
    customer: str
    customer_code: str
    placed_at: datetime
    sku: str
    product: str
    supplier: str
    supplier_name: str
    units: int
    value: Decimal
    expected_on: date | None
    reason: str
    week: date | None


def waiting_by_week() -> list[Waiting]:
    """By the week in which the last unit of a line is expected at the customer's, undated last."""
    return _grouped("coalesce(week::text, '')", "''", "key = '', key")


def waiting_by_product() -> list[Waiting]:
    """The products for which most money waits."""
    return _grouped("sku", "min(product)", "value DESC, key")


def waiting_by_supplier() -> list[Waiting]:
    """The suppliers for whose goods most money waits; without one: kits, and products that name none."""
    return _grouped("supplier", "min(supplier_name)", "value DESC, key")


def waiting_in_all() -> Waiting:
    """All of it."""
    return (_grouped("'all'", "''", "key") or [Waiting("all", "", 0, 0, Decimal(0))])[0]


def waiting_rows(wanted: WaitingFilter, limit: int | None, after: int | None = None) -> list[WaitingRow]:
    """The lines behind a figure, the dearest first; at most `limit`.

    With `after` by their ids, those behind that one alone: a list to go through page by page.
    """
    params: dict[str, Any] = {
        "week": wanted.week,
        "undated": wanted.is_undated,
        "sku": wanted.sku,
        "supplier": wanted.supplier,
        "limit": limit,
        "after": after,
    }
    return named_rows(
        WaitingRow,
        f"""SELECT * FROM ({_WAITING}) v
            WHERE {_WANTED} AND (%(after)s::bigint IS NULL OR id > %(after)s)
            ORDER BY {"value DESC, id" if after is None else "id"} LIMIT %(limit)s""",
        params,
    )


def _grouped(key: str, label: str, order: str) -> list[Waiting]:
    return named_rows(
        Waiting,
        f"""SELECT key, label, orders, units, value FROM (
                SELECT {key} AS key, {label} AS label, count(DISTINCT order_ref)::int AS orders,
                       sum(units)::bigint AS units, sum(value) AS value
                FROM ({_WAITING}) v GROUP BY 1) g ORDER BY {order}""",
    )
