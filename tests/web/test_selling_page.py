"""How a product is sold is changed on its own page: for orders to come, never for those that are open."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.test_pages import text_of

from raincheck.actions.catalogue import save_products
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.db import run
from raincheck.store.locks import database_now
from raincheck.store.reads.order_outcome import LineOutcome, order_outcome
from raincheck.store.reads.records import read_products
from raincheck.store.records import ProductRecord

SELLING = {"price": "9.50", "backorder": "", "backorder_limit": "", "available_from": "", "criticality": "", "kit": ""}


def save(client: Client, sku: str, **changed: str) -> str:
    """What the page answers: nothing where it goes on to the product's page, else its own words."""
    answer = client.post(reverse("selling", args=[sku]), SELLING | changed)
    assert answer.status_code in (302, 422)
    return answer.content.decode()


def ordered(ref: str, sku: str, units: int) -> LineOutcome:
    place_order(OrderRequest(ref, (AskedLine(sku, units),)))
    found = order_outcome(ref)
    assert found is not None
    return found.lines[0]


def test_a_product_that_may_not_wait_is_refused_beyond_stock_and_open_orders_keep_waiting(admin: Client) -> None:
    before = ordered("BEFORE", "MUG", 100)
    assert save(admin, "MUG", backorder="deny") == ""
    after = ordered("AFTER", "MUG", 5)
    kept = order_outcome("BEFORE")
    assert kept is not None
    assert (after.refused, after.backordered) == (5, 0)
    assert kept.lines[0].backordered == before.backordered > 0


def test_as_many_may_wait_as_the_product_allows(admin: Client) -> None:
    assert save(admin, "MUG", backorder_limit="3") == ""
    line = ordered("MANY", "MUG", 100)
    assert (line.backordered, line.refused) == (3, 100 - 3 - line.reserved)


def test_the_next_order_is_what_the_shop_says_once_as_many_wait_as_may(admin: Client) -> None:
    run("UPDATE product SET backorder_limit = 1 WHERE sku = 'TOWEL'")
    ordered("MANY", "TOWEL", 1000)
    page = text_of(admin, "/products/TOWEL")
    assert "In the shop Sold out An order would be refused." in page
    assert "For the next order Sold out an order would be refused" in page


def test_a_day_of_sale_makes_pre_orders(admin: Client) -> None:
    on = database_now().date() + timedelta(days=40)
    assert save(admin, "MUG", available_from=on.isoformat()) == ""
    assert ordered("EARLY", "MUG", 2).preordered == 2


def test_a_kit_is_put_together_and_shown_on_its_product_s_page(admin: Client) -> None:
    assert "cannot become a kit" in save(admin, "TOWEL", kit="LAMP 1\nMUG 2\n")
    save_products([ProductRecord("GIFT", "Gift box")])
    assert save(admin, "GIFT", price="40", kit=" LAMP 1\n\nMUG 2 ") == ""
    (gift,) = read_products(["GIFT"])
    assert (gift.kit, gift.price, gift.name) == ({"LAMP": 1, "MUG": 2}, Decimal(40), "Gift box")
    text = admin.get(reverse("product", args=["GIFT"])).content.decode()
    assert "Made of" in text
    assert reverse("product", args=["MUG"]) in text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("kit", "LAMP", "write a part’s SKU, a space, and its units"),
        ("kit", "LAMP 0", "write a part’s SKU, a space, and its units"),
        ("kit", f"LAMP {'9' * 5_000}", "write a part’s SKU, a space, and its units"),
        ("kit", "LAMP -1", "write a part’s SKU, a space, and its units"),
        ("kit", "LAMP 1\nLAMP 2", "stands there twice"),
        ("kit", "NOPE 1", "NOPE"),
        ("kit", "MUG 1", "cannot be a part of itself"),
        ("price", "-1", "greater than or equal to 0"),
        ("price", "1.005", "2 decimals"),
        ("price", "NaN", "Enter a number"),
        ("backorder", "perhaps", "not one of the available choices"),
        ("backorder_limit", "-1", "greater than or equal to 0"),
        ("backorder_limit", "99999999999999999999", "less than or equal to"),
        ("available_from", "tomorrow", "Enter a valid date"),
        ("criticality", "D", "not one of the available choices"),
    ],
)
def test_what_is_typed_wrong_is_said_and_changes_nothing(admin: Client, field: str, typed: str, said: str) -> None:
    before = list(read_products(["MUG"]))
    assert said in save(admin, "MUG", **{field: typed})
    assert list(read_products(["MUG"])) == before


def test_saving_what_holds_already_says_so_and_another_product_is_a_404(admin: Client) -> None:
    answer = admin.post(reverse("selling", args=["MUG"]), SELLING, follow=True)
    assert "is sold so already" in answer.content.decode()
    assert admin.get(reverse("selling", args=["NOPE"])).status_code == 404
    assert admin.post(reverse("selling", args=["NOPE"]), SELLING).status_code == 404
