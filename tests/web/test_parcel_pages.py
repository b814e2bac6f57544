"""Planned parcels on the pages: what is still to come of an order, and which policies forms offer."""

from datetime import UTC, datetime

from django.test import Client
from tests.web.test_pages import text_of

from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.web.shipping_choices import SHIPPING, with_current


def test_an_order_s_page_shows_the_parcels_still_to_come(admin: Client) -> None:
    lines = (AskedLine("THROW", 1), AskedLine("LAMP", 900))
    place_order(OrderRequest("SO-PARCELS", lines, ship="up_to:1"), datetime.now(UTC))
    page = text_of(admin, "/orders/SO-PARCELS")
    assert "× Arc floor lamp, 1 × Linen throw" in page


def test_an_order_by_hand_may_ship_in_two_parcels(admin: Client) -> None:
    assert "In at most 2 parcels" in text_of(admin, "/new/order")


def test_a_form_keeps_a_policy_that_it_does_not_offer() -> None:
    assert with_current("up_to:2") == SHIPPING
    assert with_current("up_to:40")[-1] == ("up_to:40", "In at most 40 parcels")
