"""Baskets that hold stock: nobody who waits loses by them, nobody who comes later takes what they hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from tests.api.caller import Caller, content, in_days, key_for

from raincheck.actions.api_keys import make_api_key
from raincheck.actions.catalogue import save_products, save_settings, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings, Weights
from raincheck.store.db import one, rows
from raincheck.store.locks import database_now
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord


def hold(shop: Caller, ref: str, units: int, sku: str = "lamp", **more: Any) -> Any:
    return shop.post("/holds", {"ref": ref, "lines": [{"sku": sku, "quantity": units}], **more})


def order(shop: Caller, ref: str, units: int, sku: str = "lamp", **more: Any) -> Any:
    return shop.post("/orders", {"ref": ref, "lines": [{"sku": sku, "quantity": units}], **more})


def pieces(answer: Any) -> list[tuple[int, str, str | None]]:
    return [(piece["units"], piece["from"], piece["on"]) for piece in content(answer)["lines"][0]["pieces"]]


def violations() -> list[Any]:
    return list(audit())


def test_a_basket_holds_what_lies_there_and_what_is_on_its_way_with_the_day(shop: Caller) -> None:
    held = hold(shop, "cart", 7, minutes=10)
    assert held.status_code == 201
    assert pieces(held) == [(5, "on_hand", in_days(0).isoformat()), (2, "P1", in_days(10).isoformat())]
    assert content(shop.get("/products/lamp/availability"))["reserved"] == 5
    assert pieces(order(shop, "O1", 3)) == [(3, "P1", in_days(10).isoformat())]
    assert violations() == []


def test_the_order_that_takes_the_hold_over_gets_exactly_that_and_is_told_once(shop: Caller) -> None:
    held = pieces(hold(shop, "cart", 7))
    order(shop, "O1", 8)
    taken = order(shop, "O2", 7, hold="cart", customer="ann")
    assert (taken.status_code, pieces(taken)) == (201, held)
    assert content(taken)["lines"][0]["first_promise_on"] == in_days(10).isoformat()
    events = [event for (event,) in rows("SELECT event FROM notice n JOIN sales_order o ON o.id = n.order_id"
                                         " WHERE o.ref = 'O2' ORDER BY n.id")]  # fmt: skip
    assert events == ["order_confirmed", "backordered"]
    found = content(shop.get("/holds/cart"))
    assert (found["state"], found["order"], found["lines"]) == ("taken", "O2", [])
    assert one("SELECT count(*) FROM sales_order WHERE state = 'basket'") == (0,)
    assert violations() == []


def test_a_shopper_is_never_blocked_by_their_own_hold(shop: Caller) -> None:
    hold(shop, "cart", 2, sku="chair")
    assert content(order(shop, "O1", 1, sku="chair"))["state"] == "refused"
    assert content(order(shop, "O2", 2, sku="chair", hold="cart"))["lines"][0]["reserved"] == 2


def test_the_same_call_again_is_the_same_hold_and_the_same_order(shop: Caller) -> None:
    first = content(hold(shop, "cart", 2))
    again = hold(shop, "cart", 2)
    assert (again.status_code, content(again)["expires_at"]) == (200, first["expires_at"])
    assert hold(shop, "cart", 3).status_code == 409
    assert order(shop, "O1", 2, hold="cart").status_code == 201
    assert order(shop, "O1", 2, hold="cart").status_code == 200
    assert order(shop, "O2", 2, hold="cart").status_code == 409
    assert hold(shop, "cart", 2).status_code == 200


def test_a_hold_runs_out_and_what_it_held_goes_to_whoever_waits(shop: Caller) -> None:
    hold(shop, "cart", 5, minutes=5)
    order(shop, "O1", 3)
    run_due(database_now() + timedelta(minutes=4))
    assert content(shop.get("/orders/O1"))["lines"][0]["reserved"] == 0
    run_due(database_now() + timedelta(minutes=6))
    assert content(shop.get("/orders/O1"))["lines"][0]["reserved"] == 3
    assert content(shop.get("/holds/cart"))["state"] == "expired"
    late = order(shop, "O2", 2, hold="cart")
    assert (late.status_code, "expired" in content(late)["detail"]) == (409, True)
    assert violations() == []


def test_a_hold_that_is_let_go_is_gone_and_may_be_let_go_again(shop: Caller) -> None:
    hold(shop, "cart", 5)
    assert content(shop.send("DELETE", "/holds/cart"))["state"] == "ended"
    assert content(shop.send("DELETE", "/holds/cart"))["state"] == "ended"
    assert content(shop.get("/products/lamp/availability"))["reserved"] == 0
    assert order(shop, "O1", 1, hold="cart").status_code == 409
    assert shop.send("DELETE", "/holds/none").status_code == 404


def test_nobody_hears_of_a_hold_and_it_is_no_order_to_anybody(shop: Caller) -> None:
    hold(shop, "cart", 7, customer="ann")
    run_due(database_now() + timedelta(days=20))
    assert rows("SELECT event FROM notice") == []
    assert rows("SELECT id FROM told_date") == []
    ((ref,),) = rows("SELECT coalesce(max(ref), 'gone') FROM sales_order")
    assert ref == "gone"


def test_a_hold_while_it_stands_is_found_by_no_call_about_orders(shop: Caller) -> None:
    hold(shop, "cart", 2)
    ((ref,),) = rows("SELECT ref FROM sales_order WHERE state = 'basket'")
    assert shop.get(f"/orders/{ref}").status_code == 404
    assert shop.post(f"/orders/{ref}/cancel").status_code == 404
    hold(shop, "more", 9)
    assert content(shop.get("/backorders"))["backorders"] == []


def test_a_hold_of_gold_does_not_overtake_who_waits_and_an_order_of_gold_does_not_take_what_is_held(
    company: None,
) -> None:
    save_settings(Settings(warehouse="manual", weights=Weights(tier=Decimal(1))))
    shop = key_for("admin")
    order(shop, "O1", 15, customer="bob")
    hold(shop, "cart", 4, customer="ann")
    set_stock("east", {"lamp": 8})
    assert content(shop.get("/orders/O1"))["lines"][0]["reserved"] == 8
    shop.send("DELETE", "/holds/cart")
    hold(shop, "towels", 2, sku="chair")
    set_stock("east", {"chair": 3})
    assert content(order(shop, "O2", 3, sku="chair", customer="ann"))["lines"][0]["reserved"] == 1
    assert content(order(shop, "O3", 2, sku="chair", customer="bob", hold="towels"))["lines"][0]["reserved"] == 2
    assert violations() == []


def test_an_order_for_more_than_was_held_keeps_what_was_held(shop: Caller) -> None:
    hold(shop, "cart", 3)
    order(shop, "O1", 6)
    assert pieces(order(shop, "O2", 9, hold="cart"))[0][:2] == (3, "on_hand")
    assert violations() == []


def test_kits_are_held_as_kits(shop: Caller) -> None:
    save_products([ProductRecord("pair", price=None, kit={"lamp": 2})])
    hold(shop, "cart", 2, sku="pair")
    assert content(order(shop, "O1", 2))["lines"][0]["reserved"] == 1
    taken = content(order(shop, "O2", 2, sku="pair", hold="cart"))["lines"][0]
    assert (taken["reserved"], taken["ordered"]) == (2, 2)
    assert violations() == []


@pytest.mark.parametrize("ship", ["available", "complete", "up_to:2"])
def test_a_hold_becomes_an_order_under_any_shipping_policy(shop: Caller, ship: str) -> None:
    lines = [{"sku": "lamp", "quantity": 6}, {"sku": "chair", "quantity": 1}]
    shop.post("/holds", {"ref": "cart", "ship": ship, "lines": lines})
    assert violations() == []
    taken = content(shop.post("/orders", {"ref": "O1", "ship": ship, "lines": lines, "hold": "cart"}))
    assert [line["reserved"] + line["backordered"] for line in taken["lines"]] == [6, 1]
    assert violations() == []


def test_with_an_automatic_warehouse_nothing_leaves_until_the_order_is_there(company: None) -> None:
    save_settings(Settings())
    shop = key_for("admin")
    hold(shop, "cart", 2)
    assert rows("SELECT id FROM shipment") == []
    assert content(order(shop, "O1", 2, hold="cart"))["lines"][0]["shipped"] == 2
    assert violations() == []


def test_limits_are_kept(shop: Caller) -> None:
    said = hold(shop, "cart", 1, minutes=31)
    assert (said.status_code, "between 1 and 30" in content(said)["detail"]) == (422, True)
    assert hold(shop, "cart", 1, sku="rug").status_code == 422
    nothing = hold(shop, "cart", 3, sku="chair")
    assert nothing.status_code == 201
    assert hold(shop, "more", 1, sku="chair").status_code == 409


def test_a_hold_belongs_to_the_key_that_made_it(company: None) -> None:
    mine = key_for("order.place")
    hold(mine, "cart", 2)
    place = OrderRequest("O1", (AskedLine("lamp", 2),))
    from raincheck.actions.hold_basket import place_held
    from raincheck.core.errors import Refused

    with pytest.raises(Refused, match="another key"):
        place_held(place, "cart", actor="api:another shop")
    other = Caller(make_api_key("another shop", ["order.place"]).key)
    assert other.send("GET", "/holds/cart").status_code == 404
    assert other.send("DELETE", "/holds/cart").status_code == 409
    said = hold(other, "cart", 2)
    assert (said.status_code, "another key" in content(said)["detail"]) == (409, True), "the same basket is not theirs"
    assert content(mine.get("/holds/cart"))["state"] == "open"
    assert place_order(OrderRequest("O2", (AskedLine("lamp", 3),))).is_new


@pytest.mark.slow
def test_a_hundred_shoppers_at_once_hold_ten_units_exactly_once(busy_shop: Caller) -> None:
    save_products([ProductRecord("ticket", price=None, backorder="deny")])
    set_stock("east", {"ticket": 10})

    def one_shopper(number: int) -> int:
        try:
            status: int = hold(busy_shop, f"cart-{number}", 1, sku="ticket").status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one_shopper, range(100)))
    assert (answers.count(201), answers.count(409)) == (10, 90)
    assert content(busy_shop.get("/products/ticket/availability"))["reserved"] == 10
    assert violations() == []


def test_an_order_that_pays_by_card_takes_a_hold_over_and_waits_for_its_authorisation(company: None) -> None:
    save_settings(Settings(card_payments=True))
    shop = key_for("admin")
    hold(shop, "cart", 2)
    taken = content(order(shop, "O1", 2, hold="cart", customer="ann", payment={"card": "tok_visa"}))
    assert (taken["lines"][0]["reserved"], taken["lines"][0]["shipped"]) == (2, 0)
    assert rows("SELECT kind FROM card_request") == [("authorise",)]
    assert violations() == []
