"""A small shop whose customers pay by card through the local test processor."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from raincheck.actions.catalogue import save_customers, save_products, save_settings, save_sites, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord


def open_shop(at: datetime, lamps: int = 10, **settings: Any) -> None:
    """One site, lamps for 40.00, and Ann; cards are charged as parcels leave."""
    save_settings(Settings(card_payments=True, **settings), at=at)
    save_sites([SiteRecord("main")])
    save_products([ProductRecord("lamp", price=Decimal("40.00"))], at)
    save_customers([CustomerRecord("ann", email="ann@example.com")])
    set_stock("main", {"lamp": lamps}, at)


def order(ref: str, units: int, at: datetime, card: str = "tok_visa") -> None:
    """Places an order and carries out what the processor is asked for it."""
    place_order(OrderRequest(ref, (AskedLine("lamp", units),), customer="ann", card=card), at)
    pay(at)


def pay(at: datetime) -> None:
    """The processor answers everything that waits."""
    carry_out_all(LocalProcessor(), at)
