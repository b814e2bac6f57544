"""A shop that sells under a law, for tests: one lamp, one customer in New York, a virtual clock."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from raincheck.actions.catalogue import save_customers, save_products, save_settings, save_sites, save_suppliers
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.sellers import SellerRecord

OPENED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NORTH = SellerRecord("north", "North Lights", "Pier 4, Hamburg", working_days=("mon", "tue", "wed", "thu", "fri"),
                     holidays=(date(2026, 5, 4), date(2026, 5, 5)))  # fmt: skip


def at(days: float) -> datetime:
    """So many days after the opening."""
    return OPENED_AT + timedelta(days=days)


def open_shop(**settings: Any) -> None:
    """Founds it: no stock, two lamps due on 12 March unless a test says otherwise."""
    save_settings(Settings(**{"law": "us-ftc-435", **settings}), "Field & Hearth", at=OPENED_AT)
    save_suppliers([SupplierRecord("acme")])
    save_sites([SiteRecord("east", country="US", postcode="10001")])
    save_customers(
        [CustomerRecord("ann", name="Ann Lee", email="ann@example.com", country="US", postcode="10002"),
         CustomerRecord("bob", name="Bob Hill")]
    )  # fmt: skip
    save_products([ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch", price=Decimal(50))], at=OPENED_AT)
    begin_days(OPENED_AT)


def truck(days: int = 10, units: int = 2) -> None:
    """A confirmed purchase order for lamps."""
    due_on = at(days).date()
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": units}, due_on, "confirmed"), OPENED_AT)


def order_lamps(ref: str = "O1", customer: str | None = "ann", units: int = 2) -> None:
    """Somebody orders lamps at the opening."""
    place_order(OrderRequest(ref, (AskedLine("lamp", units),), customer), at=OPENED_AT)


def pass_time(days: float) -> datetime:
    """Everything that falls due until then happens."""
    run_due(at(days))
    return at(days)


def reason_of(ref: str = "O1", sku: str = "lamp") -> str:
    """Why a line is where it is."""
    ((reason,),) = rows(
        """SELECT l.reason FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p
           ON p.id = l.product_id WHERE o.ref = %s AND p.sku = %s""",
        [ref, sku],
    )
    return str(reason)


def events(ref: str = "O1") -> list[str]:
    """What the customer was told, in order."""
    found = rows(
        "SELECT n.event FROM notice n JOIN sales_order o ON o.id = n.order_id WHERE o.ref = %s ORDER BY n.id", [ref]
    )
    return [event for (event,) in found]


def tasks() -> list[str]:
    """What waits for a person because of the law."""
    found = rows("SELECT text FROM task WHERE kind = 'law' AND closed_at IS NULL ORDER BY id")
    return [text for (text,) in found]


def kinds(ref: str = "O1") -> list[str]:
    """What is on the record of an order's clocks."""
    found = rows(
        """SELECT e.kind FROM law_event e JOIN law_clock k ON k.id = e.clock_id JOIN order_line l ON l.id = k.line_id
           JOIN sales_order o ON o.id = l.order_id WHERE o.ref = %s ORDER BY e.id""",
        [ref],
    )
    return [kind for (kind,) in found]
