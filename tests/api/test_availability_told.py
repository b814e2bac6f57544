"""Shops hear of a product's availability when it changes: no more often than need be, in an order they can tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from tests.api.caller import Caller, in_days

from raincheck.actions.catalogue import save_products, set_stock
from raincheck.actions.say_availability import say_availability, shops_listen
from raincheck.actions.webhooks import add_endpoint
from raincheck.store.db import rows
from raincheck.store.records import ProductRecord

START = datetime.now(UTC)


@pytest.fixture
def listening(shop: Caller) -> Caller:
    """A shop whose endpoint hears of availability, and knows what there is."""
    add_endpoint("https://shop.example/hook", ["product.availability"])
    say()
    return shop


def products(*skus: str) -> list[int]:
    return [id_ for (id_,) in rows("SELECT id FROM product WHERE sku = ANY(%s)", [list(skus)])]


def say(seconds: float = 0, *skus: str) -> tuple[int, set[int]]:
    named = products(*skus) if skus else [id_ for (id_,) in rows("SELECT id FROM product")]
    return say_availability(named, START + timedelta(seconds=seconds))


def heard() -> list[dict[str, Any]]:
    found = rows("SELECT payload FROM webhook_delivery WHERE event = 'product.availability' ORDER BY id")
    return [payload if isinstance(payload, dict) else orjson.loads(payload) for (payload,) in found]


def order(shop: Caller, ref: str, units: int, sku: str = "lamp") -> None:
    assert shop.post("/orders", {"ref": ref, "lines": [{"sku": sku, "quantity": units}]}).status_code == 201


def test_what_a_shop_knows_already_is_not_said(listening: Caller) -> None:
    assert heard() == []
    assert say(60) == (0, set())


def test_the_last_unit_sold_is_said_with_the_day_of_the_next(listening: Caller) -> None:
    order(listening, "O1", 3)
    assert say(60)[0] == 0
    order(listening, "O2", 2)
    assert say(60)[0] == 1
    assert heard() == [
        {
            "sku": "lamp",
            "version": 2,
            "status": "backorder",
            "next_on": in_days(10).isoformat(),
            "may_sell": True,
            "units_now": 0,
        }
    ]


def test_a_product_that_may_not_wait_is_said_to_be_sold_out_and_back(listening: Caller) -> None:
    order(listening, "O1", 2, "chair")
    say(60)
    set_stock("east", {"chair": 5})
    say(120)
    assert [(one["status"], one["may_sell"], one["version"]) for one in heard()] == [
        ("out_of_stock", False, 2),
        ("in_stock", True, 3),
    ]


def test_a_hot_product_is_said_as_it_stands_not_at_every_turn(listening: Caller) -> None:
    for turn in range(40):
        set_stock("east", {"chair": 2 * (turn % 2)})
        say(turn * 0.1)
    assert len(heard()) == 1
    set_stock("east", {"chair": 9})
    say(30)
    assert [(one["status"], one["units_now"]) for one in heard()] == [("out_of_stock", 0), ("in_stock", 9)]
    assert [one["version"] for one in heard()] == sorted({one["version"] for one in heard()})


def test_what_may_not_be_said_yet_is_looked_at_again(listening: Caller) -> None:
    set_stock("east", {"chair": 0})
    say(10)
    set_stock("east", {"chair": 4})
    assert say(11, "chair") == (0, set(products("chair")))
    assert say(16, "chair") == (1, set())


def test_a_new_product_is_noted_and_said_from_its_first_change_on(listening: Caller) -> None:
    save_products([ProductRecord("rug", backorder="deny")])
    assert say(60, "rug")[0] == 0
    set_stock("east", {"rug": 1})
    assert say(120, "rug")[0] == 1


def test_a_kit_is_said_when_its_parts_run_out(listening: Caller) -> None:
    save_products([ProductRecord("pair", kit={"chair": 2}, backorder="deny")])
    say(60)
    order(listening, "O1", 1, "chair")
    assert say(120, "chair")[0] == 1
    assert [(one["sku"], one["status"]) for one in heard()] == [("pair", "out_of_stock")]


def test_without_an_endpoint_that_listens_nothing_is_looked_at(shop: Caller) -> None:
    assert not shops_listen()
