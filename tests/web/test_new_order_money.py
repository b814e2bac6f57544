"""An order taken by hand, with its fee, its tax and its card; what is charged when stands beside the form."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.gateways.card_shop import open_shop
from tests.web.company import add_people
from tests.web.test_cards import signed_in
from tests.web.test_pages import text_of

from raincheck.actions.catalogue import save_products, save_settings, set_stock
from raincheck.actions.permissions import Role
from raincheck.actions.policies import add_policy
from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.records import ProductRecord

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
ORDER = {"ref": "P1", "customer": "ann", "ship": "", "channel": "phone", "sku": "lamp", "units": "3"}


@pytest.fixture
def sales(client: Client) -> Client:
    """Sales, in a shop that takes cards; one lamp lies there, for 40.00."""
    open_shop(NOW, lamps=1)
    add_people()
    return signed_in(client, Role.SALES)


def quoted(sales: Client, **more: str) -> str:
    """What stands beside the form, in one line."""
    return " ".join(sales.post("/do/quote", {**ORDER, **more}).content.decode().split())


def test_fee_tax_and_card_go_with_the_order(sales: Client) -> None:
    assert "Test card" in text_of(sales, "/new/order")
    sales.post("/new/order", {**ORDER, "shipping_fee": "4.90", "tax": "9.60", "card": "tok_amex"})
    assert rows("SELECT shipping_fee, tax, taxed_value, card FROM order_payment") == [
        (Decimal("4.9000"), Decimal("9.6000"), Decimal(120), "tok_amex")
    ]
    assert rows("SELECT amount, state FROM card_request") == [(Decimal("134.5000"), "pending")]


def test_the_reference_that_is_offered_has_the_company_s_day(sales: Client) -> None:
    """Of two zones a day apart one has another day than UTC, whatever the hour."""
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        save_settings(replace(read_settings(), timezone=zone))
        days = {datetime.now(ZoneInfo(zone)).date()}
        page = sales.get("/new/order").content.decode()
        days.add(datetime.now(ZoneInfo(zone)).date())
        assert any(f'value="H-{day:%y%m%d}-' in page for day in days)


def test_an_order_can_be_wanted_for_a_later_day(sales: Client) -> None:
    later = (NOW + timedelta(days=20)).date().isoformat()
    sales.post("/new/order", {**ORDER, "units": "1", "wanted_on": later})
    assert rows("SELECT o.wanted_on::text, l.reason FROM sales_order o JOIN order_line l ON l.order_id = o.id") == [
        (later, "not_yet_wanted")
    ]


def test_the_quote_says_what_is_charged_when_to_the_cent(sales: Client) -> None:
    """40.00 and a third of 10.00 tax leave now with the fee; the rest follows without a date."""
    page = quoted(sales, shipping_fee="5", tax="10", card="tok_visa")
    assert "$48.33" in page
    assert "$86.67" in page
    assert 'In all</dt><dd class="num">$135.00' in page
    assert "hold $135.00 when the order is placed" in page
    assert "With the order" not in page


def test_a_deposit_and_a_charge_at_placing_stand_with_the_order(sales: Client) -> None:
    save_settings(Settings(card_payments=True, charge="deposit:0.25"), at=NOW)
    page = quoted(sales, shipping_fee="5", card="tok_visa")
    assert 'With the order</dt><dd class="num">$35.00' in page
    assert "hold $90.00" in page
    add_policy({"product": "lamp"}, {"charge": "order"}, at=NOW)
    page = quoted(sales, shipping_fee="5")
    assert 'With the order</dt><dd class="num">$125.00' in page
    assert "As the" not in page
    assert "the money is taken elsewhere" in page


def test_what_would_be_refused_is_not_charged(sales: Client) -> None:
    save_products([ProductRecord("lamp", price=Decimal("40.00"), backorder="deny")], NOW)
    page = quoted(sales, tax="9")
    assert 'In all</dt><dd class="num">$43.00' in page


@pytest.mark.parametrize(
    ("currency", "price", "fee", "says"),
    [("JPY", "4000", "500", "¥4,500"), ("KWD", "12.345", "0.500", "KWD12.845")],
)
def test_coins_are_those_of_the_currency(sales: Client, currency: str, price: str, fee: str, says: str) -> None:
    save_settings(Settings(card_payments=True, currency=currency), at=NOW)
    save_products([ProductRecord("lamp", price=Decimal(price))], NOW)
    set_stock("main", {"lamp": 1}, NOW)
    assert says in quoted(sales, units="1", shipping_fee=fee).replace("\xa0", "")
    said = sales.post("/new/order", {**ORDER, "shipping_fee": f"{fee}.5" if currency == "JPY" else "0.5001"})
    assert said.status_code == 422
    assert "decimal place" in said.content.decode()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("shipping_fee", "-1"),
        ("shipping_fee", "1e99"),
        ("tax", "NaN"),
        ("tax", "ten"),
        ("card", "4242424242424242"),
        ("card", "tok_unheard_of"),
        ("wanted_on", "tomorrow"),
        ("wanted_on", "0001-01-01"),
    ],
)
def test_hostile_amounts_and_cards_place_nothing(sales: Client, field: str, given: str) -> None:
    assert sales.post("/new/order", {**ORDER, field: given}).status_code == 422
    assert rows("SELECT count(*) FROM sales_order") == [(0,)]
    assert "num" not in quoted(sales, **{field: given})


def test_a_company_without_card_payments_is_asked_for_none(sales: Client) -> None:
    save_settings(Settings(), at=NOW)
    page = text_of(sales, "/new/order")
    assert "Shipping fee" in page
    assert "card" not in page
    sales.post("/new/order", {**ORDER, "card": "tok_visa"})
    assert rows("SELECT card FROM order_payment") == []


def test_with_a_real_processor_its_token_is_typed_in(sales: Client, settings: object) -> None:
    settings.STRIPE_KEY = "sk_test_ours"  # type: ignore[attr-defined]
    assert "never its number" in text_of(sales, "/new/order")
    said = sales.post("/new/order", {**ORDER, "card": "4242424242424242"})
    assert (said.status_code, "not a number" in said.content.decode()) == (422, True)
    sales.post("/new/order", {**ORDER, "card": "cus_ann/pm_good"})
    assert rows("SELECT card FROM order_payment") == [("cus_ann/pm_good",)]
