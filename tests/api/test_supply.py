"""Purchase orders and receipts over HTTP: what comes, and who gets it."""

from typing import Any

from tests.api.caller import Caller, content, found_company, in_days, key_for

from raincheck.core.settings import Settings

P2: dict[str, Any] = {
    "po": "P2",
    "supplier": "acme",
    "site": "east",
    "due_on": in_days(20).isoformat(),
    "lines": [{"sku": "torch", "quantity": 10, "unit_cost": "7.25"}],
}


def order(shop: Caller, ref: str, sku: str, quantity: int) -> None:
    """Places an order."""
    assert shop.post("/orders", {"ref": ref, "lines": [{"sku": sku, "quantity": quantity}]}).status_code == 201


def test_a_purchase_order_is_supply_once_it_is_confirmed(shop: Caller) -> None:
    order(shop, "O1", "torch", 4)
    written = shop.post("/purchase-orders", P2)
    assert written.status_code == 201
    assert content(written) == {
        "po": "P2",
        "supplier": "acme",
        "site": "east",
        "state": "sent",
        "ordered_on": in_days(0).isoformat(),
        "lines": [
            {
                "sku": "torch",
                "ordered": 10,
                "confirmed": 0,
                "received": 0,
                "damaged": 0,
                "inbound": 0,
                "promised": 0,
                "unit_cost": "7.25",
                "due_on": in_days(20).isoformat(),
                "expected_on": in_days(20).isoformat(),
            }
        ],
    }
    confirmed = content(shop.post("/purchase-orders/P2/confirm"))
    assert (confirmed["state"], confirmed["lines"][0]["inbound"], confirmed["lines"][0]["promised"]) == (
        "confirmed",
        10,
        4,
    )


def test_a_supplier_may_confirm_a_part_for_another_day(shop: Caller) -> None:
    shop.post("/purchase-orders", P2)
    body = {"due_on": in_days(25).isoformat(), "lines": [{"sku": "torch", "quantity": 6}]}
    (line,) = content(shop.post("/purchase-orders/P2/confirm", body))["lines"]
    assert (line["ordered"], line["inbound"], line["due_on"]) == (10, 6, in_days(25).isoformat())


def test_the_same_purchase_order_again_is_the_same_and_another_is_refused(shop: Caller) -> None:
    assert shop.post("/purchase-orders", P2).status_code == 201
    assert shop.post("/purchase-orders", P2).status_code == 200
    other = {**P2, "lines": [{"sku": "torch", "quantity": 11}]}
    assert shop.post("/purchase-orders", other).status_code == 409


def test_a_confirmation_names_lines_and_orders_that_exist(shop: Caller) -> None:
    assert shop.post("/purchase-orders/P9/confirm").status_code == 404
    response = shop.post("/purchase-orders/P1/confirm", {"lines": [{"sku": "torch", "quantity": 1}]})
    assert content(response)["errors"][0]["pointer"] == "/lines/0/sku"


def test_a_receipt_says_who_got_units_and_what_goes_to_the_shelf(shop: Caller) -> None:
    order(shop, "O1", "lamp", 7)
    order(shop, "O2", "lamp", 1)
    response = shop.post("/receipts", {"po": "P1", "lines": [{"sku": "lamp", "quantity": 9, "damaged": 1}]})
    assert response.status_code == 201
    assert content(response) == {
        "released": [
            {"order": "O1", "customer": None, "sku": "lamp", "units": 2, "shipped": 0, "still_waiting": 0},
            {"order": "O2", "customer": None, "sku": "lamp", "units": 1, "shipped": 0, "still_waiting": 0},
        ],
        "putaway": [{"sku": "lamp", "site": "east", "units": 6}],
    }


def test_a_short_receipt_leaves_the_last_in_rank_waiting(shop: Caller) -> None:
    order(shop, "O1", "lamp", 7)
    order(shop, "O2", "lamp", 3)
    answer = content(shop.post("/receipts", {"po": "P1", "lines": [{"sku": "lamp", "quantity": 3}]}))
    assert [(line["order"], line["units"], line["still_waiting"]) for line in answer["released"]] == [
        ("O1", 2, 0),
        ("O2", 1, 2),
    ]
    assert answer["putaway"] == []


def test_an_automatic_warehouse_hands_over_at_once(db: None) -> None:
    found_company(Settings())
    shop = key_for("order.place", "receiving.post")
    order(shop, "O1", "lamp", 6)
    answer = content(shop.post("/receipts", {"site": "east", "lines": [{"sku": "lamp", "quantity": 1}]}))
    assert answer["released"][0]["shipped"] == 1


def test_goods_without_a_reference_come_to_a_site(shop: Caller) -> None:
    lines = [{"sku": "torch", "quantity": 1}, {"sku": "torch", "quantity": 2}]
    answer = content(shop.post("/receipts", {"site": "east", "lines": lines}))
    assert answer["putaway"] == [{"sku": "torch", "site": "east", "units": 3}]
