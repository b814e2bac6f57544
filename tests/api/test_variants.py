"""Variants and substitutes, as a shop asks for them."""

from decimal import Decimal

import pytest
from tests.api.caller import Caller, content, in_days, key_for

from raincheck.actions.catalogue import save_products, set_stock
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.store.records import ProductRecord


@pytest.fixture
def tees(shop: Caller) -> Caller:
    """A tee in three sizes and two colours: red M is sold out, blue M and red XL lie there, red L comes in 20 days."""
    save_products(
        [
            ProductRecord("tee-m-red", "Tee", Decimal(20), style="tee", size="M", colour="red", backorder="deny"),
            ProductRecord("tee-m-blue", "Tee", Decimal(22), style="tee", size="M", colour="blue"),
            ProductRecord("tee-l-red", "Tee", Decimal(20), style="tee", size="L", colour="red"),
            ProductRecord("tee-xl-red", "Tee", Decimal(18), style="tee", size="XL", colour="red"),
            ProductRecord("coat", "Coat", Decimal(99)),
        ]
    )
    set_stock("east", {"tee-m-blue": 3, "tee-xl-red": 1, "coat": 1})
    purchase(PurchaseRequest("P9", "slow", "east", {"tee-l-red": 5}, in_days(20), "confirmed"))
    return shop


def test_a_shop_gets_the_whole_table_of_a_style_in_one_call(tees: Caller) -> None:
    found = content(tees.get("/products/tee-m-red/variants"))
    assert (found["style"], found["sizes"], found["colours"]) == ("tee", ["M", "L", "XL"], ["blue", "red"])
    cells = {cell["sku"]: (cell["status"], cell["units_now"], cell["next_on"]) for cell in found["variants"]}
    assert cells == {
        "tee-m-red": ("out_of_stock", 0, None),
        "tee-m-blue": ("in_stock", 3, in_days(0).isoformat()),
        "tee-l-red": ("backorder", 0, in_days(20).isoformat()),
        "tee-xl-red": ("in_stock", 1, in_days(0).isoformat()),
    }


def test_a_product_without_a_style_stands_alone(shop: Caller) -> None:
    found = content(shop.get("/products/lamp/variants"))
    assert (found["style"], [cell["sku"] for cell in found["variants"]]) == ("", ["lamp"])


def test_what_can_be_had_sooner_is_offered_the_nearest_first(tees: Caller) -> None:
    found = content(tees.get("/products/tee-m-red/substitutes"))["substitutes"]
    assert [(one["sku"], one["kind"], one["units_now"]) for one in found] == [
        ("tee-m-blue", "other_colour", 3),
        ("tee-l-red", "other_size", 0),
        ("tee-xl-red", "other_size", 1),
    ]
    assert [one["price_difference"] for one in found] == ["2.00", "0.00", "-2.00"]


def test_what_comes_no_sooner_is_not_offered(tees: Caller) -> None:
    assert content(tees.get("/products/tee-m-blue/substitutes"))["substitutes"] == []
    sooner = content(tees.get("/products/tee-l-red/substitutes"))["substitutes"]
    assert [one["sku"] for one in sooner] == ["tee-xl-red", "tee-m-blue"]


def test_a_named_substitute_comes_before_every_variant_and_its_name_can_be_taken_away(tees: Caller) -> None:
    named = tees.post("/products/tee-m-red/substitutes", {"named": ["coat"]})
    assert named.status_code == 200
    assert [one["sku"] for one in content(named)["substitutes"]][:2] == ["coat", "tee-m-blue"]
    assert content(tees.get("/products/coat/substitutes"))["named"] == []
    gone = content(tees.post("/products/tee-m-red/substitutes", {"named": []}))
    assert gone["named"] == []
    assert "coat" not in [one["sku"] for one in gone["substitutes"]]


@pytest.mark.parametrize(("named", "said"), [(["tee-m-red"], "cannot stand in for itself"), (["rug"], "'rug'")])
def test_what_cannot_stand_in_is_refused_by_name(tees: Caller, named: list[str], said: str) -> None:
    answer = tees.post("/products/tee-m-red/substitutes", {"named": named})
    assert answer.status_code in (404, 422)
    assert said in content(answer)["detail"]


def test_a_kit_is_no_substitute(tees: Caller) -> None:
    save_products([ProductRecord("set", "Set", Decimal(60), kit={"coat": 1})])
    answer = tees.post("/products/tee-m-red/substitutes", {"named": ["set"]})
    assert (answer.status_code, "kit" in content(answer)["detail"]) == (422, True)


def test_a_product_that_does_not_exist_is_a_404(shop: Caller) -> None:
    assert shop.get("/products/rug/variants").status_code == 404
    assert shop.get("/products/rug/substitutes").status_code == 404


def test_naming_needs_its_own_scope(company: None) -> None:
    assert key_for("product.view").post("/products/lamp/substitutes", {"named": []}).status_code == 403
