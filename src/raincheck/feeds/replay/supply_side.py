"""What came in: opening stock, purchase orders and their deliveries, out of their files."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from raincheck.feeds.replay.catalogue import read_rows
from raincheck.feeds.replay.happening import PurchaseLine, PurchasePlaced, ReceiptLine, Received, StockCounted

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from raincheck.feeds.replay.catalogue import Catalogue, Row
    from raincheck.feeds.replay.dirt import Dirt
    from raincheck.feeds.replay.mapping import FileMap, Treatment

Files = dict[str, tuple["Path", "FileMap"]]


def on_day(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """A time of day in the company's zone, as UTC."""
    return dt.datetime.combine(day, at, zone).astimezone(dt.UTC)


def timed(instant: dt.datetime, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """An instant; one that a file gives as a day alone happens at the time of day that the mapping says."""
    local = instant.astimezone(zone)
    return on_day(local.date(), at, zone) if local.time() == dt.time(0) else instant


def read_purchases(files: Files, catalogue: Catalogue, zone: ZoneInfo, dirt: Dirt) -> list[PurchasePlaced]:
    """The purchase orders by number. Rows that contradict their order's first row are left out and counted."""
    if "purchase-orders" not in files:
        return []
    path, file = files["purchase-orders"]
    heads: dict[str, Row] = {}
    lines: dict[str, dict[str, PurchaseLine]] = defaultdict(dict)
    for line, row in read_rows(path, "purchase-orders", file, zone, dirt):
        head = heads.setdefault(row["po"], row)
        if (head["supplier"], head["site"]) != (row["supplier"], row["site"]):
            dirt.add("purchase order rows that contradict their order", example=f"{path.name}:{line}: {row['po']}")
            continue
        due_on = row.get("due_on")
        if due_on and head.get("ordered_on") and due_on < head["ordered_on"]:
            dirt.add("purchase orders due before they were ordered", example=f"{path.name}:{line}: {row['po']}")
            due_on = head["ordered_on"]
        catalogue.need_site(row["site"])
        catalogue.need_supplier(row["supplier"])
        catalogue.need_product(row["sku"], row["supplier"], row.get("unit_cost"))
        known = lines[row["po"]].get(row["sku"])
        if known:
            dirt.add("purchase order lines of one product, added up", row["quantity"])
        units = row["quantity"] + (known.units if known else 0)
        lines[row["po"]][row["sku"]] = PurchaseLine(row["sku"], units, row.get("unit_cost"), due_on)
    undated = [po for po, head in heads.items() if head.get("ordered_on") is None]
    for po in undated:
        dirt.add("purchase orders without a date, on order from the start", example=f"{path.name}: {po}")
    return [
        PurchasePlaced(
            on_day(head.get("ordered_on") or dt.date.min.replace(year=1970), file.at, zone),
            po,
            head["supplier"],
            head["site"],
            head.get("state") or "sent",
            tuple(lines[po].values()),
        )
        for po, head in heads.items()
    ]


def read_receipts(
    files: Files, purchases: list[PurchasePlaced], catalogue: Catalogue, zone: ZoneInfo, dirt: Dirt
) -> list[Received]:
    """The deliveries: what one purchase order brought at one instant. Never before the order was placed."""
    if "receipts" not in files:
        return []
    path, file = files["receipts"]
    ordered_at = {purchase.po: purchase.at for purchase in purchases}
    found: dict[tuple[str | None, str, dt.datetime], dict[str, tuple[int, int]]] = defaultdict(dict)
    latest: dict[str, dt.datetime] = {}
    for line, row in read_rows(path, "receipts", file, zone, dirt):
        where = f"{path.name}:{line}: {row.get('po') or row['sku']}"
        po = row.get("po")
        if row.get("received_at") is None:
            dirt.add("deliveries without a date, not received", row["quantity"], where)
            continue
        if po is not None and po not in ordered_at:
            dirt.add("deliveries of an unknown purchase order, received without one", row["quantity"], where)
            po = None
        at = timed(row["received_at"], file.at, zone)
        if po is not None and at < ordered_at[po]:
            dirt.add("deliveries before their purchase order, received with it", row["quantity"], where)
            at = ordered_at[po]
        catalogue.need_site(row["site"])
        catalogue.need_product(row["sku"])
        units, damaged = found[po, row["site"], at].get(row["sku"], (0, 0))
        found[po, row["site"], at][row["sku"]] = (units + row["quantity"], damaged + (row.get("damaged") or 0))
        if not row["quantity"] and not row.get("damaged"):
            dirt.add("deliveries of nothing", example=where)
        if po is not None:
            latest[po] = max(latest.get(po, at), at)
    return [
        Received(
            at,
            po,
            site,
            tuple(ReceiptLine(sku, *units) for sku, units in lines.items() if any(units)),
            is_last=po is not None and latest[po] == at,
        )
        for (po, site, at), lines in found.items()
    ]


def read_stock(
    files: Files,
    treatment: Treatment,
    starts_on: dt.date,
    catalogue: Catalogue,
    zone: ZoneInfo,
    dirt: Dirt,
) -> list[StockCounted]:
    """The opening stock, counted at the start or on each product's first day."""
    if "stock" not in files:
        return []
    path, file = files["stock"]
    counts: dict[tuple[str, str], StockCounted] = {}
    for line, row in read_rows(path, "stock", file, zone, dirt):
        catalogue.need_site(row["site"])
        catalogue.need_product(row["sku"])
        first_on = catalogue.products[row["sku"]].get("available_from")
        counts_on = starts_on
        if treatment.opening_stock == "available_from" and first_on:
            counts_on = max(starts_on, first_on)
        key = (row["site"], row["sku"])
        if key in counts:
            dirt.add("stock named twice, the last counts", row["on_hand"], f"{path.name}:{line}: {row['sku']}")
        counts[key] = StockCounted(on_day(counts_on, dt.time(0), zone), row["site"], row["sku"], row["on_hand"])
    return list(counts.values())
