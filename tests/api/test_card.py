"""An order's money over the API, and another card for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.api.caller import Caller, content, key_for
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.store.db import one, rows

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def shop() -> Caller:
    """A shop that takes cards, with one lamp for 40.00, and a key that may change orders."""
    open_shop(NOW, lamps=1)
    return key_for("order.view", "order.place", "order.change")


def test_another_card_over_the_api_pays_what_was_declined(shop: Caller) -> None:
    order("O1", 2, NOW, "tok_declined")
    money = content(shop.get("/orders/O1/money"))
    assert (money["declined"], money["declined_because"], money["takes_card"]) == (True, "the bank says no", True)
    assert shop.post("/orders/O1/card", {"card": "cus_ann/pm_good"}).status_code == 200
    assert shop.post("/orders/O1/card", {"card": "tok_mastercard"}).status_code == 200
    pay(datetime.now(UTC))
    money = content(shop.get("/orders/O1/money"))
    assert [money[name] for name in ("total", "captured", "refunded", "due_now", "to_come", "held")] == [
        "80.00", "40.00", "0.00", "0.00", "40.00", "40.00"
    ]  # fmt: skip
    assert [(moved["kind"], moved["amount"]) for moved in money["movements"]] == [
        ("authorise", "80.00"),
        ("capture", "40.00"),
    ]
    assert not money["declined"]


def test_the_same_call_again_under_its_key_gives_the_card_once(shop: Caller) -> None:
    order("O1", 1, NOW, "tok_declined")
    for _ in range(2):
        assert shop.post("/orders/O1/card", {"card": "tok_visa"}, Idempotency_Key="k1").status_code == 200
    assert rows("SELECT count(*) FROM fact WHERE verb = 'card_given'") == [(1,)]


@pytest.mark.parametrize("card", ["4242424242424242", "", " tok_visa", "tok visa", None, 4242, ["tok_visa"], "t" * 201])
def test_what_is_no_token_is_malformed(shop: Caller, card: object) -> None:
    order("O1", 1, NOW, "tok_declined")
    assert shop.post("/orders/O1/card", {"card": card}).status_code == 422
    assert one("SELECT card FROM order_payment") == ("tok_declined",)


def test_no_card_for_what_is_paid_or_charged_elsewhere(shop: Caller) -> None:
    order("PAID", 1, NOW)
    order("ELSEWHERE", 1, NOW, "")
    assert shop.post("/orders/PAID/card", {"card": "tok_visa"}).status_code == 409
    assert shop.post("/orders/ELSEWHERE/card", {"card": "tok_visa"}).status_code == 409
    assert shop.post("/orders/NOTHING/card", {"card": "tok_visa"}).status_code == 404
    assert shop.get("/orders/NOTHING/money").status_code == 404


def test_an_order_is_placed_with_a_card_of_stripe(shop: Caller) -> None:
    body = {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}], "payment": {"card": "cus_ann/pm_good"}}
    assert shop.post("/orders", body).status_code == 201
    assert one("SELECT card, amount FROM card_request") == ("cus_ann/pm_good", Decimal(40))
