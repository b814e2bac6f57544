"""What the console offers of a customer's page: to open it, on record, and to send a new link."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.web.customer.conftest import Visit

from raincheck.store.db import rows


def test_service_opens_the_customer_s_page_on_record(admin: Client, visit: Visit) -> None:
    assert "Open the customer’s page" in admin.get("/orders/SO-MIXED").content.decode()
    answer = admin.post("/do/open-customer-page/SO-MIXED")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/my/")
    assert admin.get(answer["Location"]).status_code == 200
    assert rows("SELECT actor FROM fact WHERE verb = 'page_opened'") == [("admin",)]


def test_a_new_link_ends_the_old_ones(admin: Client, visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    page = admin.post("/do/send-link/SO-MIXED", follow=True).content.decode()
    assert "A new link goes to orders@maple.example" in page
    assert visitor.get().status_code == 410
    assert rows("SELECT event FROM notice WHERE event = 'link_sent'") == [("link_sent",)]


def test_without_an_address_the_old_links_still_end(admin: Client, visit: Visit) -> None:
    visitor = visit("SO-NODATE")
    assert "There is no address" in admin.post("/do/send-link/SO-NODATE", follow=True).content.decode()
    assert visitor.get().status_code == 410


@pytest.mark.parametrize("username", ["warehouse", "read-only", "buyer"])
def test_others_are_not_let_in(admin: Client, username: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=username))
    assert client.post("/do/open-customer-page/SO-MIXED").status_code == 403
    assert client.post("/do/send-link/SO-MIXED").status_code == 403


def test_the_order_s_page_shows_the_new_address(admin: Client, visit: Visit) -> None:
    visit("SO-MIXED").send(
        "address", name="Ann Maple", street="12 High Street", city="Leeds", postcode="LS1 1AA", country="GB"
    )
    page = admin.get("/orders/SO-MIXED").content.decode()
    assert "Ann Maple, 12 High Street, LS1 1AA Leeds, GB" in page
    assert "Sent to another address" in page
