"""Whole units: out of posted forms, where everything is hostile until it is a small whole number, and in words."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import BadRequest
from django.http import QueryDict

MOST_UNITS: Final = 1_000_000_000


def posted_units(form: Mapping[str, str], prefix: str) -> dict[str, int]:
    """Units by code from fields named `prefix` + code; empty fields and zeros are left out.

    Raises `BadRequest` in words for anything that is no whole number from 0 to `MOST_UNITS`.
    """
    units: dict[str, int] = {}
    for name, text in form.items():
        if name.startswith(prefix):
            amount = whole_units(text, name.removeprefix(prefix))
            if amount:
                units[name.removeprefix(prefix)] = amount
    return units


def posted_lines(form: QueryDict) -> dict[str, int]:
    """Units by SKU from the fields `sku` and `units`, which come in pairs; a product named twice is added up."""
    lines: dict[str, int] = {}
    for sku, units in zip(form.getlist("sku"), form.getlist("units"), strict=False):
        if sku.strip():
            lines[sku.strip()[:100]] = lines.get(sku.strip()[:100], 0) + whole_units(units, sku.strip())
    return lines


def counted(amount: int, noun: str) -> str:
    """`1 unit`, `12 units`, `1,200 units`."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def whole_units(text: str, what: str) -> int:
    """The number of units somebody typed; empty is 0. Raises `BadRequest` naming `what` it was typed for."""
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST_UNITS)) or int(text) > MOST_UNITS:
        raise BadRequest(f"{what}: {text[:30]!r} is no number of whole units.")
    return int(text)
