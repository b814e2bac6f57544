"""A substitute is offered for units that wait: nothing moves until the customer answers."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.caller import Caller, content

from raincheck.actions.catalogue import set_stock
from raincheck.actions.run_timers import run_due
from raincheck.store.db import one, rows
from raincheck.store.locks import database_now


@pytest.fixture
def waiting(shop: Caller) -> Caller:
    """O1 waits for two torches of five that nobody has; O2 stands behind it; lamps lie there."""
    for ref in ("O1", "O2"):
        placed = shop.post("/orders", {"ref": ref, "customer": "ann", "lines": [{"sku": "torch", "quantity": 2}]})
        assert content(placed)["lines"][0]["backordered"] == 2
    return shop


def offer(shop: Caller, **body: Any) -> Any:
    return shop.post("/orders/O1/offers", {"sku": "torch", "instead": "lamp", **body})


def line(shop: Caller, sku: str = "torch", ref: str = "O1") -> Any:
    found = content(shop.get(f"/orders/{ref}"))["lines"]
    return next((one for one in found if one["sku"] == sku), None)


def test_the_customer_is_told_what_is_offered_at_which_price_and_until_when(waiting: Caller) -> None:
    made = content(offer(waiting, hours=24))["offers"]
    assert [(one["sku"], one["instead"], one["units"], one["state"]) for one in made] == [("torch", "lamp", 2, "open")]
    assert made[0]["unit_price"] == "12.50"
    found = rows("SELECT event, detail->'lines'->0->>'instead' FROM notice WHERE event = 'substitute_offered'")
    assert found == [("substitute_offered", "lamp")]
    assert line(waiting)["backordered"] == 2


def test_taken_the_other_product_is_on_the_order_at_the_agreed_price(waiting: Caller) -> None:
    offer(waiting)
    answer = {"choice": "substitute", "substitutes": [{"sku": "torch", "instead": "lamp"}]}
    assert waiting.post("/orders/O1/answer", answer).status_code == 200
    assert (line(waiting, "lamp")["reserved"], line(waiting, "lamp")["unit_price"]) == (2, "12.50")
    assert content(waiting.get("/orders/O1/offers"))["offers"][0]["state"] == "taken"


def test_declined_the_line_stands_where_it_stood(waiting: Caller) -> None:
    before = line(waiting)
    offer(waiting)
    waiting.post("/orders/O1/answer", {"choice": "wait"})
    assert content(waiting.get("/orders/O1/offers"))["offers"][0]["state"] == "declined"
    assert line(waiting) == before
    set_stock("east", {"torch": 2})
    assert (line(waiting)["reserved"], line(waiting, ref="O2")["reserved"]) == (2, 0)


def test_an_offer_runs_out_by_itself_and_leaves_the_line_as_it_was(waiting: Caller) -> None:
    before = line(waiting)
    offer(waiting, hours=2)
    run_due(database_now() + timedelta(hours=1))
    assert content(waiting.get("/orders/O1/offers"))["offers"][0]["state"] == "open"
    run_due(database_now() + timedelta(hours=3))
    assert content(waiting.get("/orders/O1/offers"))["offers"][0]["state"] == "expired"
    assert line(waiting)["backordered"] == before["backordered"]


def test_a_second_offer_takes_the_place_of_the_first_and_the_same_one_again_tells_nobody_twice(waiting: Caller) -> None:
    offer(waiting)
    offer(waiting)
    assert one("SELECT count(*) FROM notice WHERE event = 'substitute_offered'") == (1,)
    waiting.post("/orders/O1/offers", {"sku": "torch", "instead": "chair"})
    states = {one["instead"]: one["state"] for one in content(waiting.get("/orders/O1/offers"))["offers"]}
    assert states == {"lamp": "withdrawn", "chair": "open"}


@pytest.mark.parametrize(
    ("body", "status"),
    [({"instead": "torch"}, 422), ({"instead": "rug"}, 422), ({"sku": "lamp"}, 422), ({"hours": 0}, 422)],
)
def test_what_makes_no_sense_is_refused(waiting: Caller, body: dict[str, Any], status: int) -> None:
    assert offer(waiting, **body).status_code == status
    assert content(waiting.get("/orders/O1/offers"))["offers"] == []


def test_nothing_is_offered_for_a_line_that_does_not_wait_or_of_what_cannot_be_had(waiting: Caller) -> None:
    waiting.post("/orders", {"ref": "O3", "lines": [{"sku": "chair", "quantity": 2}]})
    assert waiting.post("/orders/O3/offers", {"sku": "chair", "instead": "lamp"}).status_code == 409
    assert offer(waiting, instead="chair").status_code == 409
