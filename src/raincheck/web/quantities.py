"""Whole units out of posted forms. Everything that arrives is hostile until it is a small whole number."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import BadRequest

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


def whole_units(text: str, what: str) -> int:
    """The number of units somebody typed; empty is 0. Raises `BadRequest` naming `what` it was typed for."""
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST_UNITS)) or int(text) > MOST_UNITS:
        raise BadRequest(f"{what}: {text[:30]!r} is no number of whole units.")
    return int(text)
