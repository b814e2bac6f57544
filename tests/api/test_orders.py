"""Orders over HTTP: placed, shown, changed, held, cancelled."""

from tests.api.caller import Caller, content, found_company, in_days, key_for

from raincheck.core.settings import Settings

LAMPS = {"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 3}]}


def test_an_order_is_answered_with_what_each_line_gets(shop: Caller) -> None:
    response = shop.post(
        "/orders", {**LAMPS, "lines": [{"sku": "lamp", "quantity": 8}, {"sku": "chair", "quantity": 3}]}
    )
    assert response.status_code == 201
    assert response["Location"] == "/api/v1/orders/O1"
    lamp, chair = content(response)["lines"]
    assert (lamp["ordered"], lamp["reserved"], lamp["backordered"], lamp["refused"]) == (8, 5, 3, 0)
    assert lamp["first_promise_on"] == lamp["promise_on"] == in_days(10).isoformat()
    assert lamp["reason"] == "pegged_to_inbound"
    assert lamp["pieces"] == [
        {"units": 5, "from": "on_hand", "on": in_days(0).isoformat(), "reason": "on_hand"},
        {"units": 3, "from": "P1", "on": in_days(10).isoformat(), "reason": "pegged_to_inbound"},
    ]
    assert (chair["ordered"], chair["reserved"], chair["refused"]) == (3, 2, 1)
    assert chair["pieces"][-1] == {"units": 1, "from": "refused", "on": None, "reason": "backorders_denied"}


def test_the_same_order_again_is_the_same_order(shop: Caller) -> None:
    first = shop.post("/orders", LAMPS)
    again = shop.post("/orders", LAMPS)
    assert (first.status_code, again.status_code) == (201, 200)
    assert content(first) == content(again)


def test_the_same_reference_with_other_content_is_refused(shop: Caller) -> None:
    shop.post("/orders", LAMPS)
    other = shop.post("/orders", {**LAMPS, "lines": [{"sku": "lamp", "quantity": 4}]})
    assert other.status_code == 409
    assert content(other)["type"] == "/api/v1/problems/refused"
    assert content(shop.get("/orders/O1"))["lines"][0]["ordered"] == 3


def test_lines_that_name_one_product_twice_are_one_line(shop: Caller) -> None:
    response = shop.post(
        "/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}, {"sku": "lamp", "quantity": 2}]}
    )
    assert [(line["sku"], line["ordered"]) for line in content(response)["lines"]] == [("lamp", 3)]


def test_one_product_at_two_prices_is_refused(shop: Caller) -> None:
    lines = [{"sku": "lamp", "quantity": 1, "unit_price": "40"}, {"sku": "lamp", "quantity": 2, "unit_price": "30"}]
    response = shop.post("/orders", {"ref": "O1", "lines": lines})
    assert response.status_code == 422
    assert content(response)["errors"][0]["pointer"] == "/lines/1"


def test_an_order_of_which_nothing_is_accepted_is_on_record_as_refused(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "chair", "quantity": 2}]})
    response = shop.post("/orders", {"ref": "O2", "lines": [{"sku": "chair", "quantity": 1}]})
    assert response.status_code == 201
    assert content(response)["state"] == "refused"


def test_a_quote_says_what_the_order_then_gets_and_holds_nothing(shop: Caller) -> None:
    lines = [{"sku": sku, "quantity": 7} for sku in ("lamp", "torch", "chair", "next")]
    quoted = content(shop.post("/quotes", {"lines": lines}))["lines"]
    assert content(shop.get("/products/lamp/availability"))["reserved"] == 0
    placed = content(shop.post("/orders", {"ref": "O1", "lines": lines}))["lines"]
    for quote, line in zip(quoted, placed, strict=True):
        assert quote.pop("policy")["ship"]["value"] == line["ship"]
        assert quote == {name: line[name] for name in quote}


def test_an_order_is_shown_with_its_parcels_and_its_money(db: None) -> None:
    found_company(Settings(transit_days=2))
    shop = key_for("order.place", "order.view")
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 6}]})
    order = content(shop.get("/orders/O1"))
    assert order["captured"] == "200.00"
    assert [(parcel["state"], parcel["site"], parcel["lines"]) for parcel in order["shipments"]] == [
        ("shipped", "east", [{"sku": "lamp", "units": 5}])
    ]
    assert order["lines"][0]["shipped"] == 5
    assert order["lines"][0]["pieces"] == [
        {"units": 5, "from": "on_hand", "on": in_days(2).isoformat(), "reason": "shipped"},
        {"units": 1, "from": "P1", "on": in_days(12).isoformat(), "reason": "pegged_to_inbound"},
    ]


def test_an_order_that_does_not_exist_is_not_found(shop: Caller) -> None:
    for response in (
        shop.get("/orders/O9"),
        shop.get("/orders/O9/explain"),
        shop.post("/orders/O9/cancel"),
        shop.patch("/orders/O9", {"held": True}),
        shop.patch("/orders/O9", {"lines": [{"sku": "lamp", "quantity": 1}]}),
    ):
        assert response.status_code == 404
        assert content(response)["type"] == "/api/v1/problems/not-found"


def test_quantities_are_changed_and_the_order_held_in_one_call(shop: Caller) -> None:
    shop.post("/orders", LAMPS)
    response = shop.patch(
        "/orders/O1", {"lines": [{"sku": "lamp", "quantity": 7}, {"sku": "torch", "quantity": 1}], "held": True}
    )
    assert response.status_code == 200
    order = content(response)
    assert order["state"] == "held"
    assert {line["sku"]: line["ordered"] for line in order["lines"]} == {"lamp": 7, "torch": 1}
    assert content(shop.patch("/orders/O1", {"held": True}))["state"] == "held"
    assert content(shop.patch("/orders/O1", {"held": False}))["state"] == "open"


def test_a_change_that_cannot_be_held_changes_nothing(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]})
    shop.post("/orders/O1/cancel")
    response = shop.patch("/orders/O1", {"lines": [{"sku": "lamp", "quantity": 2}], "held": True})
    assert response.status_code == 409
    assert content(shop.get("/orders/O1"))["lines"][0]["ordered"] == 1


def test_holding_needs_its_own_scope(company: None) -> None:
    key_for("order.place").post("/orders", LAMPS)
    clerk = key_for("order.change", "order.view")
    response = clerk.patch("/orders/O1", {"lines": [{"sku": "lamp", "quantity": 4}], "held": True})
    assert response.status_code == 403
    assert content(clerk.get("/orders/O1"))["lines"][0]["ordered"] == 3


def test_units_are_cancelled_then_the_rest(shop: Caller) -> None:
    shop.post("/orders", LAMPS)
    some = content(shop.post("/orders/O1/cancel", {"lines": [{"sku": "lamp", "quantity": 1}]}))
    assert (some["state"], some["lines"][0]["cancelled"]) == ("open", 1)
    rest = content(shop.post("/orders/O1/cancel", {"by": "seller"}))
    assert (rest["state"], rest["lines"][0]["cancelled"]) == ("cancelled", 3)
    assert rest["lines"][0]["reason"] == "cancelled_by_seller"
    assert shop.post("/orders/O1/cancel").status_code == 409


def test_a_cancelled_product_that_the_order_lacks_is_named(shop: Caller) -> None:
    shop.post("/orders", LAMPS)
    response = shop.post("/orders/O1/cancel", {"lines": [{"sku": "torch", "quantity": 1}]})
    assert response.status_code == 422
    assert content(response)["errors"] == [{"pointer": "/lines/0/sku", "detail": "order 'O1' has no line 'torch'"}]


def test_an_order_is_explained(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 6}]})
    shop.post("/orders", {"ref": "O2", "lines": [{"sku": "lamp", "quantity": 2}]})
    explained = content(shop.get("/orders/O2/explain"))
    assert explained["lines"][0]["orders_ahead"] == 1
    assert explained["lines"][0]["policy"]["backorders"]["value"] == "allow"


def test_references_and_products_may_hold_signs_that_addresses_use(shop: Caller) -> None:
    response = shop.post("/orders", {"ref": "2026/7 é?", "lines": [{"sku": "desk/oak 80", "quantity": 1}]})
    assert response["Location"] == "/api/v1/orders/2026%2F7%20%C3%A9%3F"
    shown = shop.send("GET", response["Location"].removeprefix("/api/v1"))
    assert content(shown)["ref"] == "2026/7 é?"
    assert content(shop.get("/products/desk%2Foak%2080/availability"))["sku"] == "desk/oak 80"


def test_the_record_says_which_key_did_it(shop: Caller) -> None:
    from raincheck.store.reads.activity import facts_about

    shop.post("/orders", LAMPS)
    assert [(fact.verb, fact.actor) for fact in facts_about("order:O1")] == [("order_placed", "api:a shop")]


def test_what_is_wanted_later_is_promised_for_that_day(shop: Caller) -> None:
    wanted_on = in_days(20).isoformat()
    asked = {**LAMPS, "wanted_on": wanted_on}
    order = content(shop.post("/orders", asked))
    line = order["lines"][0]
    assert (order["wanted_on"], line["promise_on"], line["reason"]) == (wanted_on, wanted_on, "pegged_to_inbound")
    quoted = content(shop.post("/quotes", {**asked, "ref": None}))["lines"][0]
    assert [(piece["from"], piece["on"]) for piece in quoted["pieces"]] == [("P1", wanted_on)]
    assert shop.post("/orders", {**LAMPS, "wanted_on": in_days(21).isoformat()}).status_code == 409
    assert shop.post("/orders", asked).status_code == 200


def test_a_wanted_day_out_of_this_world_is_malformed(shop: Caller) -> None:
    assert shop.post("/orders", {**LAMPS, "wanted_on": "9999-12-31"}).status_code == 422
    assert shop.post("/orders", {**LAMPS, "wanted_on": "soon"}).status_code == 422


def test_an_order_in_one_parcel_at_most_waits_for_all_of_it(shop: Caller) -> None:
    body = {"ref": "O1", "ship": "up_to:1", "lines": [{"sku": "lamp", "quantity": 8}, {"sku": "chair", "quantity": 1}]}
    lamp, chair = content(shop.post("/orders", body))["lines"]
    assert (lamp["ship"], chair["ship"]) == ("up_to:1", "up_to:1")
    assert chair["pieces"] == [
        {"units": 1, "from": "on_hand", "on": in_days(10).isoformat(), "reason": "waits_for_shipment"}
    ]
    assert chair["reason"] == "waits_for_shipment"
    assert lamp["promise_on"] == chair["promise_on"] == in_days(10).isoformat()


PAID = {**LAMPS, "shipping_fee": "4.90", "tax": "3.00"}


def test_a_fee_and_tax_are_part_of_what_was_asked(shop: Caller) -> None:
    assert shop.post("/orders", PAID).status_code == 201
    assert shop.post("/orders", PAID).status_code == 200
    assert shop.post("/orders", {**PAID, "tax": "3.01"}).status_code == 409


def test_a_card_is_refused_where_the_company_takes_none(shop: Caller) -> None:
    refused = shop.post("/orders", {**LAMPS, "payment": {"card": "tok_visa"}})
    assert refused.status_code == 409
    assert "card payments are off" in content(refused)["detail"]
    assert shop.get("/orders/O1").status_code == 404


def test_a_card_number_is_not_taken(shop: Caller) -> None:
    assert shop.post("/orders", {**LAMPS, "payment": {"card": "4242424242424242"}}).status_code == 422
