"""The currencies that there are: code and English name, from Unicode's list (CLDR), which follows ISO 4217."""

from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

_NO_MONEY: Final = frozenset({"XTS", "XXX"})
"""Codes that ISO 4217 keeps for tests, and for no currency at all."""


@cache
def currency_names() -> dict[str, str]:
    """Code -> English name, those of currencies that are no more included: old orders were paid in them."""
    return {code: name for code, name in Locale("en").currencies.items() if code not in _NO_MONEY}


def nearest_currency(code: str) -> str | None:
    """The currency of some country that a mistyped code means most likely; None where nothing comes near.

    The same letters in another order, or one wrong letter: rather the last than one of the two that name the country.

    >>> nearest_currency("GPB"), nearest_currency("EUF"), nearest_currency("XXY")
    ('GBP', 'EUR', None)
    """
    meant = code.upper()
    alike = [known for known in _in_use() if len(meant) == 3 and _letters_in_place(meant, known) == 2]
    swapped = [known for known in _in_use() if sorted(known) == sorted(meant)]
    same_country = [known for known in alike if known[:2] == meant[:2]]
    return next(iter([*swapped, *same_country, *alike]), None)


def _letters_in_place(one: str, other: str) -> int:
    return sum(mine == theirs for mine, theirs in zip(one, other, strict=True))


@cache
def _in_use() -> tuple[str, ...]:
    """The currencies that countries pay in, by code."""
    return tuple(
        sorted({code for place in get_global("territory_currencies") for code in get_territory_currencies(place)})
    )
