"""The catalogue as records, as an import writes and an export reads them."""

from collections.abc import Collection, Iterator
from typing import Any

from raincheck.store.db import rows
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

AT_ONCE = 5_000


def read_products(skus: Collection[str] | None = None) -> Iterator[ProductRecord]:
    """Products by SKU: those named, or all."""
    parts: dict[str, dict[str, int]] = {}
    for kit, part, units in rows(
        """SELECT k.sku, p.sku, t.units FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id ORDER BY t.id"""
    ):
        parts.setdefault(kit, {})[part] = units
    for values in _by_code(
        """SELECT p.sku, p.name, p.price, p.currency, s.code, p.cost, p.moq, p.pack, p.available_from, p.category,
                  p.style, p.size, p.colour, p.gtin, p.backorder, p.backorder_limit, p.criticality, p.weight_g, a.code,
                  p.alternative_cost
           FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id
           LEFT JOIN supplier a ON a.id = p.alternative_supplier_id""",
        "p.sku",
        skus,
    ):
        yield ProductRecord(*(*values, parts.get(values[0], {})))


def read_sites(codes: Collection[str] | None = None) -> Iterator[SiteRecord]:
    """Sites by code: those named, or all."""
    sql = """SELECT code, name, country, postcode, latitude, longitude, timezone, cutoff, working_days FROM site"""
    for *values, working_days in _by_code(sql, "code", codes):
        yield SiteRecord(*(*values, tuple(working_days.split())))


def read_suppliers(codes: Collection[str] | None = None) -> Iterator[SupplierRecord]:
    """Suppliers by code: those named, or all."""
    sql = "SELECT code, name, country, email, lead_time_days, min_order_value FROM supplier"
    for values in _by_code(sql, "code", codes):
        yield SupplierRecord(*values)


def read_customers(codes: Collection[str] | None = None) -> Iterator[CustomerRecord]:
    """Customers by code: those named, or all."""
    sql = "SELECT code, name, email, phone, tier, country, postcode FROM customer"
    for values in _by_code(sql, "code", codes):
        yield CustomerRecord(*values)


def _by_code(sql: str, code: str, codes: Collection[str] | None) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of their codes, a page at a time."""
    if codes is not None:
        yield from rows(f"{sql} WHERE {code} = ANY(%s) ORDER BY {code}", [list(codes)])
        return
    last = ""
    while page := rows(f"{sql} WHERE {code} > %s ORDER BY {code} LIMIT {AT_ONCE}", [last]):
        yield from page
        last = page[-1][0]
