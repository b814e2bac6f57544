"""What a shop is told beside a product: stock, dates, and whether an order would wait or be refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from tests.api.caller import Caller, content, in_days, key_for

from raincheck.actions import catalogue
from raincheck.actions.policies import add_policy
from raincheck.actions.protect import protect
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.core.calendar import WEEKDAYS
from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.reads import availability as reads
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord


def of(shop: Caller, sku: str, query: str = "") -> dict[str, Any]:
    """The availability of a product."""
    answer: dict[str, Any] = content(shop.get(f"/products/{sku}/availability", query))
    return answer


def placed(shop: Caller, sku: str, quantity: int, **fields: Any) -> dict[str, Any]:
    """The line of a new order for a product."""
    order = {"ref": f"{sku}-{quantity}", "lines": [{"sku": sku, "quantity": quantity}], **fields}
    line: dict[str, Any] = content(shop.post("/orders", order))["lines"][0]
    return line


def set_settings(**changes: Any) -> None:
    """Other rules for the company."""
    catalogue.save_settings(replace(read_settings(), **changes))


def test_stock_and_what_comes_are_available_by_the_day_of_delivery(shop: Caller) -> None:
    assert of(shop, "lamp") == {
        "sku": "lamp",
        "status": "in_stock",
        "on_hand": 5,
        "reserved": 0,
        "inbound": 10,
        "atp": [{"on": in_days(0).isoformat(), "units": 5}, {"on": in_days(10).isoformat(), "units": 15}],
        "next_on": in_days(0).isoformat(),
        "backorder_limit_left": None,
    }


def test_what_orders_are_tied_to_is_not_available_to_others(shop: Caller) -> None:
    placed(shop, "lamp", 7)
    lamp = of(shop, "lamp")
    assert (lamp["status"], lamp["reserved"], lamp["next_on"]) == ("backorder", 5, in_days(10).isoformat())
    assert lamp["atp"] == [{"on": in_days(10).isoformat(), "units": 8}]


@pytest.mark.parametrize("sku", ["lamp", "torch", "chair", "next", "desk%2Foak%2080"])
def test_an_order_for_one_unit_gets_what_was_said(shop: Caller, sku: str) -> None:
    said = of(shop, sku)
    line = placed(shop, {"desk%2Foak%2080": "desk/oak 80"}.get(sku, sku), 1)
    got = {"in_stock": "reserved", "backorder": "backordered", "preorder": "preordered", "out_of_stock": "refused"}
    assert line[got[said["status"]]] == 1
    assert line["expected_on"] == said["next_on"]


def test_a_product_whose_supplier_has_a_lead_time_has_a_date_without_any_purchase(shop: Caller) -> None:
    torch = of(shop, "torch")
    assert (torch["status"], torch["next_on"], torch["atp"]) == ("backorder", in_days(14).isoformat(), [])


def test_a_product_that_may_not_be_backordered_is_out_of_stock_once_it_is_gone(shop: Caller) -> None:
    assert of(shop, "chair")["status"] == "in_stock"
    placed(shop, "chair", 2)
    assert (of(shop, "chair")["status"], of(shop, "chair")["next_on"]) == ("out_of_stock", None)


def test_a_product_before_its_first_day_is_a_preorder(shop: Caller) -> None:
    assert (of(shop, "next")["status"], of(shop, "next")["next_on"]) == ("preorder", None)
    purchase(PurchaseRequest("P2", "slow", "east", {"next": 3}, in_days(30), "confirmed"))
    assert (of(shop, "next")["status"], of(shop, "next")["next_on"]) == ("preorder", in_days(60).isoformat())


def test_a_backorder_limit_that_is_used_up_is_out_of_stock(shop: Caller) -> None:
    catalogue.save_products([ProductRecord("lamp", backorder_limit=3)])
    assert of(shop, "lamp")["backorder_limit_left"] == 3
    placed(shop, "lamp", 7)
    assert (of(shop, "lamp")["status"], of(shop, "lamp")["backorder_limit_left"]) == ("backorder", 1)
    placed(shop, "lamp", 2)
    assert (of(shop, "lamp")["status"], of(shop, "lamp")["backorder_limit_left"]) == ("out_of_stock", 0)


def test_what_would_come_too_late_is_out_of_stock(shop: Caller) -> None:
    placed(shop, "lamp", 5)
    set_settings(latest_days=9)
    assert of(shop, "lamp")["status"] == "out_of_stock"
    set_settings(latest_days=10)
    assert of(shop, "lamp")["status"] == "backorder"


def test_rules_for_a_channel_or_a_customer_are_looked_at(shop: Caller) -> None:
    placed(shop, "lamp", 5)
    add_policy({"channel": "outlet"}, {"backorders": "deny"})
    add_policy({"tier": "gold"}, {"backorders": "allow"})
    assert of(shop, "lamp")["status"] == "backorder"
    assert of(shop, "lamp", "channel=outlet")["status"] == "out_of_stock"
    assert of(shop, "lamp", "channel=outlet&customer=ann")["status"] == "backorder"
    assert of(shop, "lamp", "channel=outlet&customer=bob")["status"] == "out_of_stock"


def test_receiving_handling_and_transit_stand_between_the_truck_and_the_door(shop: Caller) -> None:
    set_settings(
        receiving_days=1,
        handling_days=2,
        transit_days=3,
        working_days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
    assert [step["on"] for step in of(shop, "lamp")["atp"]] == [in_days(5).isoformat(), in_days(16).isoformat()]


def test_a_part_of_an_inbound_may_be_kept_back(shop: Caller) -> None:
    set_settings(inbound_share=Decimal("0.5"))
    lamp = of(shop, "lamp")
    assert (lamp["inbound"], lamp["atp"][-1]["units"]) == (10, 10)


def test_rules_say_how_late_and_how_much_of_an_inbound(shop: Caller) -> None:
    add_policy({"product": "lamp"}, {"inbound_share": "0.4"})
    assert of(shop, "lamp")["atp"][-1]["units"] == 9
    placed(shop, "lamp", 5)
    assert of(shop, "lamp", "customer=bob")["status"] == "backorder"
    add_policy({"customer": "bob"}, {"latest_days": 9})
    assert of(shop, "lamp", "customer=bob")["status"] == "out_of_stock"
    assert of(shop, "lamp", "customer=ann")["status"] == "backorder"


def test_a_site_ships_by_its_own_working_days_and_cut_off(shop: Caller) -> None:
    """The lamps lie at a site that opens one day of the week alone, which is neither today nor when the truck comes."""
    opens = in_days(4)
    catalogue.save_sites([SiteRecord("east", country="US", working_days=(WEEKDAYS[opens.weekday()],))])
    assert [step["on"] for step in of(shop, "lamp")["atp"]] == [opens.isoformat(), in_days(11).isoformat()]
    catalogue.save_sites([SiteRecord("east", country="US", cutoff=time(0), working_days=WEEKDAYS)])
    assert of(shop, "lamp")["next_on"] == in_days(1).isoformat()


def test_what_is_said_is_what_an_order_at_such_a_site_gets(shop: Caller) -> None:
    catalogue.save_sites([SiteRecord("east", country="US", working_days=(WEEKDAYS[in_days(2).weekday()],))])
    said = [(step["on"], step["units"]) for step in of(shop, "lamp")["atp"]]
    quoted = content(shop.post("/quotes", {"lines": [{"sku": "lamp", "quantity": 15}]}))["lines"][0]
    pieces = [(piece["on"], piece["units"]) for piece in quoted["pieces"]]
    assert said == [pieces[0], (pieces[1][0], 15)]
    assert quoted["policy"]["ship"] == {"value": "available", "from": "company", "lost": []}


def test_an_overdue_purchase_order_is_no_date(shop: Caller) -> None:
    purchase(PurchaseRequest("P2", "slow", "east", {"desk/oak 80": 3}, in_days(-3), "confirmed"))
    desk = of(shop, "desk%2Foak%2080")
    assert (desk["status"], desk["inbound"], desk["atp"], desk["next_on"]) == ("backorder", 3, [], None)


def test_many_products_are_answered_by_one_statement_in_the_order_asked(
    shop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []

    def counted(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        statements.append(sql)
        return rows(sql, params)

    monkeypatch.setattr(reads, "rows", counted)
    answer = content(shop.get("/availability", "sku=torch&sku=nothing&sku=lamp&sku=torch"))
    assert len(statements) == 1
    assert [product["sku"] for product in answer["products"]] == ["torch", "lamp"]
    assert answer["unknown"] == ["nothing"]
    assert answer["products"][1] == of(shop, "lamp")


def test_a_product_that_does_not_exist_is_not_found(shop: Caller) -> None:
    assert shop.get("/products/nothing/availability").status_code == 404


def test_a_company_that_was_not_set_up_has_nothing(db: None) -> None:
    assert content(key_for("product.view").get("/availability", "sku=lamp")) == {"products": [], "unknown": ["lamp"]}
    assert read_settings() == Settings()


def test_what_is_protected_for_a_tier_is_not_available_to_others(shop: Caller) -> None:
    catalogue.save_customers([CustomerRecord("goldie", tier="gold"), CustomerRecord("cy")])
    protect("lamp", "gold", 7)
    others, gold = of(shop, "lamp", "customer=cy"), of(shop, "lamp", "customer=goldie")
    assert (others["status"], others["atp"]) == ("backorder", [{"on": in_days(10).isoformat(), "units": 8}])
    assert (gold["status"], [step["units"] for step in gold["atp"]]) == ("in_stock", [5, 15])
    assert of(shop, "lamp")["atp"] == others["atp"]
    assert placed(shop, "lamp", 9, customer="cy")["backordered"] == 9
    assert [step["units"] for step in of(shop, "lamp", "customer=goldie")["atp"]] == [5, 7]
    assert of(shop, "lamp")["atp"] == []
    assert placed(shop, "lamp", 4, customer="goldie")["backordered"] == 0
