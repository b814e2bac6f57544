"""What the local test processor calls back with: the events of what it did, and of what happens by itself later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import orjson

from raincheck.gateways.cards_book import Entry
from raincheck.gateways.cards_tokens import TestCard, card_of
from raincheck.store.processor_books import Callback

DONE: Final = {"authorise": "authorised", "capture": "captured", "void": "voided", "refund": "refunded"}
ENDED: Final = "authorisation_ended"
DISPUTED: Final = "disputed"

_DISPUTED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LocalEvent:
    """An event of the local processor: what happened to what it names `reference`, asked under `key`, and when."""

    event: str
    kind: str
    at: datetime
    reference: str
    key: str
    amount: Decimal
    currency: str

    def as_json(self) -> str:
        """The body of the call."""
        return orjson.dumps(
            {
                "id": self.event,
                "kind": self.kind,
                "at": self.at,
                "reference": self.reference,
                "key": self.key,
                "amount": str(self.amount),
                "currency": self.currency,
            }
        ).decode()


def callbacks_of(entry: Entry) -> list[Callback]:
    """What an entry is called back with, now and later. What was declined is not."""
    if not entry.is_approved:
        return []
    asked, reference = entry.request, entry.answer.reference
    card = card_of(asked.method)
    events = [
        LocalEvent(f"ev_{reference}_{kind}", kind, at, reference, asked.key, asked.amount, asked.currency)
        for kind, at in _happens(entry, card)
    ]
    return [Callback(event.event, event.as_json(), event.at, card.callbacks) for event in events]


def _happens(entry: Entry, card: TestCard) -> Iterable[tuple[str, datetime]]:
    yield DONE[entry.request.kind], entry.at
    if entry.ends_at is not None and card.ends_after_days is not None:
        yield ENDED, entry.ends_at
    if entry.request.kind == "capture" and card.is_disputed:
        yield DISPUTED, entry.at + _DISPUTED_AFTER
