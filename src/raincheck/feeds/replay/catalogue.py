"""The company that a history needs: what its files describe, and what they name without describing it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from raincheck.feeds.kinds import KINDS
from raincheck.feeds.read import open_reading
from raincheck.feeds.replay.order_rows import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from raincheck.feeds.replay.dirt import Dirt
    from raincheck.feeds.replay.mapping import FileMap
    from raincheck.feeds.replay.order_rows import OrderRow

Row = dict[str, Any]


@dataclass
class Catalogue:
    """Code -> the row that an import of that kind would take, for suppliers, sites, products and customers."""

    suppliers: dict[str, Row] = field(default_factory=dict)
    sites: dict[str, Row] = field(default_factory=dict)
    products: dict[str, Row] = field(default_factory=dict)
    customers: dict[str, Row] = field(default_factory=dict)

    def need_site(self, code: str) -> None:
        self.sites.setdefault(code, {"site": code})

    def need_supplier(self, code: str) -> None:
        self.suppliers.setdefault(code, {"supplier": code})

    def need_customer(self, code: str, country: str | None) -> None:
        """A customer lives where the first order went."""
        self.customers.setdefault(code, {"customer": code, "country": country})

    def need_product(self, sku: str, supplier: str | None = None, cost: Decimal | None = None) -> None:
        self.products.setdefault(sku, {"sku": sku, "supplier": supplier, "cost": cost})

    def describe_products(self, rows: Iterable[OrderRow], undescribed: set[str]) -> None:
        """Name and price of products that no file describes: what most of their paid lines say."""
        names: dict[str, list[str]] = {}
        prices: dict[str, list[Decimal]] = {}
        for row in rows:
            if row.sku in undescribed and row.unit_price:
                prices.setdefault(row.sku, []).append(row.unit_price)
                if row.description:
                    names.setdefault(row.sku, []).append(row.description)
        for sku in undescribed:
            product = self.products[sku]
            if sku in prices:
                product["price"] = statistics.median_low(prices[sku])
            if sku in names:
                product["name"] = statistics.mode(names[sku])[:200]


def read_rows(path: Path, kind: str, file: FileMap, zone: ZoneInfo, dirt: Dirt) -> Iterator[tuple[int, Row]]:
    """The good rows of a file with their lines, its constants filled in. The others are counted in `dirt`.

    Cells that contradict each other, such as a delivery of nothing, are left to the caller.
    """
    constants = {name: KINDS[kind].column(name).type.read(text, zone) for name, text in file.constants.items()}
    with open_reading(
        path, KINDS[kind], file.columns, zone, replaced=file.values, leave_out=True, check_rows=False
    ) as reading:
        for batch in reading.batches():
            for line, row in batch.rows():
                yield line, constants | row
    for refusal in reading.refusals:
        dirt.add(f"{UNREADABLE} ({kind})", example=f"{path.name}:{refusal}")


def read_catalogue(files: dict[str, tuple[Path, FileMap]], zone: ZoneInfo, dirt: Dirt) -> Catalogue:
    """What the directory's files describe. A supplier that products alone name is known by its code."""
    catalogue = Catalogue()
    for kind, rows, key in (
        ("suppliers", catalogue.suppliers, "supplier"),
        ("sites", catalogue.sites, "site"),
        ("products", catalogue.products, "sku"),
        ("customers", catalogue.customers, "customer"),
    ):
        if kind not in files:
            continue
        path, file = files[kind]
        for line, row in read_rows(path, kind, file, zone, dirt):
            if row[key] in rows:
                dirt.add(f"{kind} named twice, the first counts", example=f"{path.name}:{line}: {row[key]}")
            else:
                rows[row[key]] = row
    for product in catalogue.products.values():
        for name in ("supplier", "alternative_supplier"):
            if product.get(name):
                catalogue.need_supplier(product[name])
    return catalogue
