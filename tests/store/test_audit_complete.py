"""The audit of ship-complete orders: a declined charge excuses what it took out of a parcel, and nothing else."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from raincheck.actions import catalogue
from raincheck.actions.decline_payment import decline_payment
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BROKEN = "ship complete is never broken"


def after(hours: int) -> datetime:
    return AT + timedelta(hours=hours)


def found_company(settings: Settings) -> None:
    """East hands over at any time; in the west what is released after eight in the morning counts from the next day."""
    catalogue.save_settings(settings, at=AT)
    catalogue.save_sites([SiteRecord("east"), SiteRecord("west", cutoff=time(8))], AT)
    catalogue.save_products(
        [ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch", price=Decimal("9.90"))], AT
    )


def order(ship: str) -> None:
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), ship=ship), at=AT)


def shipped() -> dict[str, int]:
    return dict(rows("SELECT p.sku, l.shipped FROM order_line l JOIN product p ON p.id = l.product_id"))


def test_a_parcel_that_a_declined_charge_takes_back_may_wait_although_the_other_has_left() -> None:
    found_company(Settings(handling_days=1))
    order("complete")
    count("west", {"torch": 1}, at=after(1))
    count("east", {"lamp": 1}, at=after(2))
    run_due(after(27))
    assert shipped() == {"lamp": 1, "torch": 0}
    assert audit() == []
    decline_payment("O1", at=after(28))
    run_due(after(51))
    assert rows("SELECT 1 FROM notice WHERE event = 'payment_failed'")
    assert shipped() == {"lamp": 1, "torch": 0}
    assert audit() == [], "the torch was in a parcel, and the charge at the door was declined"


def test_units_that_never_were_in_a_parcel_break_it_whatever_was_declined() -> None:
    found_company(Settings())
    order("available")
    count("east", {"lamp": 1}, at=after(1))
    decline_payment("O1", at=after(2))
    count("east", {"torch": 1}, at=after(3))
    assert shipped() == {"lamp": 1, "torch": 0}
    assert rows("SELECT 1 FROM notice WHERE event = 'payment_failed'")
    assert audit() == []
    run("UPDATE order_line SET ship = 'complete'")
    run("UPDATE claim SET is_complete = true")
    assert [(one.invariant, one.record) for one in audit()] == [(BROKEN, "order O1, product torch")]
