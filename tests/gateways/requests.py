"""Requests to a card processor, as tests write them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from raincheck.gateways.cards import CardRequest

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def authorise(key: str, amount: str | Decimal = "100.00", method: str = "tok_visa", **fields: Any) -> CardRequest:
    """Hold an amount on a card."""
    return _request(key, "authorise", amount, method, fields)


def capture(key: str, amount: str | Decimal, authorisation: str = "", **fields: Any) -> CardRequest:
    """Take an amount, of an authorisation or of the card itself."""
    return _request(key, "capture", amount, fields.pop("method", "tok_visa"), fields, authorisation=authorisation)


def void(key: str, amount: str | Decimal, authorisation: str, **fields: Any) -> CardRequest:
    """Give back what is held."""
    return _request(key, "void", amount, fields.pop("method", "tok_visa"), fields, authorisation=authorisation)


def refund(key: str, amount: str | Decimal, charge: str, **fields: Any) -> CardRequest:
    """Give back what was captured."""
    return _request(key, "refund", amount, fields.pop("method", "tok_visa"), fields, charge=charge)


def _request(
    key: str, kind: Any, amount: str | Decimal, method: str, fields: dict[str, Any], **more: Any
) -> CardRequest:
    return CardRequest(
        key=key,
        kind=kind,
        order_ref=fields.pop("order_ref", "O1"),
        amount=Decimal(amount),
        currency=fields.pop("currency", "USD"),
        method=method,
        **fields,
        **more,
    )
