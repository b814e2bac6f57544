"""Carriers and tracking numbers on the pages of the console and of the customer."""

from django.test import Client
from django.utils import timezone
from tests.web.customer.conftest import Visitor
from tests.web.test_pages import text_of

from raincheck.store.db import one, rows
from raincheck.store.order_links import page_path

PAGE = "https://www.royalmail.com/track-your-item#/tracking-results/AB123456789GB"


def parcel_of(ref: str) -> int:
    """The parcel of an order."""
    return int(one("SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE o.ref = %s", [ref])[0])


def test_a_parcel_s_number_leads_to_its_carrier_on_every_page_that_shows_it(admin: Client) -> None:
    parcel = parcel_of("SO-GONE")
    for address in (f"/shipments/{parcel}", "/orders/SO-GONE", page_path("SO-GONE", timezone.now())):
        page = admin.get(address).content.decode()
        assert f'href="{PAGE}"' in page, address
        assert "AB123456789GB" in page


def test_the_floor_enters_the_number_as_the_parcel_leaves(admin: Client) -> None:
    admin.post("/do/pick/SO-READY", {"units:MUG": "5"})
    parcel = parcel_of("SO-READY")
    refused = admin.post(f"/do/ship/{parcel}", {"carrier": "UPS", "tracking_number": "<script>"}, follow=True)
    assert "letters, digits and hyphens" in refused.content.decode()
    assert "<script>1" not in refused.content.decode()
    assert one("SELECT state FROM shipment WHERE id = %s", [parcel]) == ("picked",)
    admin.post(f"/do/ship/{parcel}", {"carrier": "UPS", "tracking_number": "1z 1"})
    assert rows("SELECT state, carrier, tracking_number FROM shipment WHERE id = %s", [parcel]) == [
        ("shipped", "UPS", "1Z1")
    ]
    page = admin.post(f"/do/track/{parcel}", {"carrier": "DHL", "tracking_number": "JD2"}, follow=True)
    assert "JD2" in page.content.decode()


def test_carriers_are_added_changed_and_taken_back(admin: Client) -> None:
    assert "Royal Mail" in text_of(admin, "/settings/carriers")
    bad = admin.post("/do/save-carrier", {"name": "City bikes", "link": "http://bikes.example/{number}"})
    assert bad.status_code == 422
    assert "it begins with https://" in bad.content.decode()
    admin.post("/do/save-carrier", {"name": "City bikes", "link": "https://bikes.example/{number}"})
    admin.post("/do/save-carrier", {"name": "ROYAL MAIL", "link": "https://rm.example/{number}"})
    page = text_of(admin, "/settings/carriers")
    assert "City bikes your own" in page
    assert "ROYAL MAIL ready, changed by you" in page
    assert "https://rm.example/AB123456789GB" in admin.get("/orders/SO-GONE").content.decode()
    assert admin.post("/do/remove-carrier", {"name": "ROYAL MAIL"}).status_code == 302
    assert PAGE in admin.get("/orders/SO-GONE").content.decode()
    assert "&#x27;Nobody&#x27;" in admin.post("/do/remove-carrier", {"name": "Nobody"}, follow=True).content.decode()


def test_a_name_that_holds_marks_is_refused_and_shown_as_text(admin: Client) -> None:
    page = admin.post("/do/save-carrier", {"name": "<b>x</b>", "link": ""})
    assert page.status_code == 422
    assert "<b>x</b>" not in page.content.decode()


def test_customers_see_the_number_in_their_language(admin: Client) -> None:
    visitor = Visitor(Client(), "SO-GONE", page_path("SO-GONE", timezone.now()))
    assert "Verfolgen: Royal Mail AB123456789GB" in visitor.text(language="de")
    assert "Follow it: Royal Mail AB123456789GB" in visitor.text()
