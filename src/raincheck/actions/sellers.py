"""Keep the sellers of record of a marketplace, and which products they sell."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from raincheck.core.calendar import WEEKDAYS
from raincheck.core.errors import Malformed
from raincheck.store import sellers
from raincheck.store.catalogue import find_products
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.sellers import SellerRecord

LAWS: Final = ("", "none", "us-ftc-435", "eu-2011-83")


def save_sellers(records: Iterable[SellerRecord], seller_by_sku: Mapping[str, str] | None = None) -> None:
    """Inserts or changes sellers, and says who sells products from now on. Raises Malformed, NotFound."""
    for record in records:
        _check(record)
    with transaction.atomic():
        for record in records:
            sellers.write_seller(record)
        found = find_products(seller_by_sku or {})
        for sku, code in (seller_by_sku or {}).items():
            sellers.write_product_seller(found[sku].id, code)


def save_seller(record: SellerRecord, at: datetime | None = None, actor: str = "") -> None:
    """Inserts or changes one seller, on record. Running clocks keep their law; deadlines from now on are its own."""
    with transaction.atomic():
        save_sellers([record])
        _ = Outbox(at or database_now(), "seller_saved", f"seller:{record.code}", actor, {"law": record.law}).fact


def say_who_sells(sku: str, code: str, at: datetime | None = None, actor: str = "") -> None:
    """Says who sells a product in orders to come; an empty code: the company itself. Raises NotFound."""
    with transaction.atomic():
        save_sellers((), {sku: code})
        _ = Outbox(at or database_now(), "seller_of_product", f"product:{sku}", actor, {"seller": code}).fact


def _check(record: SellerRecord) -> None:
    if not record.code.strip() or len(record.code) > 100:
        raise Malformed("a seller needs a code of at most 100 characters")
    if record.law not in LAWS:
        raise Malformed(f"seller {record.code!r}: law must be one of none, us-ftc-435, eu-2011-83, not {record.law!r}")
    if not set(record.working_days) <= set(WEEKDAYS):
        raise Malformed(f"seller {record.code!r}: working_days are among {', '.join(WEEKDAYS)}")
    if record.timezone:
        try:
            ZoneInfo(record.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise Malformed(f"seller {record.code!r}: timezone {record.timezone!r} is not known") from error
