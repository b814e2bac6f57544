"""Cards through Stripe: PaymentIntents that are captured by hand, parcel by parcel.

A card's token is a PaymentMethod (`pm_…`), or `cus_…/pm_…` where it belongs to a Customer, which Stripe asks for when a
card is charged again later. An authorisation's reference is its PaymentIntent; a capture's is its Charge.

Stripe keeps idempotency keys for a day. So that a repeat changes nothing later either, each request leaves a mark in
the metadata of its PaymentIntent or Refund, and it is looked for before anything is captured, voided or refunded.

Where an account or a card cannot be captured several times, the first capture releases the rest and later parcels are
charged to the card directly. A part of an authorisation cannot be given back alone: a mark notes it, and what is held
goes with the last capture, or once nothing else is left of it.
"""

from datetime import datetime
from typing import Any, Final

import stripe

from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused, ProcessorAway
from raincheck.gateways.stripe_answers import (
    KEY,
    authorised,
    captured,
    charged,
    mark,
    may_be_captured_again,
    of_key,
    refunded,
    scheme_of,
    voided,
)
from raincheck.gateways.stripe_words import minor, verdict

TIMEOUT_SECONDS: Final = 30
_EXPAND: Final = ["latest_charge.balance_transaction"]
_LATEST_REFUNDS: Final = 1_000


class StripeCards:
    """A Stripe account, reached with its secret key at the address of Stripe's API. Not for several threads at once."""

    def __init__(self, key: str, api: str) -> None:
        self._http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
        self._client = stripe.StripeClient(
            key, base_addresses={"api": api}, http_client=self._http, max_network_retries=0
        )

    def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:  # noqa: ARG002 - Stripe has its own clock
        """What became of a request. Raises ProcessorAway or CardRequestRefused."""
        try:
            if request.kind == "authorise":
                return self._authorise(request)
            if request.kind == "refund":
                return self._refund(request)
            if request.kind == "void":
                return self._void(request)
            return self._capture(request) if request.authorisation else self._charge(request)
        except stripe.StripeError as error:
            reason = verdict(error)
            return CardAnswer("declined", _named_in(error), reason=reason)

    def find(self, key: str) -> CardAnswer | None:
        """What became of the request with this key. Stripe's search may lag a minute: until then keys still hold."""
        try:
            return self._found_intent(key) or self._found_refund(key)
        except stripe.StripeError as error:
            raise ProcessorAway(verdict(error)) from error

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()  # type: ignore[no-untyped-call]

    def _authorise(self, request: CardRequest) -> CardAnswer:
        several = {"card": {"request_multicapture": "if_available"}}
        return authorised(self._create(request, capture_method="manual", payment_method_options=several))

    def _charge(self, request: CardRequest) -> CardAnswer:
        return charged(self._create(request, capture_method="automatic"))

    def _capture(self, request: CardRequest) -> CardAnswer:
        intent = self._intent(request.authorisation)
        if mark(request.key) in intent["metadata"]:
            return captured(intent)
        several = may_be_captured_again(intent)
        if intent["status"] == "succeeded" and not several:
            return self._charge(request)
        units = minor(request.amount, request.currency)
        params: dict[str, Any] = {
            "amount_to_capture": units,
            "metadata": {mark(request.key): f"capture {units}"},
            "expand": _EXPAND,
            **({"final_capture": request.is_final} if several else {}),
        }
        return captured(_plain(self._intents.capture(intent["id"], params, _under(request))))

    def _void(self, request: CardRequest) -> CardAnswer:
        intent = self._intent(request.authorisation)
        units, own = minor(request.amount, request.currency), mark(request.key)
        marks = {own: f"void {units}"}
        if own not in intent["metadata"] and intent["status"] == "requires_capture":
            if voided(intent) + units < intent["amount_capturable"]:
                self._intents.update(intent["id"], {"metadata": marks}, _under(request))
            elif intent["amount_received"]:
                rest = {"amount_to_capture": 0, "final_capture": True, "metadata": marks}
                self._intents.capture(intent["id"], rest, _under(request))
            else:
                self._intents.cancel(intent["id"], {}, _under(request))
        return CardAnswer("approved", intent["id"], scheme_of(intent))

    def _refund(self, request: CardRequest) -> CardAnswer:
        if not request.charge.startswith(("ch_", "py_")):
            raise CardRequestRefused(f"{request.charge!r} is no charge of Stripe")
        refunds = self._client.v1.refunds
        for one in refunds.list({"charge": request.charge, "limit": 100}).auto_paging_iter():
            earlier = _plain(one)
            if _key_of(earlier) == request.key:
                return refunded(earlier)
        made = refunds.create(
            {
                "charge": request.charge,
                "amount": minor(request.amount, request.currency),
                "metadata": {KEY: request.key, "order": request.order_ref},
            },
            {"idempotency_key": request.key},
        )
        return refunded(_plain(made))

    @property
    def _intents(self) -> Any:
        # Any: the client's types know each parameter of each call, ours are put together.
        return self._client.v1.payment_intents

    def _create(self, request: CardRequest, **more: Any) -> dict[str, Any]:
        customer, _, method = request.method.rpartition("/")
        params = {
            "amount": minor(request.amount, request.currency),
            "currency": request.currency.lower(),
            "payment_method": method,
            "payment_method_types": ["card"],
            "confirm": True,
            "off_session": True,
            "description": f"Order {request.order_ref}",
            "metadata": {KEY: request.key, "order": request.order_ref},
            "expand": _EXPAND,
            **({"customer": customer} if customer else {}),
            **more,
        }
        return _plain(self._intents.create(params, _under(request)))

    def _intent(self, name: str) -> dict[str, Any]:
        if not name.startswith("pi_"):
            raise CardRequestRefused(f"{name!r} is no authorisation of Stripe")
        return _plain(self._intents.retrieve(name, {"expand": _EXPAND}))

    def _found_intent(self, key: str) -> CardAnswer | None:
        for query in (f"metadata['{KEY}']:'{key}'", f"-metadata['{mark(key)}']:null"):
            for one in self._intents.search({"query": query, "expand": ["data.latest_charge"]}).data:
                if answer := of_key(_plain(one), key):
                    return answer
        return None

    def _found_refund(self, key: str) -> CardAnswer | None:
        for number, one in enumerate(self._client.v1.refunds.list({"limit": 100}).auto_paging_iter()):
            refund = _plain(one)
            if _key_of(refund) == key:
                return refunded(refund)
            if number >= _LATEST_REFUNDS:
                break  # Older ones are found by their charge when the refund is asked for again.
        return None


def _under(request: CardRequest) -> dict[str, str]:
    return {"idempotency_key": request.key}


def _key_of(refund: dict[str, Any]) -> str:
    return str((refund.get("metadata") or {}).get(KEY, ""))


def _plain(found: stripe.StripeObject) -> dict[str, Any]:
    return found.to_dict()


def _named_in(error: stripe.StripeError) -> str:
    """The PaymentIntent that an error is about, as far as it says."""
    body: Any = error.json_body
    intent = body.get("error", {}).get("payment_intent") if isinstance(body, dict) else None
    return str(intent["id"]) if intent else ""
