"""A customer enters a card on the processor's own page: noted when it opens, asked after, and taken once it is there.

The processor's call and the customer's way back are hints; what it answers when it is asked counts. Without a call it
is asked after a minute, then ever more seldom, until its page has closed.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.give_card import give_card
from raincheck.core.errors import Malformed, Refused
from raincheck.store import card_handovers as handovers
from raincheck.store.card_handovers import Open
from raincheck.store.locks import database_now

LEASE_SECONDS: Final = 120
FIRST_LOOK: Final = timedelta(seconds=60)
WAITS_SECONDS: Final = (60, 120, 300, 600, 1_800)
"""How long an open visit rests between two looks; from the last on, always that long."""


def begin_handover(ref: str, processor: str, reference: str, expires_at: datetime, actor: str = "") -> None:
    """Notes that a customer goes to a processor's page. The same visit twice is one."""
    with transaction.atomic():
        order, now = known_order(ref), database_now()
        handovers.write_handover(order.id, processor, reference, now, actor, expires_at, now + FIRST_LOOK)


def take_handover() -> Open | None:
    """The next visit to ask the processor after, for a while in this worker's hand alone."""
    with transaction.atomic():
        return handovers.take_open(LEASE_SECONDS)


def card_was_entered(visit: Open, card: str) -> None:
    """The card pays from now on, unless nothing is to be paid any more. However often it is said, once."""
    try:
        with transaction.atomic():
            if handovers.end_handover(visit.id, "taken", database_now(), "another card was given"):
                give_card(visit.order_ref, card, actor=visit.started_by)
    except (Refused, Malformed) as refusal:
        with transaction.atomic():
            handovers.end_handover(visit.id, "unused", database_now(), str(refusal))


def nothing_entered(visit: Open, *, is_over: bool) -> None:
    """No card is there: it is looked for again later, unless the page has closed."""
    with transaction.atomic():
        if is_over:
            handovers.end_handover(visit.id, "unused", database_now(), "no card was entered")
        else:
            handovers.ask_later(visit.id, WAITS_SECONDS[min(visit.attempts, len(WAITS_SECONDS)) - 1])
