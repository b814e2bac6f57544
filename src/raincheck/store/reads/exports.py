"""Everything there is of a kind, page by page, as an export writes it: the columns of the import files by name."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from raincheck.store.db import rows

AT_ONCE = 5_000
Row = dict[str, Any]


def stock() -> Iterator[Row]:
    """What lies where."""
    yield from _pages(
        ("site", "sku", "on_hand"),
        """SELECT l.id, s.code, p.sku, l.on_hand FROM stock_level l JOIN site s ON s.id = l.site_id
           JOIN product p ON p.id = l.product_id WHERE l.id > %s ORDER BY l.id""",
    )


def orders() -> Iterator[Row]:
    """Order lines as ordered."""
    yield from _pages(
        ("ref", "sku", "quantity", "placed_at", "customer", "country", "unit_price", "channel", "ship"),
        """SELECT l.id, o.ref, p.sku, l.ordered, o.placed_at, c.code, nullif(o.country, ''), l.unit_price,
                  nullif(o.channel, ''), l.ship
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer c ON c.id = o.customer_id
           WHERE l.id > %s AND l.ordered > 0 AND o.state <> 'basket' ORDER BY l.id""",
    )


def cancellations() -> Iterator[Row]:
    """What was cancelled by somebody, row by row as it was asked; a whole order has neither product nor units."""
    for row in _pages(
        ("ref", "lines", "cancelled_at"),
        """SELECT f.id, o.ref, f.detail->'lines', f.at FROM fact f JOIN sales_order o ON f.subject = 'order:' || o.ref
           WHERE f.verb = 'order_cancelled' AND f.id > %s ORDER BY f.id""",
    ):
        lines: Iterable[tuple[str | None, int | None]] = _units(row["lines"]).items() or [(None, None)]
        for sku, units in lines:
            yield {"ref": row["ref"], "sku": sku, "quantity": units, "cancelled_at": row["cancelled_at"]}


def purchase_orders() -> Iterator[Row]:
    """Purchase order lines as ordered, cancelled orders left out. What is further on than confirmed was confirmed."""
    yield from _pages(
        ("po", "supplier", "site", "sku", "quantity", "unit_cost", "ordered_on", "due_on", "state"),
        """SELECT l.id, i.ref, u.code, s.code, p.sku, l.ordered, l.unit_cost, i.ordered_on, l.due_on,
                  CASE WHEN i.state IN ('draft', 'sent') THEN i.state ELSE 'confirmed' END
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id JOIN supplier u ON u.id = i.supplier_id
           JOIN site s ON s.id = i.site_id JOIN product p ON p.id = l.product_id
           WHERE i.kind = 'purchase' AND i.state <> 'cancelled' AND l.id > %s ORDER BY l.id""",
    )


def receipts() -> Iterator[Row]:
    """What arrived, of purchase orders and without one; transfers are no receipts from outside."""
    for row in _pages(
        ("po", "site", "lines", "damaged", "received_at"),
        """SELECT f.id, CASE WHEN f.subject LIKE 'purchase:%%' THEN substr(f.subject, 10) END,
                  coalesce(s.code, substr(f.subject, 6)), f.detail->'lines', f.detail->'damaged', f.at
           FROM fact f LEFT JOIN inbound i ON i.kind = 'purchase' AND f.subject = 'purchase:' || i.ref
           LEFT JOIN site s ON s.id = i.site_id
           WHERE f.verb = 'received' AND f.subject NOT LIKE 'transfer:%%' AND f.id > %s ORDER BY f.id""",
    ):
        good, damaged = _units(row["lines"]), _units(row["damaged"])
        for sku in {**good, **damaged}:
            if not good.get(sku) and not damaged.get(sku):
                continue
            yield {
                "po": row["po"],
                "site": row["site"],
                "sku": sku,
                "quantity": good.get(sku, 0),
                "received_at": row["received_at"],
                "damaged": damaged.get(sku) or None,
            }


def _units(detail: str | None) -> dict[str, int]:
    """Units by SKU as a fact has them."""
    units: dict[str, int] = orjson.loads(detail) if detail else {}
    return units


def _pages(names: tuple[str, ...], sql: str) -> Iterator[Row]:
    """Rows by name. The query's first column is the id it is ordered by."""
    last = 0
    while page := rows(f"{sql} LIMIT {AT_ONCE}", [last]):
        for _, *values in page:
            yield dict(zip(names, values, strict=True))
        last = page[-1][0]
