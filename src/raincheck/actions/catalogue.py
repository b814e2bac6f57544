"""Keep the catalogue: products, sites, suppliers, customers, and the opening stock. What changes serves the queue."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, Refused
from raincheck.core.settings import Settings, check_settings
from raincheck.store import catalogue_write, inbound, ledger
from raincheck.store.catalogue import find_products, find_site, find_sites, find_supplier
from raincheck.store.company import read_settings, write_settings
from raincheck.store.kits import decided_with, find_stocked
from raincheck.store.locks import database_now, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.payments import has_money_moved
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.timers import TimerKind, set_timers
from raincheck.words.currencies import currency_names, nearest_currency


def save_suppliers(records: Sequence[SupplierRecord]) -> int:
    """Inserts or changes suppliers; how many rows changed."""
    with transaction.atomic():
        return catalogue_write.write_suppliers(records)


def save_sites(records: Sequence[SiteRecord], at: datetime | None = None) -> int:
    """Inserts or changes sites; how many rows changed. What waits for their stock is looked at next."""
    with transaction.atomic():
        changed = catalogue_write.write_sites(records)
        if changed:
            sites = find_sites(record.code for record in records)
            set_timers((at or database_now(), TimerKind.CLOSING, site) for site in sites)
        return changed


def save_customers(records: Sequence[CustomerRecord]) -> int:
    """Inserts or changes customers; how many rows changed."""
    with transaction.atomic():
        return catalogue_write.write_customers(records)


def save_products(records: Sequence[ProductRecord], at: datetime | None = None, actor: str = "") -> int:
    """Inserts or changes products and gives their queues a pass; how many changed. Raises NotFound for a supplier."""
    with transaction.atomic():
        changed = catalogue_write.write_products(records)
        products = find_products(changed)
        locked = lock_products(decided_with(products.values()), at)
        calendar = read_settings().calendar
        set_timers(
            (calendar.start_of(product.available_from), TimerKind.AVAILABLE, product.id)
            for product in products.values()
            if product.available_from is not None and product.available_from > calendar.day_of(locked.at)
        )
        outbox = Outbox(locked.at, "products_saved", "catalogue", actor, {"products": len(changed)})
        if changed:
            run_pass(locked, outbox)
        outbox.flush()
    return len(changed)


def save_settings(settings: Settings, name: str | None = None, at: datetime | None = None, actor: str = "") -> None:
    """Stores the company's settings. Dates already told stay; the next fact on a product applies the new rules.

    Raises Malformed for what no company can run under; Refused for another currency once money has moved: what was
    charged in one cannot be given back in another.
    """
    check_settings(settings)
    with transaction.atomic():
        currency = read_settings().currency
        if settings.currency != currency:
            _check_currency(settings.currency)
        if settings.currency != currency and has_money_moved():
            raise Refused(f"orders were charged in {currency}, so the currency cannot become {settings.currency}")
        write_settings(settings, name)
        outbox = Outbox(at or database_now(), "settings_saved", "company", actor)
        _ = outbox.fact


def set_stock(
    site: str, units_by_sku: Mapping[str, int], at: datetime | None = None, actor: str = "", kind: str = "opening"
) -> int:
    """Opening stock: sets what is on hand where nothing is entered yet, and by difference else; rows that changed."""
    with transaction.atomic():
        products = find_stocked(units_by_sku)
        site_id = find_site(site)
        locked = lock_products((product.id for product in products.values()), at)
        levels = ledger.levels_at(site_id, [products[sku].id for sku in units_by_sku])
        movements = [
            ledger.Movement(levels[products[sku].id][0], units - levels[products[sku].id][1], kind)
            for sku, units in units_by_sku.items()
        ]
        moved = [movement for movement in movements if movement.on_hand_units]
        if moved:
            outbox = Outbox(locked.at, "stock_set", f"site:{site}", actor, {"products": len(moved)})
            ledger.post(moved, locked.at, outbox.fact, kind)
            run_pass(locked, outbox)
            outbox.flush()
    return len(moved)


def record_lateness(supplier: str, lateness_days: Sequence[int], on: date) -> None:
    """Puts past deliveries of a supplier on record."""
    with transaction.atomic():
        id_ = find_supplier(supplier)
        for days in lateness_days:
            inbound.record_lateness(id_, days, on, None)


def _check_currency(code: str) -> None:
    """Raises Malformed for a currency that does not exist."""
    if code not in currency_names():
        near = nearest_currency(code)
        hint = f"did you mean {near}?" if near else "write its ISO 4217 code, such as EUR"
        raise Malformed(f"there is no currency {code!r}: {hint}")
