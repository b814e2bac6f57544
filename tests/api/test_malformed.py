"""Bad input: each kind gets an answer that names the field, and nothing is done."""

from typing import Any

import pytest
from tests.api.caller import Caller, content

from raincheck.store.db import one


def order(**fields: Any) -> dict[str, Any]:
    """An order with some fields other than they should be."""
    return {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}], **fields}


def line(**fields: Any) -> dict[str, Any]:
    """An order whose line has some fields other than they should be."""
    return order(lines=[{"sku": "lamp", "quantity": 1, **fields}])


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        (line(quantity=0), "/lines/0/quantity", "must be at least 1"),
        (line(quantity=-1), "/lines/0/quantity", "must be at least 1"),
        (line(quantity=1.5), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (line(quantity=1.0), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (line(quantity=10**12), "/lines/0/quantity", "must be at most 1000000000"),
        (line(quantity=10**30), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (line(quantity=True), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (line(quantity="3"), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (line(quantity=None), "/lines/0/quantity", "must be a whole number, without quotation marks"),
        (order(lines=[{"sku": "lamp"}]), "/lines/0/quantity", "is missing"),
        (line(sku=""), "/lines/0/sku", "must not be empty"),
        (line(sku=7), "/lines/0/sku", "must be a text in quotation marks"),
        (line(sku="la\x00mp"), "/lines/0/sku", "holds a line break or control sign"),
        (line(sku="lamp\n"), "/lines/0/sku", "holds a line break or control sign"),
        (line(sku=" lamp"), "/lines/0/sku", "begins or ends with a space"),
        (line(sku="x" * 101), "/lines/0/sku", "is longer than 100 signs"),
        (line(sku="lmap"), "/lines/0/sku", "product 'lmap' does not exist"),
        (line(qty=3), "/lines/0/qty", "is not a field of this call; did you mean 'quantity'?"),
        (line(**{"a/b~c": 3}), "/lines/0/a~1b~0c", "is not a field of this call"),
        (
            line(unit_price=40),
            "/lines/0/unit_price",
            'must be an amount in quotation marks such as "12.50", not negative',
        ),
        (
            line(unit_price="-1"),
            "/lines/0/unit_price",
            'must be an amount in quotation marks such as "12.50", not negative',
        ),
        (
            line(unit_price="1e3"),
            "/lines/0/unit_price",
            'must be an amount in quotation marks such as "12.50", not negative',
        ),
        (line(unit_price="9999999999"), "/lines/0/unit_price", "must be at most 1000000000"),
        (order(lines=[]), "/lines", "must name at least 1"),
        (order(lines={}), "/lines", "must be a list"),
        (order(lines=[3]), "/lines/0", "must be an object"),
        (order(lines=None), "/lines", "must be a list"),
        ({"ref": "O1"}, "/lines", "is missing"),
        (order(ref=None), "/ref", "must be a text in quotation marks"),
        (order(customer="nobody"), "/customer", "customer 'nobody' does not exist"),
        (order(custmer="ann"), "/custmer", "is not a field of this call; did you mean 'customer'?"),
        (order(country="USA"), "/country", None),
        (order(ship="sometimes"), "/ship", "must be available, complete or up_to:N with N from 1 to 1000"),
        (order(ship="up_to:0"), "/ship", "must be available, complete or up_to:N with N from 1 to 1000"),
        (order(ship={"up_to": 2}), "/ship", None),
        ([], "", "must be an object"),
        ("order", "", "must be an object"),
        (3, "", "must be an object"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_by_field(
    shop: Caller, body: object, pointer: str, said: str | None
) -> None:
    response = shop.post("/orders", body)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    (error,) = content(response)["errors"]
    assert error["pointer"] == pointer
    assert said is None or error["detail"] == said
    assert not content(response)["detail"].endswith("?.")
    assert one("SELECT count(*) FROM sales_order") == (0,)


def test_every_field_that_is_wrong_is_named(shop: Caller) -> None:
    response = shop.post("/orders", {"lines": [{"sku": "lamp", "quantity": 0}, {"sku": "", "quantity": 1}], "x": 1})
    assert {error["pointer"] for error in content(response)["errors"]} == {
        "/ref",
        "/lines/0/quantity",
        "/lines/1/sku",
        "/x",
    }


def test_of_very_many_wrong_fields_some_are_named(shop: Caller) -> None:
    response = shop.post("/orders", order(lines=[{"sku": "lamp", "quantity": 0}] * 4000))
    assert len(content(response)["errors"]) == 50
    assert "and 3999 more" in content(response)["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "unexpected end"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"ref": "\\ud800"}', "surrogate"),
        (b"NaN", "expected a JSON value"),
        (b'{"ref": 1e999}', "infinity"),
        (b"[" * 3000, "depth"),
        (b'{"a": 1} x', "after document"),
    ],
)
def test_what_is_no_json_is_refused_with_the_place(shop: Caller, body: bytes, said: str) -> None:
    response = shop.post("/orders", body)
    assert (response.status_code, content(response)["type"]) == (400, "/api/v1/problems/bad-json")
    assert said in content(response)["detail"]


def test_a_missing_body_is_named(shop: Caller) -> None:
    response = shop.post("/orders")
    assert response.status_code == 422
    assert content(response)["errors"] == [{"pointer": "", "detail": "is missing"}]


def test_a_body_over_a_mebibyte_is_refused(shop: Caller) -> None:
    response = shop.post("/orders", b" " * (1024 * 1024 + 1))
    assert (response.status_code, content(response)["type"]) == (413, "/api/v1/problems/too-large")


def test_the_largest_body_is_read(shop: Caller) -> None:
    body = b'{"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]}'
    assert shop.post("/orders", body + b" " * (1024 * 1024 - len(body))).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "text/plain"},
        {"Content_Encoding": "gzip"},
    ],
)
def test_a_body_that_is_not_plain_json_is_refused(shop: Caller, headers: dict[str, str]) -> None:
    response = shop.post("/orders", order(), **headers)
    assert (response.status_code, content(response)["type"]) == (415, "/api/v1/problems/not-json")


def test_more_units_than_a_line_may_have_cannot_be_put_together(shop: Caller) -> None:
    response = shop.post("/orders", order(lines=[{"sku": "lamp", "quantity": 600_000_000}] * 2))
    assert response.status_code == 422
    assert content(response)["errors"][0]["pointer"] == "/lines/1"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"held": "yes"}, "/held"),
        ({"held": 1}, "/held"),
        ({"lines": []}, "/lines"),
        ({"lines": [{"sku": "lamp", "quantity": 1}, {"sku": "lamp", "quantity": 2}]}, "/lines/1/sku"),
        ({"lines": [{"sku": "lamp", "quantity": -1}]}, "/lines/0/quantity"),
        ({"state": "shipped"}, "/state"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_by_field(shop: Caller, body: object, pointer: str) -> None:
    shop.post("/orders", order())
    response = shop.patch("/orders/O1", body)
    assert response.status_code == 422
    assert content(response)["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"lines": [{"sku": "lamp", "quantity": 1}]}, "", "needs exactly one of po, transfer and site"),
        (
            {"po": "P1", "site": "east", "lines": [{"sku": "lamp", "quantity": 1}]},
            "",
            "needs exactly one of po, transfer and site",
        ),
        ({"po": "P9", "lines": [{"sku": "lamp", "quantity": 1}]}, "/po", "purchase order 'P9' does not exist"),
        ({"transfer": "T9", "lines": [{"sku": "lamp", "quantity": 1}]}, "/transfer", "transfer 'T9' does not exist"),
        ({"site": "moon", "lines": [{"sku": "lamp", "quantity": 1}]}, "/site", "site 'moon' does not exist"),
        ({"site": "east", "lines": [{"sku": "lmap", "quantity": 1}]}, "/lines/0/sku", "product 'lmap' does not exist"),
        ({"site": "east", "lines": [{"sku": "lamp"}]}, "/lines/0", "needs a quantity, damaged units, or both"),
        ({"site": "east", "lines": [{"sku": "lamp", "quantity": -7}]}, "/lines/0/quantity", "must be at least 0"),
    ],
)
def test_a_receipt_that_makes_no_sense_is_refused_by_field(shop: Caller, body: object, pointer: str, said: str) -> None:
    response = shop.post("/receipts", body)
    assert response.status_code == 422
    assert content(response)["errors"] == [{"pointer": pointer, "detail": said}]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"due_on": "12.03.2026"}, "/due_on"),
        ({"due_on": "2026-02-30"}, "/due_on"),
        ({"due_on": "2026-03-12T00:00:00"}, "/due_on"),
        ({"due_on": 1_700_000_000}, "/due_on"),
        ({"due_on": "9999-12-31"}, "/due_on"),
        ({"due_on": "0001-01-01"}, "/due_on"),
        ({"state": "received"}, "/state"),
        ({"supplier": "nobody"}, "/supplier"),
        ({"site": None}, "/site"),
        ({"lines": [{"sku": "lamp", "quantity": 1}] * 2}, "/lines/1/sku"),
        ({"lines": [{"sku": "lamp", "quantity": 1, "unit_cost": "abc"}]}, "/lines/0/unit_cost"),
    ],
)
def test_a_purchase_order_that_makes_no_sense_is_refused_by_field(
    shop: Caller, changed: dict[str, object], pointer: str
) -> None:
    body = {"po": "P2", "supplier": "acme", "site": "east", "lines": [{"sku": "lamp", "quantity": 1}], **changed}
    response = shop.post("/purchase-orders", body)
    assert response.status_code == 422
    assert content(response)["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("/backorders", "lat=true", "lat"),
        ("/backorders", "late=maybe", "late"),
        ("/backorders", "late=true&late=false", "late"),
        ("/backorders", "limit=0", "limit"),
        ("/backorders", "limit=501", "limit"),
        ("/backorders", "limit=ten", "limit"),
        ("/backorders", "cursor=abc", "cursor"),
        ("/backorders", "cursor=%00", "cursor"),
        ("/backorders", "sku=la%00mp", "sku"),
        ("/availability", "", "sku"),
        ("/availability", "sku=", "sku"),
        ("/availability", "&".join(f"sku=s{n}" for n in range(201)), "sku"),
        ("/products/lamp/availability", "chanel=web", "chanel"),
        ("/orders/O1", "verbose=1", "verbose"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(
    shop: Caller, path: str, query: str, parameter: str
) -> None:
    response = shop.get(path, query)
    assert response.status_code == 422
    assert content(response)["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "x" * 101, "%20", "%FF"])
def test_a_name_in_the_address_that_nothing_can_have_is_not_found(shop: Caller, name: str) -> None:
    assert shop.get(f"/orders/{name}").status_code == 404
    assert shop.get(f"/products/{name}/availability").status_code == 404


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/orders/", "/rebalance", "/v2/orders", "/orders/O1/cancel/"])
def test_an_address_that_is_no_call_is_answered_with_a_problem(shop: Caller, path: str) -> None:
    response = shop.get(path)
    assert response.status_code in (404, 405)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/orders", {"POST"}),
        ("DELETE", "/orders/O1", {"GET", "PATCH"}),
        ("PUT", "/orders/O1", {"GET", "PATCH"}),
        ("OPTIONS", "/quotes", {"POST"}),
        ("TRACE", "/quotes", {"POST"}),
        ("POST", "/openapi.json", {"GET"}),
    ],
)
def test_a_method_that_an_address_does_not_take_is_refused(
    shop: Caller, method: str, path: str, allowed: set[str]
) -> None:
    response = shop.send(method, path)
    assert (response.status_code, content(response)["type"]) == (405, "/api/v1/problems/wrong-method")
    assert set(response["Allow"].split(", ")) == allowed


def test_head_is_get_without_a_body(shop: Caller) -> None:
    response = shop.send("HEAD", "/backorders")
    assert (response.status_code, response.content) == (200, b"")


def test_a_host_that_is_not_ours_is_refused(shop: Caller) -> None:
    response = shop.get("/backorders", Host="evil.example")
    assert (response.status_code, content(response)["type"]) == (400, "/api/v1/problems/bad-request")


def test_an_address_with_thousands_of_parameters_is_refused(shop: Caller) -> None:
    response = shop.get("/availability", "&".join(["sku=lamp"] * 6000))
    assert (response.status_code, content(response)["type"]) == (400, "/api/v1/problems/bad-request")
