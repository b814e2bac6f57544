"""Addresses, prices and barcodes as search engines and comparison sites read them."""

from datetime import date, datetime, time
from decimal import Decimal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision


def link(pattern: str, sku: str) -> str:
    """The address of a product: `{sku}` in the pattern stands for its SKU; empty without a pattern."""
    return pattern.replace("{sku}", quote(sku, safe=""))


def price(amount: Decimal, currency: str) -> str:
    """An amount with as many decimals as its currency has.

    >>> price(Decimal("15"), "USD"), price(Decimal("1200.0000"), "JPY")
    ('15.00', '1200')
    """
    return f"{amount:.{get_currency_precision(currency)}f}"


def instant(day: date, zone: ZoneInfo) -> str:
    """The first instant of a day with its offset: 2026-03-12T00:00+0100 (ISO 8601 as Google writes it)."""
    return datetime.combine(day, time(), zone).strftime("%Y-%m-%dT%H:%M%z")


def valid_gtin(code: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits whose check digit is right (GS1 General Specifications, 7.9); else nothing."""
    if not (code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)):
        return ""
    digits = [int(digit) for digit in reversed(code)]
    weighed = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return code if weighed % 10 == 0 else ""
