"""Another card on the customer's own page: chosen or entered elsewhere, once, by whoever has the link alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.gateways.card_shop import open_shop, order, pay
from tests.gateways.stripe_fake import stripe_at_work
from tests.web.customer.conftest import Visitor

from raincheck.actions.catalogue import save_settings
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.company import read_settings
from raincheck.store.db import one, rows
from raincheck.store.order_links import page_path

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def ann() -> Visitor:
    """Ann, whose card was declined for two lamps; one lies there."""
    cache.clear()
    open_shop(NOW, lamps=1)
    order("O1", 2, NOW, "tok_declined")
    return Visitor(Client(), "O1", page_path("O1", timezone.now()))


def card() -> str:
    return str(one("SELECT y.card FROM order_payment y JOIN sales_order o ON o.id = y.order_id WHERE o.ref = 'O1'")[0])


def test_the_page_offers_another_card_and_takes_it_once(ann: Visitor) -> None:
    assert "Give us another card" in ann.text()
    form = ann.text("card")
    assert "Test processor: no money moves." in form
    assert "To be charged as parcels leave: $80.00" in form
    once = ann.once("card")
    assert "We ask this card now" in ann.send("card", once, how="choice", card="tok_mastercard")
    assert "Nothing was done twice" in ann.send("card", once, how="choice", card="tok_lost_card")
    assert card() == "tok_mastercard"
    pay(datetime.now(UTC))
    page = ann.text()
    assert "Charged in all: $40.00" in page
    assert "To be charged as parcels leave: $40.00" in page
    assert rows("SELECT actor FROM fact WHERE verb = 'card_given'") == [("customer",)]


def test_looking_changes_nothing(ann: Visitor) -> None:
    before = rows("SELECT count(*) FROM fact"), rows("SELECT count(*) FROM card_request")
    for _ in range(3):
        ann.get("card")
        ann.get("", said="card_entered")
    assert (rows("SELECT count(*) FROM fact"), rows("SELECT count(*) FROM card_request")) == before


def test_the_same_card_can_be_tried_again(ann: Visitor) -> None:
    assert "We have tried the payment again" in ann.send("card", how="again")
    assert card() == "tok_declined"


@pytest.mark.parametrize("given", ["", "4242424242424242", "cus_x/pm_of_somebody_else", "tok_unheard_of"])
def test_only_cards_of_the_list_are_taken(ann: Visitor, given: str) -> None:
    answer = ann.client.post(f"{ann.path}/card", {"once": ann.once("card"), "how": "choice", "card": given})
    assert answer.status_code == 400
    assert card() == "tok_declined"


def test_nothing_is_offered_where_nothing_is_to_be_charged(ann: Visitor) -> None:
    count("main", {"lamp": 3}, NOW)
    order("PAID", 1, NOW)
    order("ELSEWHERE", 1, NOW, "")
    for ref in ("PAID", "ELSEWHERE"):
        other = Visitor(Client(), ref, page_path(ref, timezone.now()))
        assert "Another card" not in other.text()
        assert other.get("card").status_code == 302
        once = {"once": "x" * 30, "how": "choice", "card": "tok_visa"}
        other.client.post(f"{other.path}/card", once)
    assert rows("SELECT count(*) FROM fact WHERE verb = 'card_given'") == [(0,)]


@pytest.mark.parametrize("language", ["de", "es"])
def test_it_is_said_in_the_customers_language(ann: Visitor, language: str) -> None:
    said = {"de": "Andere Karte", "es": "Otra tarjeta"}[language]
    assert said in ann.text("card", language)
    assert said in ann.text("", language)


@pytest.mark.slow
def test_with_stripe_the_way_leads_there_and_back_and_the_link_stays_ours(ann: Visitor, settings: object) -> None:
    with stripe_at_work() as (account, api):
        settings.STRIPE_KEY, settings.STRIPE_API = "sk_test_ours", api  # type: ignore[attr-defined]
        once = ann.once("card")
        leaving = ann.client.post(f"{ann.path}/card", {"once": once, "how": "page"})
        assert leaving.headers["Refresh"] == f"0; url={account.address}/page/cs_test_1"
        assert leaving.headers["Referrer-Policy"] == "no-referrer"
        again = ann.client.post(f"{ann.path}/card", {"once": once, "how": "page"})
        assert (again.status_code, len(account.sessions)) == (200, 1)
        assert account.sessions["cs_test_1"]["success_url"].startswith(f"http://testserver{ann.path}?")
        chosen = ann.client.post(f"{ann.path}/card", {"once": once, "how": "choice", "card": "tok_visa"})
        assert chosen.status_code == 400, "with a real processor no card is chosen by name"
        assert ann.client.post(f"{ann.path}/card", {"once": "short", "how": "page"}).status_code == 400
        account.trouble = "500"
        away = ann.client.post(f"{ann.path}/card", {"once": "y" * 30, "how": "page"})
        assert (away.status_code, "does not answer just now" in away.content.decode()) == (503, True)
        assert card() == "tok_declined"


def test_a_cancel_says_whether_what_is_open_was_paid(ann: Visitor) -> None:
    """Of a shipped lamp the other one costs nothing yet; what is being charged comes back."""
    never, back = "Nothing has been charged for it, and nothing will be", "What you have paid for it comes back"
    count("main", {"lamp": 3}, NOW)  # Two are kept for what was declined.
    order("O2", 2, NOW)
    assert never in Visitor(Client(), "O2", page_path("O2", timezone.now())).text("cancel")
    assert rows("SELECT sum(amount) FROM payment WHERE kind = 'capture'") == [(40,)]
    save_settings(replace(read_settings(), charge="order"), at=NOW)
    place_order(OrderRequest("O3", (AskedLine("lamp", 1),), customer="ann", card="tok_visa"), NOW)
    page = Visitor(Client(), "O3", page_path("O3", timezone.now()))
    assert back in page.text("cancel")
    pay(NOW)
    assert back in page.text("cancel")


def test_what_was_declined_with_the_order_is_not_said_to_have_been_delivered(ann: Visitor) -> None:
    save_settings(replace(read_settings(), charge="order"), at=NOW)
    order("O2", 2, NOW, "tok_declined")
    page = Visitor(Client(), "O2", page_path("O2", timezone.now())).text()
    assert "Declined, and still to be paid: $80.00" in page
