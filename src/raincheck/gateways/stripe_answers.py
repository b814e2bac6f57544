"""What Stripe's objects, as plain dictionaries, say in our words; and the marks that tell our requests apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from raincheck.gateways.cards import CardAnswer
from raincheck.gateways.stripe_words import major

KEY: Final = "raincheck_key"
"""Where a PaymentIntent or a Refund keeps the key of the request that made it."""

_MARK: Final = "raincheck_"
_NETWORKS: Final = {"american express": "amex", "mc": "mastercard"}

Stripes = Mapping[str, Any]


def mark(key: str) -> str:
    """A request's name in the metadata of the PaymentIntent that it draws on; such names have 40 letters at most."""
    return f"{_MARK}{sha256(key.encode()).hexdigest()[:24]}"


def voided(intent: Stripes) -> int:
    """What was given back of an authorisation by note only, in its smallest coin."""
    return sum(int(said.split()[1]) for said in _marks(intent) if said.startswith("void"))


def may_be_captured_again(intent: Stripes) -> bool:
    """Whether several captures may draw on it."""
    return bool((_card(intent).get("multicapture") or {}).get("status") == "available")


def authorised(intent: Stripes) -> CardAnswer:
    """What became of an authorisation."""
    scheme = scheme_of(intent)
    if intent["status"] not in ("requires_capture", "succeeded", "canceled"):
        return CardAnswer("declined", intent["id"], scheme, reason=_not_yet(intent["status"]))
    ends = _card(intent).get("capture_before")
    return CardAnswer("approved", intent["id"], scheme, datetime.fromtimestamp(ends, UTC) if ends else None)


def charged(intent: Stripes) -> CardAnswer:
    """What became of a direct charge."""
    if intent["status"] != "succeeded":
        return CardAnswer("declined", intent["id"], scheme_of(intent), reason=_not_yet(intent["status"]))
    return captured(intent)


def captured(intent: Stripes) -> CardAnswer:
    """A capture that was done. Its fee is known only where it is the first, and was taken in the same currency."""
    charge = intent["latest_charge"]
    if isinstance(charge, str):
        return CardAnswer("approved", charge)
    entry, currency = charge.get("balance_transaction"), str(intent["currency"]).upper()
    fee: Decimal | None = None
    if entry and not isinstance(entry, str) and str(entry["currency"]).upper() == currency:
        several = sum(1 for said in _marks(intent) if said.startswith("capture")) > 1
        fee = None if several else major(entry["fee"], currency)
    return CardAnswer("approved", charge["id"], scheme_of(intent), fee=fee)


def refunded(refund: Stripes) -> CardAnswer:
    """What became of a refund; one that is on its way counts as done until Stripe calls back that it failed."""
    if refund["status"] in ("failed", "canceled"):
        reason = str(refund.get("failure_reason") or "the bank did not take the refund").replace("_", " ")
        return CardAnswer("declined", refund["id"], reason=reason, fee=Decimal(0))
    return CardAnswer("approved", refund["id"], fee=Decimal(0))


def of_key(intent: Stripes, key: str) -> CardAnswer | None:
    """What became of the request with a key that made a PaymentIntent or left its mark there; None: nothing yet."""
    said = intent["metadata"].get(mark(key), "")
    if said.startswith("void"):
        return CardAnswer("approved", intent["id"], scheme_of(intent))
    if said or (intent["capture_method"] == "automatic" and intent["status"] == "succeeded"):
        return captured(intent)
    is_done = intent["capture_method"] == "manual" and intent["status"] in ("requires_capture", "succeeded", "canceled")
    return authorised(intent) if is_done and intent.get("latest_charge") else None


def scheme_of(intent: Stripes) -> str:
    """The card's scheme, such as `visa`."""
    card = _card(intent)
    name = str(card.get("network") or card.get("brand") or "").lower()
    return _NETWORKS.get(name, name)[:20]


def _marks(intent: Stripes) -> list[str]:
    return [str(said) for name, said in intent["metadata"].items() if name.startswith(_MARK) and name != KEY]


def _card(intent: Stripes) -> Mapping[str, Any]:
    charge = intent.get("latest_charge")
    if not charge or isinstance(charge, str):
        return {}
    return (charge.get("payment_method_details") or {}).get("card") or {}


def _not_yet(status: str) -> str:
    if status == "requires_action":
        return "the bank wants the customer to confirm the payment"
    return f"the payment is {status.replace('_', ' ')}"
