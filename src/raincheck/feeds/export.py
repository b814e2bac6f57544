"""Writes a kind's records as a CSV file with the columns of its import: importing it changes nothing."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from raincheck.store.reads import exports
from raincheck.store.reads.company import company_face
from raincheck.store.reads.records import read_customers, read_products, read_sites, read_suppliers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.feeds.kinds import Kind

Row = dict[str, Any]


def _products() -> Iterator[Row]:
    for record in read_products():
        yield {name: getattr(record, name) for name in record.__slots__} | {"kit": tuple(record.kit.items())}


def _sites() -> Iterator[Row]:
    for record in read_sites():
        yield {name: getattr(record, name) for name in record.__slots__} | {"site": record.code}


def _suppliers() -> Iterator[Row]:
    for record in read_suppliers():
        yield {name: getattr(record, name) for name in record.__slots__} | {"supplier": record.code}


def _customers() -> Iterator[Row]:
    for record in read_customers():
        yield {name: getattr(record, name) for name in record.__slots__} | {"customer": record.code}


EXPORTS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "products": _products,
    "sites": _sites,
    "suppliers": _suppliers,
    "customers": _customers,
    "stock": exports.stock,
    "orders": exports.orders,
    "cancellations": exports.cancellations,
    "purchase-orders": exports.purchase_orders,
    "receipts": exports.receipts,
}


def export(kind: Kind, out: IO[str]) -> int:
    """Writes all records of a kind; how many rows. Times stand in the company's zone, with their offset."""
    zone = ZoneInfo(company_face().timezone)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in kind.columns])
    rows = 0
    for row in EXPORTS[kind.name]():
        writer.writerow([_cell(column.type.write, row.get(column.name), zone) for column in kind.columns])
        rows += 1
    return rows


def _cell(write: Callable[[Any, ZoneInfo], str], value: Any, zone: ZoneInfo) -> str:
    """A value's text; nothing for what is not given."""
    return "" if value is None or value in ("", ()) else write(value, zone)
