"""Stripe's amounts and errors in ours. Imports the client, so it is imported where a request goes to Stripe."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import stripe

from raincheck.core.money import decimals_of
from raincheck.gateways.cards import CardRequestRefused, ProcessorAway

# docs.stripe.com/currencies: where its exponent is another than the currency's.
_EXPONENTS: Final[Mapping[str, int]] = MappingProxyType({"ISK": 2, "MGA": 0})
# Its table of currencies without decimals and its table of special cases disagree by a factor of a hundred.
_UNCLEAR: Final = frozenset({"UGX"})
_THREE: Final = 3

_ENDED: Final = "the authorisation has ended"
_DECLINED_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "amount_too_large": "more than was authorised or captured",
        "amount_too_small": "less than the least amount that can be charged",
        "capture_charge_authorization_expired": _ENDED,
        "charge_expired_for_capture": _ENDED,
        "charge_already_captured": "the authorisation has had its final capture",
        "charge_already_refunded": "more than was captured",
        "charge_disputed": "the charge is disputed: the money is with the card's bank already",
    }
)
_CONFLICT: Final = 409


def minor(amount: Decimal, currency: str) -> int:
    """An amount as Stripe counts it. Raises CardRequestRefused for one that cannot be said exactly.

    >>> minor(Decimal("12.50"), "USD"), minor(Decimal(500), "JPY"), minor(Decimal("5.120"), "KWD")
    (1250, 500, 5120)
    """
    if currency in _UNCLEAR:
        raise CardRequestRefused(f"{currency} is not charged through Stripe: its unit is not clear")
    exponent = _EXPONENTS.get(currency, decimals_of(currency))
    units = amount.scaleb(exponent)
    if not amount.is_finite() or units != units.to_integral_value():
        raise CardRequestRefused(f"{currency} has {exponent} decimals at Stripe: {amount} cannot be charged")
    if exponent == _THREE and units % 10:
        raise CardRequestRefused(f"Stripe takes {currency} in steps of 0.010: {amount} cannot be charged")
    if currency == "ISK" and units % 100:
        raise CardRequestRefused(f"ISK is charged in whole units: {amount} cannot be charged")
    return int(units)


def major(units: int, currency: str) -> Decimal:
    """Stripe's amount as a decimal."""
    exponent = _EXPONENTS.get(currency, decimals_of(currency))
    return Decimal(units).scaleb(-exponent)


def decline_reason(error: stripe.CardError) -> str:
    """Why the card's bank said no, in words. What it keeps to itself (fraud, a stolen card) is not repeated."""
    code = (error.error.decline_code if error.error else None) or error.code
    return _REASONS.get(code or "", "the bank says no")


_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "authentication_required": "the bank wants the customer to confirm the payment",
        "card_not_supported": "the card does not do this kind of payment",
        "card_velocity_exceeded": "the card is over its limit",
        "currency_not_supported": "the card does not pay in this currency",
        "expired_card": "the card has expired",
        "incorrect_cvc": "the security code is wrong",
        "insufficient_funds": "insufficient funds",
        "invalid_account": "the card or its account does not exist",
        "lost_card": "the card was reported lost",
        "processing_error": "the bank could not handle it",
        "stolen_card": "the bank says no",
        "withdrawal_count_limit_exceeded": "the card is over its limit",
    }
)


def verdict(error: stripe.StripeError) -> str:
    """Why Stripe will not do it: a decline. Raises ProcessorAway or CardRequestRefused where it is none."""
    if isinstance(error, stripe.CardError):
        return decline_reason(error)
    said = " ".join((error.user_message or str(error)).split())[:300]
    if isinstance(error, stripe.InvalidRequestError):
        if error.code and error.code in _DECLINED_CODES:
            return _DECLINED_CODES[error.code]
        if error.code == "payment_intent_unexpected_state":
            return _ENDED
        raise CardRequestRefused(f"Stripe does not understand: {said}") from error
    if isinstance(error, stripe.IdempotencyError) and error.http_status != _CONFLICT:
        raise CardRequestRefused(f"Stripe has this key for something else: {said}") from error
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        # The set-up can be mended; until then what has to be paid waits, and is not called declined.
        raise ProcessorAway("Stripe does not take RAINCHECK_STRIPE_KEY, or the key may not do this") from error
    raise ProcessorAway(said or "Stripe did not answer") from error
