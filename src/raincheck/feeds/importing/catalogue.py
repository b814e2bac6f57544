"""Products, sites, suppliers and customers: what is new is added, what differs is changed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from raincheck.actions.catalogue import save_customers, save_products, save_sites, save_suppliers
from raincheck.feeds.importing.importer import Importer
from raincheck.feeds.records import customer_record, product_record, site_record, supplier_record
from raincheck.store.reads.importing import kits_by_sku
from raincheck.store.reads.records import read_customers, read_products, read_sites, read_suppliers

if TYPE_CHECKING:
    from collections.abc import Callable


class CatalogueImporter(Importer):
    """A kind whose rows are records with a key. A key may come twice only with the same content."""

    def check(self) -> None:
        """Each record once."""
        key = self.table.kind.key[0]
        first: dict[str, int] = {}
        for place in self.table.places():
            code = self.table.value(key, place)
            before = first.setdefault(code, place)
            if before != place and self.table.row(before) != self.table.row(place):
                line = self.table.lines[before]
                self.table.refuse(place, key, f"is on line {line} already, with other content")

    def write(self, progress: Callable[[int], None]) -> None:
        """Adds and changes."""
        rows = {row[self.table.kind.key[0]]: row for row in (self.table.row(place) for place in self.table.places())}
        changed = self.save(rows)
        taken = len(self.table.lines) - len(self.table.refused)
        self.report.imported = changed
        self.report.unchanged = taken - changed
        progress(taken)

    def skus(self) -> set[str]:
        """Suppliers, sites and customers have no book; products lock their own when they are saved."""
        return set()

    @abstractmethod
    def save(self, rows: dict[str, dict[str, Any]]) -> int:
        """Saves rows by code; how many differ from what was there."""


class ProductImporter(CatalogueImporter):
    """Products. Suppliers must be there; parts of kits must be there or in the file."""

    def check(self) -> None:
        """Each product once, and what it refers to."""
        super().check()
        self.refer("supplier", "supplier")
        self.refer("alternative_supplier", "supplier")
        in_file = {self.table.value("sku", place) for place in self.table.places()}
        kits = self._kits()
        for place in list(self.table.places()):
            for part, _ in self.table.value("kit", place) or ():
                if part not in in_file and part not in self.known("product"):
                    self.refuse_unknown(place, "kit", "product", part, in_file)
                elif part in kits:
                    self.table.refuse(place, "kit", f"{part} is a kit itself: name its parts")

    def _kits(self) -> set[str]:
        """The products that are kits once the file is in."""
        kits = set(kits_by_sku())
        if "kit" in self.table.columns:
            for place in self.table.places():
                change = kits.add if self.table.value("kit", place) else kits.discard
                change(self.table.value("sku", place))
        return kits

    def save(self, rows: dict[str, dict[str, Any]]) -> int:
        known = {record.sku: record for record in read_products(rows)}
        records = [product_record(row, known.get(code)) for code, row in rows.items()]
        differing = [record for record in records if record != known.get(record.sku)]
        save_products(differing, actor=self.actor)
        return len(differing)


class SiteImporter(CatalogueImporter):
    """Sites."""

    def save(self, rows: dict[str, dict[str, Any]]) -> int:
        known = {record.code: record for record in read_sites(rows)}
        records = [site_record(row, known.get(code)) for code, row in rows.items()]
        differing = [record for record in records if record != known.get(record.code)]
        save_sites(differing)
        return len(differing)


class SupplierImporter(CatalogueImporter):
    """Suppliers."""

    def save(self, rows: dict[str, dict[str, Any]]) -> int:
        known = {record.code: record for record in read_suppliers(rows)}
        records = [supplier_record(row, known.get(code)) for code, row in rows.items()]
        differing = [record for record in records if record != known.get(record.code)]
        save_suppliers(differing)
        return len(differing)


class CustomerImporter(CatalogueImporter):
    """Customers."""

    def save(self, rows: dict[str, dict[str, Any]]) -> int:
        known = {record.code: record for record in read_customers(rows)}
        records = [customer_record(row, known.get(code)) for code, row in rows.items()]
        differing = [record for record in records if record != known.get(record.code)]
        save_customers(differing)
        return len(differing)
