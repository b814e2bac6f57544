"""Kits over HTTP: sold like products, and available as their parts make them."""

from decimal import Decimal

import pytest
from tests.api.caller import Caller, content, in_days

from raincheck.actions import catalogue
from raincheck.core.errors import Malformed
from raincheck.store.records import ProductRecord


@pytest.fixture(autouse=True)
def _kits(company: None) -> None:
    """A pair of lamps with a torch; there are five lamps, and ten come in ten days."""
    catalogue.save_products([ProductRecord("pair", price=Decimal("90.00"), kit={"lamp": 2, "torch": 1})])
    catalogue.set_stock("east", {"torch": 9})


def test_an_order_of_kits_shows_kits(shop: Caller) -> None:
    answer = shop.post("/orders", {"ref": "O1", "lines": [{"sku": "pair", "quantity": 3}]})
    assert answer.status_code == 201
    line = content(answer)["lines"][0]
    assert (line["sku"], line["reserved"] + line["shipped"], line["backordered"]) == ("pair", 2, 1)
    assert [(piece["units"], piece["from"]) for piece in line["pieces"]] == [(2, "on_hand"), (1, "P1")]
    assert content(shop.get("/orders/O1"))["lines"][0]["pieces"] == line["pieces"]


def test_a_quote_of_kits_is_what_the_order_gets(shop: Caller) -> None:
    asked = {"ref": "Q1", "lines": [{"sku": "pair", "quantity": 3}]}
    quoted = content(shop.post("/quotes", asked))["lines"][0]["pieces"]
    ordered = content(shop.post("/orders", asked))["lines"][0]["pieces"]
    assert [(p["units"], p["from"], p["on"]) for p in quoted] == [(p["units"], p["from"], p["on"]) for p in ordered]


def test_availability_of_a_kit_is_what_its_parts_make(shop: Caller) -> None:
    pair = content(shop.get("/products/pair/availability"))
    assert (pair["status"], pair["on_hand"], pair["inbound"]) == ("in_stock", 2, 0)
    assert pair["atp"] == [
        {"on": in_days(0).isoformat(), "units": 2},
        {"on": in_days(10).isoformat(), "units": 7},
    ]
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 4}]})
    pair = content(shop.get("/products/pair/availability"))
    assert (pair["status"], pair["next_on"]) == ("backorder", in_days(10).isoformat())


def test_the_queue_names_the_kit_of_which_units_are_a_part(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "pair", "quantity": 3}]})
    rows = content(shop.get("/backorders"))["backorders"]
    assert [(row["sku"], row["kit"], row["units"]) for row in rows if row["order"] == "O1"] == [("lamp", "pair", 2)]


def test_a_kit_is_neither_bought_nor_received(shop: Caller) -> None:
    bought = shop.post(
        "/purchase-orders",
        {"po": "P9", "supplier": "acme", "site": "east", "lines": [{"sku": "pair", "quantity": 1}]},
    )
    assert bought.status_code in (400, 422)
    assert "is a kit and has no stock of its own" in content(bought)["detail"]


def test_a_kit_of_kits_and_a_kit_with_stock_of_its_own_are_refused() -> None:
    with pytest.raises(Malformed, match="is a kit itself"):
        catalogue.save_products([ProductRecord("four", kit={"pair": 2})])
    with pytest.raises(Malformed, match="cannot become a kit"):
        catalogue.save_products([ProductRecord("chair", kit={"torch": 2})])
