"""Many orders in one decision: what each gets does not depend on how many are decided at a time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from raincheck.actions import place_orders as module
from raincheck.actions.catalogue import (
    save_customers,
    save_products,
    save_settings,
    save_sites,
    save_suppliers,
    set_stock,
)
from raincheck.actions.place_order import place_order
from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, NotFound
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SKUS = [f"P{number}" for number in range(6)]
SOLD = [*SKUS, "KIT"]
SEEDS = [0, pytest.param(1, marks=pytest.mark.one_server)]


@pytest.fixture(params=["one site", "two sites"])
def company(request: pytest.FixtureRequest) -> None:
    """Six products with a little stock and a truck each, one denied backorders, one limited to four; and a kit."""
    save_suppliers([SupplierRecord("S", lead_time_days=14)])
    save_sites([SiteRecord("EAST", country="US"), SiteRecord("WEST", country="US")])
    save_customers([CustomerRecord("ann", email="ann@example.com", tier="gold"), CustomerRecord("bob")])
    terms: list[dict[str, Any]] = [{}, {}, {}, {}, {"backorder": "deny"}, {"backorder_limit": 4}]
    save_products(
        [ProductRecord(sku, price=Decimal(10), supplier="S", **term) for sku, term in zip(SKUS, terms, strict=True)],
        START,
    )
    save_products([ProductRecord("KIT", price=Decimal(25), kit={"P0": 1, "P3": 2})], START)
    set_stock("EAST", dict.fromkeys(SKUS, 7), START)
    if request.param == "two sites":
        set_stock("WEST", dict.fromkeys(SKUS[::2], 4), START)
    due_on = (START + timedelta(days=9)).date()
    purchase(PurchaseRequest("PO", "S", "EAST", dict.fromkeys(SKUS, 11), due_on, "confirmed"), START)


def some_orders(seed: int, ship: str | None = None) -> list[AskedOrder]:
    chance = random.Random(seed)
    orders = []
    for number in range(14):
        lines = tuple(AskedLine(sku, chance.randint(1, 4)) for sku in chance.sample(SOLD, chance.randint(1, 4)))
        request = OrderRequest(
            f"O{number:02}",
            lines,
            chance.choice([None, "ann", "bob"]),
            "web",
            "US",
            ship=ship if chance.random() < 0.3 else None,
        )
        orders.append(AskedOrder(request, START + timedelta(minutes=number)))
    return orders


def outcome() -> dict[str, Any]:
    """Everything that placing writes, by names instead of row numbers."""
    return {
        "lines": rows(
            """SELECT o.ref, p.sku, l.ordered, l.reserved, l.backordered, l.shipped, l.refused, l.reason,
                      l.first_promise_on, l.promise_on, l.expected_on, o.state, o.placed_at
               FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
               ORDER BY o.ref, p.sku"""
        ),
        "pegs": rows(
            """SELECT o.ref, p.sku, g.kind, sum(g.units), g.ships_on, g.leaves_on, g.waits_for, c.has_parcel_terms,
                      c.ready_since
               FROM peg g JOIN claim c ON c.id = g.claim_id JOIN sales_order o ON o.id = c.order_id
               JOIN product p ON p.id = g.product_id GROUP BY 1, 2, 3, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 5, 6, 7"""
        ),
        "parcels": rows(
            """SELECT o.ref, s.code, count(*), sum(l.units) FROM shipment h JOIN shipment_line l ON l.shipment_id = h.id
               JOIN sales_order o ON o.id = h.order_id JOIN site s ON s.id = h.site_id
               GROUP BY h.id, 1, 2 ORDER BY 1, 2"""
        ),
        "stock": rows(
            """SELECT s.code, p.sku, l.on_hand, l.reserved FROM stock_level l JOIN site s ON s.id = l.site_id
               JOIN product p ON p.id = l.product_id ORDER BY 1, 2"""
        ),
        "notices": rows(
            """SELECT o.ref, n.event, n.channel, jsonb_array_length(n.detail->'lines') FROM notice n
               JOIN sales_order o ON o.id = n.order_id ORDER BY 1, 2, 4"""
        ),
        "paid": rows(
            "SELECT o.ref, m.kind, m.amount FROM payment m JOIN sales_order o ON o.id = m.order_id ORDER BY 1, 3"
        ),
    }


PARCELS = [
    {},
    {"ship": "up_to:2"},
    {"minimum_shipment_units": 5},
    {"merge_hours": 3},
    {"ship": "up_to:1", "merge_hours": 3, "minimum_shipment_value": Decimal(70)},
]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("settings", PARCELS, ids=lambda settings: " ".join(settings) or "plain")
@pytest.mark.parametrize("ship", ["complete", "up_to:2"])
@pytest.mark.parametrize("seed", SEEDS)
def test_deciding_few_lines_at_a_time_gives_the_same(
    seed: int, ship: str | None, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(Settings(**settings), at=START)
    orders = some_orders(seed, ship)
    with transaction.atomic():
        place_orders(orders, START + timedelta(hours=1))
        at_once = outcome()
        assert not audit()
        transaction.set_rollback(True)
    monkeypatch.setattr(module, "LINES_AT_ONCE", 1)
    monkeypatch.setattr(module, "PARCELS_AT_ONCE", 1)
    random.Random(seed).shuffle(orders)
    place_orders(orders, START + timedelta(hours=1))
    assert outcome() == at_once
    assert not audit()


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("settings", PARCELS, ids=lambda settings: " ".join(settings) or "plain")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_order_alone_gets_what_placing_it_gives(seed: int, settings: dict[str, Any]) -> None:
    save_settings(Settings(**settings), at=START)
    for order in some_orders(seed, "complete")[:5]:
        at = START + timedelta(hours=1)
        with transaction.atomic():
            place_order(order.request, at)
            alone = outcome()
            transaction.set_rollback(True)
        with transaction.atomic():
            place_orders([AskedOrder(order.request, at)], at)
            assert outcome() == alone
            transaction.set_rollback(True)
        place_order(order.request, at)


@pytest.mark.usefixtures("company")
def test_nothing_is_placed_when_one_order_makes_no_sense() -> None:
    good = AskedOrder(OrderRequest("O1", (AskedLine("P0", 1),)))
    for request, error in [
        (OrderRequest("O2", (AskedLine("P0", 0),)), Malformed),
        (OrderRequest("O2", ()), Malformed),
        (OrderRequest("O2", (AskedLine("P9", 1),)), NotFound),
        (OrderRequest("O2", (AskedLine("P0", 1),), "eve"), NotFound),
    ]:
        with pytest.raises(error):
            place_orders([good, AskedOrder(request)])
    assert not rows("SELECT 1 FROM sales_order")


@pytest.mark.usefixtures("company")
def test_an_earlier_order_of_the_file_goes_before_one_that_waits_already() -> None:
    place_orders(
        [AskedOrder(OrderRequest("LATE", (AskedLine("P1", 20),)), START + timedelta(hours=1))],
        START + timedelta(hours=1),
    )
    place_orders([AskedOrder(OrderRequest("EARLY", (AskedLine("P1", 8),)), START)], START + timedelta(hours=2))
    found = dict(rows("SELECT o.ref, l.first_promise_on FROM order_line l JOIN sales_order o ON o.id = l.order_id"))
    assert found["EARLY"] is not None
    assert not audit()


def test_what_won_and_what_lost_is_kept_as_for_an_order_placed_alone(company: None) -> None:
    place_orders([AskedOrder(OrderRequest("O1", (AskedLine("P5", 1),)))], START)
    place_order(OrderRequest("O2", (AskedLine("P5", 1),)), START)
    imported, alone = rows("SELECT policy->'backorder_limit'->>'value', policy::text FROM order_line ORDER BY id")
    assert imported == alone
    assert imported[0] == "4"
