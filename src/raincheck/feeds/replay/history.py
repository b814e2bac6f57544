"""A company's whole history: who is in it, and what happened when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core.errors import Malformed
from raincheck.feeds.replay.catalogue import Catalogue, read_catalogue
from raincheck.feeds.replay.demand_side import DemandSide, read_cancellations
from raincheck.feeds.replay.dirt import Dirt
from raincheck.feeds.replay.happening import (
    Cancelled,
    Happening,
    OrderPlaced,
    PurchasePlaced,
    Received,
    StockCorrected,
    StockCounted,
)
from raincheck.feeds.replay.order_rows import OrderRow, read_order_rows
from raincheck.feeds.replay.supply_side import on_day, read_purchases, read_receipts, read_stock

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.feeds.replay.mapping import FileMap, ReplayMapping

# Of one instant, in this order: what is here, what is on order, what comes in, what is wanted, what no more.
ORDER_OF_AN_INSTANT = (StockCounted, PurchasePlaced, Received, StockCorrected, OrderPlaced, Cancelled)


@dataclass(frozen=True)
class History:
    """All that a replay plays. `home` is product -> the site that keeps it, for corrections that name none."""

    mapping: ReplayMapping
    catalogue: Catalogue
    happenings: tuple[Happening, ...]
    home: dict[str, str]
    starts_at: dt.datetime
    dirt: Dirt


def read_history(mapping: ReplayMapping, files: dict[str, tuple[Path, FileMap]]) -> History:
    """Reads the files of a directory. Raises Malformed for what is no table or lacks a column."""
    zone = ZoneInfo(mapping.settings.timezone)
    dirt = Dirt()
    catalogue = read_catalogue(files, zone, dirt)
    described = set(catalogue.products)
    rows = _order_rows(mapping, files, catalogue, zone, dirt)
    demand: list[Happening] = [*DemandSide(mapping.treatment, files["orders"][1], zone, dirt).happenings(rows)]
    if "cancellations" in files:
        demand += read_cancellations(*files["cancellations"], zone, dirt)
    if not any(isinstance(happening, OrderPlaced) for happening in demand):
        raise Malformed(f"{files['orders'][0]}: holds no order; see the rules under rows in replay.yaml")
    purchases = read_purchases(files, catalogue, zone, dirt)
    receipts = read_receipts(files, purchases, catalogue, zone, dirt)
    dated = [*demand, *receipts, *(purchase for purchase in purchases if purchase.at.year > 1970)]
    starts_on = min(happening.at for happening in dated).astimezone(zone).date()
    starts_at = on_day(starts_on, dt.time(0), zone)
    purchases = [replace(purchase, at=max(purchase.at, starts_at)) for purchase in purchases]
    ends_at = max(happening.at for happening in dated)
    counts = read_stock(files, mapping.treatment, starts_on, catalogue, zone, dirt)
    stock = [count for count in counts if count.at <= ends_at]
    undescribed = set(catalogue.products) - described
    _name_demand(catalogue, demand, undescribed)
    catalogue.describe_products(rows, undescribed)
    demand = _kept_corrections(demand, catalogue, dirt)
    for sku in sorted(undescribed):
        dirt.add("products that no file describes, created", example=sku)
    happenings: list[Happening] = [*stock, *purchases, *receipts, *demand]
    happenings.sort(key=lambda happening: (happening.at, ORDER_OF_AN_INSTANT.index(type(happening))))
    return History(mapping, catalogue, tuple(happenings), _homes(counts, purchases, receipts), starts_at, dirt)


def _order_rows(
    mapping: ReplayMapping,
    files: dict[str, tuple[Path, FileMap]],
    catalogue: Catalogue,
    zone: ZoneInfo,
    dirt: Dirt,
) -> list[OrderRow]:
    """The rows of the orders file under the products' own codes."""
    path, file = files["orders"]
    names = {sku: product.get("name") or "" for sku, product in catalogue.products.items()}
    codes: dict[str, list[str]] = defaultdict(list)
    for sku in names:
        codes[sku.casefold()].append(sku)
    found = []
    for row in read_order_rows(path, file, mapping.rows, names, zone, dirt):
        if row.sku in names:
            found.append(row)
            continue
        alike = codes.get(row.sku.casefold(), [])
        where = f"{path.name}:{row.line}: {row.sku}"
        if len(alike) == 1:
            dirt.add("product codes in another case than the product file's", abs(row.units), where)
            found.append(replace(row, sku=alike[0]))
        elif mapping.treatment.unknown_products == "ignore":
            dirt.add("rows of products that no file describes, ignored", abs(row.units), where)
        else:
            found.append(row)
    return found


def _name_demand(catalogue: Catalogue, demand: list[Happening], undescribed: set[str]) -> None:
    """Makes sure that everything the orders name exists. A product that was never ordered needs no record."""
    for happening in demand:
        if not isinstance(happening, OrderPlaced):
            continue
        if happening.customer is not None:
            catalogue.need_customer(happening.customer, happening.country)
        for line in happening.lines:
            if line.sku not in catalogue.products:
                catalogue.need_product(line.sku)
                undescribed.add(line.sku)


def _kept_corrections(demand: list[Happening], catalogue: Catalogue, dirt: Dirt) -> list[Happening]:
    """Without the corrections of products that nobody describes, orders or supplies: there is nothing to correct."""
    kept = []
    for happening in demand:
        if isinstance(happening, StockCorrected) and happening.sku not in catalogue.products:
            dirt.add("corrections of products never sold or supplied, ignored", abs(happening.units), happening.sku)
        else:
            kept.append(happening)
    return kept


def _homes(stock: list[StockCounted], purchases: list[PurchasePlaced], receipts: list[Received]) -> dict[str, str]:
    homes: dict[str, str] = {}
    for count in stock:
        homes.setdefault(count.sku, count.site)
    for purchase in purchases:
        for line in purchase.lines:
            homes.setdefault(line.sku, purchase.site)
    for receipt in receipts:
        for arrived in receipt.lines:
            homes.setdefault(arrived.sku, receipt.site)
    return homes
