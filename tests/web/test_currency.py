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
from raincheck.core.errors import Refused
from raincheck.store.company import read_settings
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
