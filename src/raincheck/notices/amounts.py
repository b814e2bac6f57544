"""Amounts of money as people read them, in their language's notation and with the currency's own decimals."""

from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from raincheck.core.money import decimals_of


def money_text(amount: Decimal, currency: str, locale: str = "en") -> str:
    """`$40.00`, `¥5,000`, `5,125 IQD`: as many decimals as can be charged, also where few people write them."""
    name = currency or "USD"
    pattern = _pattern(locale, decimals_of(name))
    return str(pattern.apply(amount, Locale.parse(locale), currency=name, currency_digits=False))


@cache
def _pattern(locale: str, decimals: int) -> NumberPattern:
    pattern = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern
