"""A customer's answer over HTTP."""

from tests.api.caller import Caller, content


def lamps(shop: Caller, quantity: int = 8) -> None:
    shop.post("/orders", {"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": quantity}]})


def test_a_customer_who_cancels_is_answered_with_the_order_as_it_is_then(shop: Caller) -> None:
    lamps(shop)
    response = shop.post("/orders/O1/answer", {"choice": "cancel"})
    assert response.status_code == 200
    (line,) = content(response)["lines"]
    assert (line["cancelled"], line["reason"]) == (8, "cancelled_by_customer")
    late = shop.post("/orders/O1/answer", {"choice": "wait"})
    assert (late.status_code, content(late)["type"]) == (409, "/api/v1/problems/refused")


def test_waiting_leaves_the_order_as_it_is(shop: Caller) -> None:
    lamps(shop)
    before = content(shop.get("/orders/O1"))["lines"]
    assert content(shop.post("/orders/O1/answer", {"choice": "wait"}))["lines"] == before


def test_an_answer_that_contradicts_itself_is_malformed(shop: Caller) -> None:
    lamps(shop)
    wrong: tuple[dict[str, object], ...] = ({"choice": "perhaps"}, {"choice": "substitute"},
             {"choice": "wait", "substitutes": [{"sku": "lamp", "instead": "torch"}]}, {})  # fmt: skip
    assert [shop.post("/orders/O1/answer", body).status_code for body in wrong] == [422] * 4


def test_nobody_answers_for_an_order_that_does_not_exist(shop: Caller) -> None:
    assert shop.post("/orders/nothing/answer", {"choice": "wait"}).status_code == 404
