"""Reads what card processors call back with: whose it is, whether it is theirs, and what it says.

A body is looked at only once its signature fits. Signatures carry the time of sending: one older than five minutes is
refused, so that an overheard call cannot be played again later.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final

import orjson
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from raincheck.actions.take_processor_event import (
    CARD_ENTERED,
    DISPUTE_LOST,
    DISPUTE_WON,
    DISPUTED,
    ENDED,
    KINDS,
    REFUND_FAILED,
    ProcessorNews,
    take_processor_event,
)
from raincheck.store.processor_books import Callback, take_callback

LOCAL: Final = "local"
STRIPE: Final = "stripe"
LONGEST_BODY: Final = 512 * 1024
TOLERANCE_SECONDS: Final = 300

Headers = Mapping[str, str]


class NotTheirs(Exception):
    """The signature does not fit, is too old, or none is expected."""


class NotReadable(Exception):
    """It is theirs, and says nothing that we understand."""


def read_event(processor: str, body: bytes, headers: Headers) -> ProcessorNews | None:
    """What a call says; None where it is about something that is no business of ours.

    Raises LookupError for a processor that we do not know, NotTheirs, NotReadable.
    """
    news = READERS[processor](body, headers)
    if news is not None and (
        not news.event or len(news.event) > 100 or len(news.reference) > 200 or len(news.key) > 64
    ):
        raise NotReadable("a name is missing or too long")
    return news


def signed(callback: Callback, at: datetime) -> dict[str, str]:
    """The headers of a call of the local processor."""
    webhook = _local_webhook()
    return {
        "webhook-id": callback.event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": webhook.sign(callback.event, at, callback.body),
    }


def deliver_next() -> bool:
    """Calls back with the next event of the local processor that is due; False if none is.

    Its call goes the way of any other: it is signed, read and acted on, in one transaction with the note that it went.
    """
    with transaction.atomic():
        callback = take_callback(None)
        if callback is None:
            return False
        news = read_event(LOCAL, callback.body.encode(), signed(callback, datetime.now(UTC)))
        if news is not None:
            take_processor_event(news)
    return True


def _read_local(body: bytes, headers: Headers) -> ProcessorNews | None:
    from standardwebhooks.webhooks import WebhookVerificationError

    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    try:
        found = _local_webhook().verify(body.decode(), {name: headers.get(name, "") for name in names})
    except (WebhookVerificationError, UnicodeDecodeError, ValueError) as error:
        raise NotTheirs(str(error)) from error
    try:
        if found["kind"] not in KINDS:
            return None
        return ProcessorNews(
            LOCAL,
            str(found["id"]),
            str(found["kind"]),
            datetime.fromisoformat(found["at"]),
            str(found["reference"]),
            str(found["key"]),
            Decimal(found["amount"]),
            str(found["currency"]),
        )
    except (LookupError, TypeError, ValueError, InvalidOperation) as error:
        raise NotReadable(str(error)) from error


def _local_webhook() -> Any:
    from standardwebhooks.webhooks import Webhook

    secret = salted_hmac("raincheck.test_processor", "callbacks", algorithm="sha256").digest()
    return Webhook(b64encode(secret).decode())


def _read_stripe(body: bytes, headers: Headers) -> ProcessorNews | None:
    from stripe import SignatureVerificationError, WebhookSignature

    if not settings.STRIPE_WEBHOOK_SECRET:
        raise NotTheirs("RAINCHECK_STRIPE_WEBHOOK_SECRET is not set")
    try:
        text = body.decode()
        WebhookSignature.verify_header(
            text, headers.get("stripe-signature", ""), settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_SECONDS
        )
    except (SignatureVerificationError, UnicodeDecodeError, ValueError) as error:
        raise NotTheirs(str(error)) from error
    try:
        event = orjson.loads(text)
        return _stripe_news(event)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable(str(error)) from error


def _stripe_news(event: Mapping[str, Any]) -> ProcessorNews | None:
    about = event["data"]["object"]
    kind = _stripe_kind(event["type"], about)
    if kind is None:
        return None
    from raincheck.gateways.stripe_answers import KEY
    from raincheck.gateways.stripe_words import major

    currency = str(about.get("currency") or "").upper()
    amount = about.get("amount")
    # A charge that expired is known here by its authorisation, a dispute by its charge.
    reference = {"charge.expired": "payment_intent"}.get(
        event["type"], "charge" if "dispute" in event["type"] else "id"
    )
    return ProcessorNews(
        STRIPE,
        str(event["id"]),
        kind,
        datetime.fromtimestamp(int(event["created"]), UTC),
        str(about.get(reference) or ""),
        str((about.get("metadata") or {}).get(KEY) or ""),
        major(int(amount), currency) if isinstance(amount, int) and currency else None,
        currency,
        _dispute_words(about) if "dispute" in event["type"] else str(about.get("failure_reason") or ""),
    )


def _stripe_kind(name: str, about: Mapping[str, Any]) -> str | None:
    if name == "payment_intent.canceled":
        # Our own cancels name no reason; whoever cancels there, and a time that runs out, do.
        return ENDED if about.get("cancellation_reason") else "voided"
    if name == "charge.dispute.closed":
        return DISPUTE_LOST if about.get("status") == "lost" else DISPUTE_WON
    return {
        "payment_intent.amount_capturable_updated": "authorised",
        "payment_intent.succeeded": "captured",
        "charge.expired": ENDED,
        "checkout.session.completed": CARD_ENTERED if about.get("mode") == "setup" else None,
        "charge.dispute.created": DISPUTED,
        "refund.created": "refunded",
        "refund.failed": REFUND_FAILED,
    }.get(name)


def _dispute_words(about: Mapping[str, Any]) -> str:
    reason = str(about.get("reason") or "").replace("_", " ")
    due = (about.get("evidence_details") or {}).get("due_by")
    until = f" by {datetime.fromtimestamp(int(due), UTC):%Y-%m-%d}" if due else ""
    return f"Reason: {reason}{until}." if reason else ""


READERS: Final[Mapping[str, Callable[[bytes, Headers], ProcessorNews | None]]] = {
    LOCAL: _read_local,
    STRIPE: _read_stripe,
}


def fingerprint(body: bytes) -> str:
    """A short name of a call for the log, which never shows the call itself."""
    return sha256(body).hexdigest()[:12]
