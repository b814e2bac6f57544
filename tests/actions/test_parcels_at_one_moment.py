"""Two parcels of one order leave at one moment, each under the locks of its own products: no cent is lost or won.

On the real database, in threads of their own.
"""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from raincheck.actions.catalogue import save_products, save_settings, save_sites
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.slow

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = STARTS_AT + timedelta(days=1)
LONG_ENOUGH_SECONDS = 1.0
"""For how long the first parcel's books stay open: the second one has left by then, or waits for them."""


def open_shop(price: str, **settings: Any) -> None:
    """Two of each were ordered and none is there."""
    save_settings(Settings(**settings), at=STARTS_AT)
    save_sites([SiteRecord("east")])
    save_products([ProductRecord(sku, price=Decimal(price)) for sku in ("lamp", "torch")], at=STARTS_AT)
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 2))), at=STARTS_AT)


def both_leave() -> None:
    """One of each comes in at one moment: the second before the first one's books are closed."""
    has_left, other_has_left = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                count("east", {"lamp": 1}, LATER)
                has_left.set()
                other_has_left.wait(LONG_ENOUGH_SECONDS)
        finally:
            has_left.set()
            connection.close()

    def second() -> None:
        try:
            has_left.wait()
            count("east", {"torch": 1}, LATER)
        finally:
            other_has_left.set()
            connection.close()

    threads = [threading.Thread(target=act) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(
    ("price", "settings", "charged"),
    [
        ("0.005", {}, "0.01"),
        ("33.3333", {}, "66.67"),
        ("1.5", {"currency": "JPY"}, "3"),
        ("0.50", {"charge": "deposit:0.01"}, "1.01"),
        ("0.50", {}, "1.00"),
    ],
)
def test_parcels_that_leave_at_one_moment_cost_what_they_cost_together(
    price: str, settings: dict[str, Any], charged: str
) -> None:
    open_shop(price, **settings)
    both_leave()
    assert one("SELECT sum(shipped) FROM order_line") == (2,)
    assert audit() == []
    assert rows("SELECT sum(CASE kind WHEN 'capture' THEN amount ELSE -amount END) FROM payment") == [
        (Decimal(charged),)
    ]


@pytest.mark.usefixtures("fresh_database")
def test_price_cuts_of_parts_of_a_cent_cost_what_they_cost_together() -> None:
    open_shop("0.50", pass_on_cuts=True)
    save_products([ProductRecord(sku, price=Decimal("0.495")) for sku in ("lamp", "torch")], at=LATER)
    both_leave()
    assert audit() == []
    assert rows("SELECT sum(amount) FROM payment") == [(Decimal("0.99"),)]
