"""Another address over HTTP."""

from tests.api.caller import Caller, content

NEW = {"name": "Ann Archer", "street": "1 Market Street", "city": "San Francisco", "region": "CA",
       "postcode": "94105", "country": "US"}  # fmt: skip


def lamps(shop: Caller) -> None:
    """Ann waits for more lamps than there are."""
    shop.post("/orders", {"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 8}]})


def test_what_has_not_left_goes_to_another_address(shop: Caller) -> None:
    lamps(shop)
    response = shop.post("/orders/O1/address", NEW)
    assert response.status_code == 200
    assert content(response) == {**NEW, "street_2": ""}
    assert content(shop.get("/orders/O1/address")) == {**NEW, "street_2": ""}
    assert content(shop.get("/orders/O1"))["postcode"] == "94105"
    assert shop.post("/orders/O1/address", NEW).status_code == 200, "the same once more is no error"


def test_a_fault_names_its_field(shop: Caller) -> None:
    lamps(shop)
    response = shop.post("/orders/O1/address", {**NEW, "postcode": "10001", "region": None})
    assert response.status_code == 422
    assert {error["pointer"] for error in content(response)["errors"]} == {"/region"}
    response = shop.post("/orders/O1/address", {**NEW, "postcode": "10001"})
    assert content(response)["errors"] == [{"pointer": "/postcode", "detail": "does not fit the rest of the address"}]


def test_a_body_that_is_no_address_is_malformed(shop: Caller) -> None:
    lamps(shop)
    wrong: tuple[dict[str, object], ...] = ({}, {**NEW, "name": ""}, {**NEW, "country": "us"}, {**NEW, "town": "x"},
             {**NEW, "street": "a\nb"}, {**NEW, "city": 7})  # fmt: skip
    assert [shop.post("/orders/O1/address", body).status_code for body in wrong] == [422] * len(wrong)


def test_a_cancelled_order_goes_nowhere(shop: Caller) -> None:
    lamps(shop)
    shop.post("/orders/O1/cancel")
    response = shop.post("/orders/O1/address", NEW)
    assert response.status_code in (200, 409)
    shop.post("/orders", {"ref": "O2", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 90}]})
    shop.post("/orders/O2/cancel")
    assert shop.post("/orders/O2/address", NEW).status_code == 409


def test_an_order_that_does_not_exist_has_no_address(shop: Caller) -> None:
    assert shop.get("/orders/nothing/address").status_code == 404
    assert shop.post("/orders/nothing/address", NEW).status_code == 404
