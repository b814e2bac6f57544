"""The company that a drill starts with: sites, suppliers, products, customers, stock, purchase orders."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.moments import Clock, read_date
from raincheck.drill.reading.names import Kind, Names
from raincheck.drill.reading.problems import shown
from raincheck.drill.reading.settings import (
    MOST_DAYS,
    read_country,
    read_currency,
    read_days,
    read_timezone,
    read_working_days,
)
from raincheck.drill.scenario import (
    BACKORDERS,
    CRITICALITIES,
    LAWS,
    PURCHASE_STATES,
    TIERS,
    PurchaseOrder,
)
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.sellers import SellerRecord

Readers = dict[str, Callable[[Entry], Any]]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def read_sites(entry: Entry | None) -> tuple[SiteRecord, ...]:
    """The sites by name."""
    readers: Readers = {
        "name": Entry.text,
        "country": read_country,
        "postcode": _text(20),
        "latitude": lambda value: float(value.number(least=-90, most=90)),
        "longitude": lambda value: float(value.number(least=-180, most=180)),
        "timezone": read_timezone,
        "cutoff": _time,
        "working_days": read_working_days,
        "parcel_cost": Entry.money,
        "parcel_cost_abroad": Entry.money,
    }
    return tuple(SiteRecord(code=name, **values) for name, values in _table(entry, readers))


def read_suppliers(entry: Entry | None) -> tuple[tuple[SupplierRecord, ...], dict[str, tuple[int, ...]]]:
    """The suppliers by name, and their lateness on record."""
    readers: Readers = {
        "name": Entry.text,
        "country": read_country,
        "email": _email,
        "lead_time_days": read_days,
        "min_order_value": Entry.money,
        "lateness_days": lambda value: tuple(day.whole(-MOST_DAYS, MOST_DAYS) for day in value.each()),
    }
    table = _table(entry, readers)
    lateness_days = {name: values.pop("lateness_days") for name, values in table if "lateness_days" in values}
    return tuple(SupplierRecord(code=name, **values) for name, values in table), lateness_days


def read_sellers(entry: Entry | None) -> tuple[SellerRecord, ...]:
    """The sellers of record by name, with the law and the working days that each has of its own."""
    readers: Readers = {
        "name": Entry.text,
        "address": _text(300),
        "timezone": read_timezone,
        "working_days": read_working_days,
        "holidays": lambda value: tuple(sorted({read_date(day) for day in value.each()})),
        "law": lambda value: value.choice(LAWS),
    }
    return tuple(SellerRecord(code=name, **values) for name, values in _table(entry, readers))


def read_products(entry: Entry | None, names: Names) -> tuple[ProductRecord, ...]:
    """The products by SKU."""
    readers: Readers = {
        "name": Entry.text,
        "price": Entry.money,
        "currency": read_currency,
        "supplier": lambda value: names.read(value, "supplier"),
        "cost": Entry.money,
        "moq": lambda value: value.whole(1),
        "pack": lambda value: value.whole(1),
        "available_from": read_date,
        "category": _text(100),
        "style": _text(100),
        "size": _text(100),
        "colour": _text(100),
        "gtin": _gtin,
        "backorder": lambda value: value.choice(BACKORDERS),
        "backorder_limit": Entry.whole,
        "criticality": lambda value: value.choice(CRITICALITIES),
        "weight_g": Entry.whole,
        "alternative_supplier": lambda value: names.read(value, "supplier"),
        "alternative_cost": Entry.money,
        "seller": lambda value: names.read(value, "seller"),
    }
    names.declare("product", entry.named() if entry else ())
    readers["kit"] = lambda value: _parts(value, names)
    table = _table(entry, readers)
    names.sellers |= {sku: values.pop("seller") for sku, values in table if "seller" in values}
    names.kits |= {sku: tuple(values["kit"]) for sku, values in table if values.get("kit")}
    for sku, value in (entry.named() if entry else {}).items():
        for part in names.kits.get(sku, ()):
            if part in names.kits:
                why = "part of itself" if part == sku else f"made of a kit ({shown(part)}): name that one's parts"
                value.refuse(f"a kit cannot be {why}")
    return tuple(ProductRecord(sku=sku, **values) for sku, values in table)


def _parts(entry: Entry, names: Names) -> dict[str, int]:
    """What one kit is made of: units by SKU."""
    return read_units(entry, names, least=1)


def read_customers(entry: Entry | None) -> tuple[CustomerRecord, ...]:
    """The customers by name."""
    readers: Readers = {
        "name": Entry.text,
        "email": _email,
        "phone": _text(40),
        "tier": lambda value: value.choice(TIERS),
        "country": read_country,
        "postcode": _text(20),
    }
    return tuple(CustomerRecord(code=name, **values) for name, values in _table(entry, readers))


def read_stock(entry: Entry | None, names: Names) -> dict[str, dict[str, int]]:
    """Units on hand at the start, by site and SKU."""
    stock = {}
    for site, held in (entry.named() if entry else {}).items():
        if names.check(held, "site", site):
            stock[site] = read_units(held, names, least=0, some=False, stocked=True)
    return stock


def read_units(entry: Entry, names: Names, *, least: int, some: bool = True, stocked: bool = False) -> dict[str, int]:
    """Units by SKU, each at least ``least``; ``some``: at least one SKU is named; ``stocked``: none is a kit."""
    units = {}
    lines = entry.named()
    for sku, value in lines.items():
        names.check(value, "product", sku)
        if stocked:
            names.check_stocked(value, sku)
        units[sku] = value.whole(least)
    if some and not lines and (entry.is_mapping or entry.is_nothing):
        entry.refuse("names no product")
    return units


def read_purchase_orders(entry: Entry | None, names: Names, clock: Clock) -> tuple[PurchaseOrder, ...]:
    """The purchase orders that exist at the start."""
    found = []
    for po, value in (entry.named() if entry else {}).items():
        keys = ("supplier", "site", "due", "state", "lines")
        fields = value.fields(keys, required=("supplier", "site", "lines"))
        order = read_purchase(value, fields, po, names, clock)
        names.declare_lines("purchase order", po, order.lines)
        found.append(order)
    return tuple(found)


def read_purchase(entry: Entry, fields: dict[str, Entry], po: str, names: Names, clock: Clock) -> PurchaseOrder:
    """A purchase order. Without ``state`` it is confirmed if it has a date, else a draft."""
    due_on = clock.day(fields["due"]) if "due" in fields else None
    state = "confirmed" if due_on else "draft"
    if "state" in fields:
        state = fields["state"].choice(PURCHASE_STATES)
    if state == "confirmed" and due_on is None:
        entry.refuse("a confirmed purchase order needs `due`")
    return PurchaseOrder(
        po=po,
        supplier=_reference(fields, "supplier", names),
        site=_reference(fields, "site", names),
        due_on=due_on,
        state=state,
        lines=read_units(fields["lines"], names, least=1, stocked=True) if "lines" in fields else {},
    )


def _reference(fields: dict[str, Entry], key: Kind, names: Names) -> str:
    return names.read(fields[key], key) if key in fields else ""


def _table(entry: Entry | None, readers: Readers) -> list[tuple[str, dict[str, Any]]]:
    rows = []
    for name, value in (entry.named() if entry else {}).items():
        fields = value.fields(readers)
        rows.append((name, {key: read(fields[key]) for key, read in readers.items() if key in fields}))
    return rows


def _text(longest: int) -> Callable[[Entry], str]:
    return lambda entry: entry.text(longest)


def _email(entry: Entry) -> str:
    email = entry.text()
    if email and not _EMAIL.fullmatch(email):
        entry.refuse(f"{shown(email)!r} is not an e-mail address")
    return email


def _gtin(entry: Entry) -> str:
    gtin = entry.text()
    if gtin and not _GTIN.fullmatch(gtin):
        entry.refuse(f"{shown(gtin)!r} is not a GTIN: 8, 12, 13 or 14 digits")
    return gtin


def _time(entry: Entry) -> time:
    text = entry.text()
    match = _TIME.fullmatch(text)
    if not match:
        entry.refuse(f"{shown(text)!r} is not a time of day such as 16:30")
        return time()
    return time(int(match[1]), int(match[2]))
