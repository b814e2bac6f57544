"""Where many wait for a product, a receipt is decided over arrays; nobody could tell from what they get."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from raincheck.actions import catalogue, purchase
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.bulk.write_many import write_many
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord, SupplierRecord

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize("many", [1, 1_000])
def test_a_receipt_serves_the_queue_in_order_however_many_wait(
    db: None, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    over_arrays: list[int] = []

    def noted(*given: Any) -> None:
        over_arrays.append(len(given[2]["claim"]))
        write_many(*given)

    monkeypatch.setattr("raincheck.actions.run_pass.MANY_CLAIMS", many)
    monkeypatch.setattr("raincheck.actions.pass_many.write_many", noted)
    catalogue.save_settings(Settings(warehouse="manual"), at=NOON)
    catalogue.save_sites([SiteRecord("east")], NOON)
    catalogue.save_suppliers([SupplierRecord("acme", lead_time_days=14)])
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40), supplier="acme")], at=NOON)
    coming = purchase.PurchaseRequest("P1", "acme", "east", {"lamp": 5}, date(2026, 3, 12), "confirmed")
    purchase.purchase(coming, at=NOON)
    for ref in ("ann", "bob", "cem"):
        place_order(OrderRequest(ref, (AskedLine("lamp", 2),)), at=NOON)
    receive(Receipt({"lamp": 3}, {}, "purchase", "P1"), at=LATER)

    lines = rows(
        """SELECT o.ref, l.reserved, l.backordered, l.reason, l.promise_on, l.expected_on
           FROM order_line l JOIN sales_order o ON o.id = l.order_id ORDER BY o.ref"""
    )
    told_on, today = date(2026, 3, 12), date(2026, 3, 9)
    assert lines == [
        ("ann", 2, 0, "on_hand", told_on, today),
        ("bob", 1, 1, "pegged_to_inbound", told_on, told_on),
        ("cem", 0, 2, "lead_time", date(2026, 3, 16), date(2026, 3, 16)),
    ]
    assert over_arrays == ([3] if many == 1 else [])
    assert audit() == []
