"""A shop that takes cards, step by step: orders, what the processor answers, what moved."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from raincheck.actions.catalogue import save_products, save_settings, save_sites, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows
from raincheck.store.records import ProductRecord, SiteRecord

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(days: float) -> datetime:
    return STARTS_AT + timedelta(days=days)


def open_shop(stock: int = 0, price: str = "40.00", **settings: Any) -> None:
    """A shop with lamps that takes cards."""
    save_settings(Settings(**{"card_payments": True, **settings}), at=STARTS_AT)
    save_sites([SiteRecord("east")])
    save_products([ProductRecord("lamp", price=Decimal(price))], at=STARTS_AT)
    if stock:
        set_stock("east", {"lamp": stock}, at=STARTS_AT)


def order(units: int, card: str = "tok_visa", ref: str = "O1", **paid: Any) -> None:
    place_order(OrderRequest(ref, (AskedLine("lamp", units),), card=card, **paid), at=STARTS_AT)


def process(days: float = 0) -> int:
    """The processor answers everything that it is asked."""
    return carry_out_all(LocalProcessor(in_drill=True), at(days))


def pay_until(days: float) -> None:
    """Time passes, with what falls due and what the processor answers."""
    processor = LocalProcessor(in_drill=True)
    run_due(at(days), lambda until: carry_out_all(processor, until) > 0)


def ledger(ref: str = "O1") -> list[tuple[str, str]]:
    """What moved, in order."""
    found = rows(
        "SELECT kind, amount FROM payment m JOIN sales_order o ON o.id = m.order_id WHERE o.ref = %s ORDER BY m.id",
        [ref],
    )
    return [(kind, f"{amount:.2f}") for kind, amount in found]


def shipped(ref: str = "O1") -> int:
    return int(
        one("SELECT shipped FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.ref = %s", [ref])[0]
    )
