"""Amounts are shown with every decimal that can be charged, in the reader's notation."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency

from raincheck.core.money import decimals_of
from raincheck.notices.amounts import money_text


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("40", "USD", "en", "$40.00"),
        ("5000.0000", "JPY", "en", "¥5,000"),
        ("5.1250", "KWD", "en", "KWD5.125"),
        ("5.1250", "IQD", "de", "5,125 IQD"),
        ("1199.99", "RSD", "en", "RSD1,199.99"),
        ("-1199.99", "LAK", "es", "-1.199,99 LAK"),
        ("0.5", "", "en", "$0.50"),
    ],
)
def test_an_amount_has_its_currency_s_own_decimals(amount: str, currency: str, locale: str, text: str) -> None:
    assert money_text(Decimal(amount), currency, locale).replace("\xa0", " ") == text


@pytest.mark.parametrize("locale", ["en", "en_US", "en_GB", "de", "es"])
@pytest.mark.parametrize("currency", ["USD", "EUR", "GBP", "JPY", "KWD", "CHF"])
def test_where_people_write_all_decimals_it_is_as_they_write_it(currency: str, locale: str) -> None:
    amount = Decimal("-1234567.8905").quantize(Decimal(1).scaleb(-decimals_of(currency)))
    assert money_text(amount, currency, locale) == format_currency(amount, currency, locale=locale)
