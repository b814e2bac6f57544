"""Rows of catalogue files as the records that the store keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = TypeVar("Record", ProductRecord, SiteRecord, SupplierRecord, CustomerRecord)


def product_record(row: Mapping[str, Any], known: ProductRecord | None = None) -> ProductRecord:
    """A product as a row says; what the row has no column for stays as it is known."""
    given = {name: value for name, value in row.items() if name != "kit"}
    if "kit" in row:
        given["kit"] = dict(row["kit"] or ())
    return _over(ProductRecord(row["sku"]), known, given)


def site_record(row: Mapping[str, Any], known: SiteRecord | None = None) -> SiteRecord:
    """A site, likewise."""
    return _over(SiteRecord(row["site"]), known, {name: value for name, value in row.items() if name != "site"})


def supplier_record(row: Mapping[str, Any], known: SupplierRecord | None = None) -> SupplierRecord:
    """A supplier, likewise."""
    given = {name: value for name, value in row.items() if name != "supplier"}
    return _over(SupplierRecord(row["supplier"]), known, given)


def customer_record(row: Mapping[str, Any], known: CustomerRecord | None = None) -> CustomerRecord:
    """A customer, likewise."""
    given = {name: value for name, value in row.items() if name != "customer"}
    return _over(CustomerRecord(row["customer"]), known, given)


def _over(blank: Record, known: Record | None, given: Mapping[str, Any]) -> Record:
    """An empty cell empties the field."""
    values = {name: getattr(blank, name) if value is None else value for name, value in given.items()}
    return replace(known or blank, **values)
