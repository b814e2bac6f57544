"""What an import compares its rows with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from raincheck.store.db import rows

ROW_IMPORTED = "row_imported"
"""The verb of the fact that a row without a key of its own was imported."""


def kits_by_sku() -> dict[str, list[str]]:
    """The products that are kits, with the SKUs of their parts."""
    found = rows(
        """SELECT k.sku, array_agg(p.sku ORDER BY t.id) FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id GROUP BY k.sku"""
    )
    return dict(found)


def units_on_hand() -> dict[tuple[str, str], int]:
    """(site, SKU) -> units on hand, of every stock level."""
    found = rows(
        """SELECT s.code, p.sku, l.on_hand FROM stock_level l JOIN site s ON s.id = l.site_id
           JOIN product p ON p.id = l.product_id"""
    )
    return {(site, sku): units for site, sku, units in found}


@dataclass(frozen=True, slots=True)
class KnownPurchase:
    """A purchase order that is there. `units` are those ordered, by SKU."""

    supplier: str
    site: str
    state: str
    due_on: date | None
    units: dict[str, int]


def known_purchases(pos: Sequence[str]) -> dict[str, KnownPurchase]:
    """Purchase orders by number, those that are there."""
    found: dict[str, KnownPurchase] = {}
    for po, supplier, site, state, due_on, sku, units in rows(
        """SELECT i.ref, u.code, s.code, i.state, l.due_on, p.sku, l.ordered
           FROM inbound i JOIN inbound_line l ON l.inbound_id = i.id JOIN product p ON p.id = l.product_id
           JOIN site s ON s.id = i.site_id LEFT JOIN supplier u ON u.id = i.supplier_id
           WHERE i.kind = 'purchase' AND i.ref = ANY(%s)""",
        [list(pos)],
    ):
        found.setdefault(po, KnownPurchase(supplier, site, state, due_on, {})).units[sku] = units
    return found


def skus_of_orders(refs: Sequence[str]) -> dict[str, frozenset[str]]:
    """The products on each of these orders."""
    found = rows(
        """SELECT o.ref, array_agg(p.sku) FROM sales_order o JOIN order_line l ON l.order_id = o.id
           JOIN product p ON p.id = l.product_id WHERE o.ref = ANY(%s) GROUP BY o.ref""",
        [list(refs)],
    )
    return {ref: frozenset(skus) for ref, skus in found}


def open_units(ref: str, sku: str) -> int:
    """Units of an order's line that can still be cancelled."""
    found = rows(
        """SELECT l.reserved + l.backordered + l.preordered - l.cancel_requested_units
           FROM sales_order o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id
           WHERE o.ref = %s AND p.sku = %s""",
        [ref, sku],
    )
    return int(found[0][0]) if found else 0


def known_marks(marks: Sequence[str]) -> frozenset[str]:
    """Which of these marks are on record."""
    found = rows("SELECT subject FROM fact WHERE verb = %s AND subject = ANY(%s)", [ROW_IMPORTED, list(marks)])
    return frozenset(mark for (mark,) in found)


def facts_of(verb: str, subjects: Sequence[str]) -> dict[tuple[str, datetime], dict[str, dict[str, int]]]:
    """(subject, instant) -> detail of what was done to these subjects."""
    found = rows("SELECT subject, at, detail FROM fact WHERE verb = %s AND subject = ANY(%s)", [verb, list(subjects)])
    return {(subject, at): orjson.loads(detail) for subject, at, detail in found}
