"""Requests to the card processor: the next one to send, and what to do with one that it did not answer.

A request is taken in a transaction of its own and sent outside of any: no book is locked while the processor thinks.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.core.money import with_currency
from raincheck.store import card_requests, tasks
from raincheck.store.card_requests import Asked
from raincheck.store.declines import take_expected_decline
from raincheck.store.locks import database_now

LEASE_SECONDS: Final = 120
"""For how long a request is in one worker's hand. Whoever dies with it leaves it to the next one afterwards."""

WAITS_SECONDS: Final = (5, 30, 120, 600, 3_600)
"""How long an unanswered request rests before it is sent again; from the last on, always that long."""

TASK_AFTER_ATTEMPTS: Final = 8
TASK_KIND: Final = "card"


def take_request(until: datetime | None = None) -> tuple[Asked, datetime] | None:
    """The next request that may be sent, and the instant at which it is: its own in a drill (`until` given)."""
    with transaction.atomic():
        found = card_requests.first_due(until, LEASE_SECONDS)
        if found is None:
            return None
        asked, due_at = found
        return asked, database_now() if until is None else due_at


def is_expected_to_decline(asked: Asked) -> bool:
    """Whether a rehearsal has said that this authorisation is declined; it is said once."""
    return asked.kind == "authorise" and take_expected_decline(asked.order)


def postpone(asked: Asked, at: datetime | None, why: str = "") -> None:
    """The processor is away, or does not understand the request (`why`): it is sent again later, under the same key.

    A person is told at once of what it does not understand, and of what it does not answer for hours.
    """
    with transaction.atomic():
        wait = WAITS_SECONDS[-1] if why else WAITS_SECONDS[min(asked.attempts, len(WAITS_SECONDS)) - 1]
        card_requests.try_later(asked.key, at, wait)
        if why or asked.attempts >= TASK_AFTER_ATTEMPTS:
            what = f"{asked.kind} {with_currency(asked.amount, asked.currency)}"
            said = why or "the processor does not answer"
            tasks.open_for_order(TASK_KIND, asked.order, f"Card: {what}: {said}", at or database_now())
