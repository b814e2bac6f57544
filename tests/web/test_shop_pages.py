"""The shop in the console: what it is shown, what may stand in, what was offered, how it is set up."""

import pytest
from django.test import Client
from django.urls import reverse

from raincheck.actions.catalogue import save_products, set_stock
from raincheck.actions.note_interest import note_interest
from raincheck.store.reads.offers import offers_of
from raincheck.store.reads.shop import shop_settings
from raincheck.store.reads.substitutes import named_substitutes
from raincheck.store.records import ProductRecord


@pytest.fixture
def tees(admin: Client) -> Client:
    """A tee in two sizes and two colours, one of them missing."""
    save_products(
        [
            ProductRecord("TEE-M-SAGE", "Tee", style="tee", size="M", colour="sage"),
            ProductRecord("TEE-L-SAGE", "Tee", style="tee", size="L", colour="sage"),
            ProductRecord("TEE-M-CLAY", "Tee", style="tee", size="M", colour="clay", backorder="deny"),
        ]
    )
    set_stock("leeds", {"TEE-L-SAGE": 4})
    return admin


def page(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_product_s_page_says_what_the_shop_says(tees: Client) -> None:
    text = page(tees, "product", "TEE-L-SAGE")
    assert "In the shop" in text
    assert "4 units can be ordered and go at once." in text
    assert "An order would be refused." in page(tees, "product", "TEE-M-CLAY")


def test_the_table_of_a_style_links_every_size_and_colour_and_marks_the_one_at_hand(tees: Client) -> None:
    text = page(tees, "product", "TEE-L-SAGE")
    assert text.index(">M</th>") < text.index(">L</th>")
    for sku in ("TEE-M-SAGE", "TEE-L-SAGE", "TEE-M-CLAY"):
        assert f'class="matrix-cell {"ok" if sku == "TEE-L-SAGE" else "late" if "CLAY" in sku else "wait"}"' in text
        assert reverse("product", args=[sku]) in text
    assert text.count('aria-current="true"') == 1
    assert "not made" in text


def test_who_waits_to_hear_is_counted_for_planners_without_names(tees: Client) -> None:
    note_interest("TEE-M-SAGE", "a@x.example", 2)
    note_interest("TEE-M-SAGE", "b@x.example", 3)
    text = page(tees, "product", "TEE-M-SAGE")
    assert "<strong>2</strong> people wait" in text
    assert "5 units" in text
    assert "x.example" not in text


def test_substitutes_are_named_and_taken_away_on_the_page(tees: Client) -> None:
    address = reverse("name_substitutes", args=["TEE-M-CLAY"])
    assert tees.post(address, {"skus": "MUG, LAMP\nTEE-L-SAGE"}).status_code == 302
    assert [one.sku for one in named_substitutes("TEE-M-CLAY")] == ["LAMP", "MUG", "TEE-L-SAGE"]
    tees.post(address, {"skus": "NOPE"})
    assert len(named_substitutes("TEE-M-CLAY")) == 3
    tees.post(address, {"skus": ""})
    assert named_substitutes("TEE-M-CLAY") == []


def test_a_substitute_is_offered_and_taken_back_on_the_order_s_page(tees: Client) -> None:
    tees.post(reverse("name_substitutes", args=["THROW"]), {"skus": "TEE-L-SAGE"})
    text = page(tees, "order", "SO-NODATE")
    assert 'value="THROW|TEE-L-SAGE"' in text
    tees.post(reverse("offer_substitute", args=["SO-NODATE"]), {"offer": "THROW|TEE-L-SAGE"})
    assert [(one.instead, one.state) for one in offers_of("SO-NODATE")] == [("TEE-L-SAGE", "open")]
    assert "Substitutes offered" in page(tees, "order", "SO-NODATE")
    tees.post(reverse("withdraw_offer", args=["SO-NODATE"]), {"sku": "THROW"})
    assert [one.state for one in offers_of("SO-NODATE")] == ["withdrawn"]


def test_another_product_can_be_typed_in(tees: Client) -> None:
    tees.post(reverse("offer_substitute", args=["SO-NODATE"]), {"offer": "THROW|", "instead": "TEE-L-SAGE"})
    assert [one.instead for one in offers_of("SO-NODATE")] == ["TEE-L-SAGE"]
    assert tees.post(reverse("offer_substitute", args=["SO-NODATE"]), {"offer": "THROW|"}).status_code == 400


def test_the_shop_is_set_up_and_its_feed_gets_an_address(admin: Client) -> None:
    form = {"product_url": "https://shop.example/p/{sku}", "hold_minutes": 15, "holds_per_key": 10, "offer_hours": 24}
    assert admin.post(reverse("settings_shop"), form).status_code == 302
    assert (shop_settings().hold_minutes, shop_settings().product_url) == (15, "https://shop.example/p/{sku}")
    admin.post(reverse("renew_feed"))
    key = shop_settings().feed_key
    assert f"/api/v1/feeds/{key}/merchant.xml" in page(admin, "settings_shop")
    assert admin.get(f"/api/v1/feeds/{key}/merchant.xml").status_code == 200


def test_a_link_that_leads_nowhere_is_refused_with_the_way_out(admin: Client) -> None:
    form = {"product_url": "shop.example", "hold_minutes": 15, "holds_per_key": 10, "offer_hours": 24}
    answer = admin.post(reverse("settings_shop"), form)
    assert (answer.status_code, "https://shop.example/p/{sku}" in answer.content.decode()) == (422, True)
