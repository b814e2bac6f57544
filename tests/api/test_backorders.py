"""The queue over HTTP: serving order, filters, pages that newcomers do not disturb."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.api.caller import Caller, content, in_days

from raincheck.actions import catalogue
from raincheck.core.settings import Weights
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.records import CustomerRecord, ProductRecord


def order(shop: Caller, ref: str, sku: str = "lamp", quantity: int = 2, customer: str | None = None) -> None:
    """Places an order."""
    body = {"ref": ref, "customer": customer, "lines": [{"sku": sku, "quantity": quantity}]}
    assert shop.post("/orders", body).status_code == 201


def queue(shop: Caller, query: str = "") -> list[dict[str, Any]]:
    """The queue."""
    rows: list[dict[str, Any]] = content(shop.get("/backorders", query))["backorders"]
    return rows


@pytest.fixture
def waiting(shop: Caller) -> Caller:
    """Five lamps lie there: O1 has two of them, O2 two, O3 one and waits for one; the rest wait."""
    order(shop, "O1")
    order(shop, "O2")
    order(shop, "O3", customer="ann")
    order(shop, "O4", customer="bob")
    order(shop, "O5", sku="torch")
    order(shop, "O6")
    return shop


def test_who_waits_stands_in_serving_order_with_the_supply_they_wait_for(waiting: Caller) -> None:
    rows = queue(waiting, "sku=lamp")
    assert [(row["order"], row["position"], row["units"]) for row in rows] == [("O3", 1, 1), ("O4", 2, 2), ("O6", 3, 2)]
    assert rows[0]["pieces"] == [{"units": 1, "from": "P1", "on": in_days(10).isoformat()}]
    assert rows[0]["promise_on"] == rows[0]["expected_on"] == in_days(10).isoformat()
    assert (rows[0]["customer"], rows[0]["reason"], rows[0]["late"]) == ("ann", "pegged_to_inbound", False)


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ("", ["O3", "O4", "O5", "O6"]),
        ("sku=&supplier=&customer=&late=", ["O3", "O4", "O5", "O6"]),
        ("sku=torch", ["O5"]),
        ("supplier=acme", ["O5"]),
        ("customer=bob", ["O4"]),
        ("customer=nobody", []),
        ("late=true", ["O4"]),
        ("late=false", ["O3", "O5", "O6"]),
        ("late=true&customer=ann", []),
    ],
)
def test_the_queue_is_narrowed(waiting: Caller, query: str, orders: list[str]) -> None:
    run(
        """UPDATE claim c SET told_on = told_on - 30 FROM sales_order o WHERE o.id = c.order_id AND o.ref = 'O4'""",
    )
    assert [row["order"] for row in queue(waiting, query)] == orders


def test_pages_neither_repeat_nor_lose_anybody_while_others_come_and_go(waiting: Caller) -> None:
    first = content(waiting.get("/backorders", "limit=2"))
    assert [row["order"] for row in first["backorders"]] == ["O3", "O4"]
    order(waiting, "O7")
    waiting.post("/orders/O4/cancel")
    second = content(waiting.get("/backorders", f"limit=2&cursor={first['next_cursor']}"))
    assert [row["order"] for row in second["backorders"]] == ["O5", "O6"]
    third = content(waiting.get("/backorders", f"limit=2&cursor={second['next_cursor']}"))
    assert ([row["order"] for row in third["backorders"]], third["next_cursor"]) == (["O7"], None)


def test_an_order_that_ships_complete_says_so(shop: Caller) -> None:
    body = {"ref": "O1", "ship": "complete", "lines": [{"sku": "lamp", "quantity": 1}, {"sku": "torch", "quantity": 1}]}
    shop.post("/orders", body)
    (row,) = queue(shop, "sku=torch")
    assert row["ships_complete"] is True


def test_gold_stands_before_who_joined_earlier_where_tiers_are_weighed(shop: Caller) -> None:
    weigh(tier=Decimal(1))
    catalogue.save_customers([CustomerRecord("goldie", tier="gold")])
    order(shop, "O1", quantity=16)
    order(shop, "O2", customer="bob")
    order(shop, "O3", quantity=9, customer="goldie")
    assert [row["order"] for row in queue(shop, "sku=lamp")] == ["O3", "O1", "O2"]


def test_a_ship_complete_order_stands_where_its_best_line_does(shop: Caller) -> None:
    weigh(criticality=Decimal(1))
    catalogue.save_products([ProductRecord("pump", criticality="A")])
    order(shop, "O1", quantity=16)
    lines = [{"sku": "lamp", "quantity": 1}, {"sku": "pump", "quantity": 1}]
    assert shop.post("/orders", {"ref": "O2", "ship": "complete", "lines": lines}).status_code == 201
    assert [(row["order"], row["position"]) for row in queue(shop, "sku=lamp")] == [("O2", 1), ("O1", 2)]


def weigh(**weights: Decimal) -> None:
    """The company weighs something."""
    catalogue.save_settings(replace(read_settings(), weights=Weights(**weights)))
