"""Cards entered on Stripe's own page: a Checkout Session in setup mode, which stores a card and charges nothing.

The card is stored for charges while the customer is away. It belongs to a Customer at Stripe: the one of the card so
far, else one that Stripe makes.
"""

from datetime import UTC, datetime
from typing import Any, Final

import stripe

from raincheck.gateways.card_entry import Entered, Page, Visit
from raincheck.gateways.cards import CardRequestRefused, ProcessorAway
from raincheck.gateways.stripe_words import verdict

TIMEOUT_SECONDS: Final = 20
_OVER: Final = ("complete", "expired")


class StripePages:
    """Stripe's pages, reached with the account's secret key at the address of Stripe's API."""

    name = "stripe"

    def __init__(self, key: str, api: str) -> None:
        self._http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
        self._client = stripe.StripeClient(
            key, base_addresses={"api": api}, http_client=self._http, max_network_retries=0
        )

    def open_page(self, visit: Visit) -> Page:
        """A page for a visit; under the same `once` the same page again. Raises ProcessorAway."""
        customer = visit.card.rpartition("/")[0]
        params: dict[str, Any] = {
            "mode": "setup",
            "currency": visit.currency.lower(),
            "payment_method_types": ["card"],
            "success_url": visit.done_url,
            "cancel_url": visit.back_url,
            "locale": visit.language,
            "client_reference_id": visit.order_ref,
            "setup_intent_data": {
                "description": f"Another card for order {visit.order_ref}",
                "metadata": {"order": visit.order_ref},
            },
            **({"customer": customer} if customer else {"customer_creation": "always"}),
            **({"customer_email": visit.email} if visit.email and not customer else {}),
        }
        found = self._asked(lambda: self._sessions.create(params, {"idempotency_key": f"card-{visit.once}"}))
        return Page(found["url"], found["id"], datetime.fromtimestamp(found["expires_at"], UTC))

    def entered(self, reference: str) -> Entered:
        """What came of a visit. Raises ProcessorAway."""
        found = self._asked(lambda: self._sessions.retrieve(reference, {"expand": ["setup_intent"]}))
        intent = found.get("setup_intent") or {}
        is_over = found["status"] in _OVER
        if found["status"] != "complete" or intent.get("status") != "succeeded" or not intent.get("payment_method"):
            return Entered(is_over=is_over)
        customer, method = found.get("customer") or "", intent["payment_method"]
        return Entered(f"{customer}/{method}" if customer else method, is_over=True)

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()  # type: ignore[no-untyped-call]

    @property
    def _sessions(self) -> Any:
        # Any: the client's types know each parameter of each call, ours are put together.
        return self._client.v1.checkout.sessions

    def _asked(self, call: Any) -> dict[str, Any]:
        """Stripe's answer as plain values; every refusal means that it cannot be done now."""
        try:
            found: dict[str, Any] = call().to_dict()
        except stripe.StripeError as error:
            try:
                said = verdict(error)
            except CardRequestRefused as refusal:
                said = str(refusal)
            raise ProcessorAway(said) from error
        return found
