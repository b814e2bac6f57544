"""The company's currency stays once money has moved: what was charged in dollars is not given back in yen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.gateways.card_shop import open_shop
from tests.web.company import add_people
from tests.web.test_cards import signed_in

from raincheck.actions.catalogue import save_settings
from raincheck.actions.permissions import Role
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, Refused
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.web.company_form import initial_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def test_the_currency_stays_once_a_card_was_asked_or_money_moved() -> None:
    open_shop(NOW, lamps=1)
    save_settings(replace(read_settings(), currency="EUR"), at=NOW)
    place_order(OrderRequest("O1", (AskedLine("lamp", 3),)), at=NOW)
    with pytest.raises(Refused, match="charged in EUR, so the currency cannot become JPY"):
        save_settings(replace(read_settings(), currency="JPY"), at=NOW)
    save_settings(replace(read_settings(), handling_days=1), at=NOW)
    assert (read_settings().currency, read_settings().handling_days) == ("EUR", 1)


def test_the_settings_page_says_so_at_the_field(client: Client) -> None:
    open_shop(NOW, lamps=1)
    place_order(OrderRequest("O1", (AskedLine("lamp", 1),), card="tok_visa"), at=NOW)
    add_people()
    admin = signed_in(client, Role.ADMIN)
    fields = {**initial_of(replace(read_settings(), currency="JPY"), "Northlight"), "do": "save"}
    fields = {name: "" if value is None else value for name, value in fields.items()}
    answer = admin.post("/settings", fields)
    assert answer.status_code == 422
    assert "Orders were charged in USD, so the currency cannot become JPY." in answer.content.decode()
    assert read_settings().currency == "USD"


def test_a_currency_that_does_not_exist_is_refused_with_the_nearest() -> None:
    open_shop(NOW, lamps=1)
    with pytest.raises(Malformed, match="there is no currency 'EUF': did you mean EUR"):
        save_settings(replace(read_settings(), currency="EUF"), at=NOW)
    with pytest.raises(Malformed, match="there is no currency ''"):
        save_settings(replace(read_settings(), currency=""), at=NOW)
    assert read_settings().currency == "USD"


def test_one_that_is_on_record_is_shown_and_keeps_nothing_else_from_being_saved(client: Client) -> None:
    """It was taken before the currencies were checked."""
    open_shop(NOW, lamps=1)
    run("UPDATE company SET settings = jsonb_set(settings, '{currency}', '\"XXY\"')")
    place_order(OrderRequest("O1", (AskedLine("lamp", 1),)), at=NOW)
    add_people()
    admin = signed_in(client, Role.ADMIN)
    assert "XXY" in admin.get("/settings").content.decode()
    fields = {**initial_of(replace(read_settings(), handling_days=2, ship="up_to:12"), "Northlight"), "do": "save"}
    fields = {name: "" if value is None else value for name, value in fields.items()}
    save_settings(replace(read_settings(), ship="up_to:12"), at=NOW)
    assert admin.post("/settings", fields).status_code == 302
    assert (read_settings().currency, read_settings().handling_days) == ("XXY", 2)
    assert admin.get("/orders/O1").status_code == 200
