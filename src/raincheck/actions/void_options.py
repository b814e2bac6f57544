"""Options that could not leave by the last day on which they count: void, whether their turn to leave comes or not.

While a mail server is away no message has its turn, and one that is to be tried again has it late. Until then the clock
would stand as if its customer had been asked, and what nobody agreed to could ship (semantics 3, rules 6, 12 and 15).
"""

from datetime import date, datetime

from django.db import transaction

from raincheck.actions.law_notices import day_missed, option_left_too_late
from raincheck.store import deliveries, live, outbox_write
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now
from raincheck.store.outbox_lock import Waiting, lock_waiting, waiting_options


def void_missed_options(channel: str, at: datetime | None = None) -> int:
    """Voids the options of a channel that wait to leave and whose day has passed, one a transaction; how many.

    What another worker has in hand is left to it.
    """
    now, settings = at or database_now(), read_settings()
    return sum(
        _void_if_missed(waiting.id, now)
        for waiting in waiting_options(channel)
        if waiting.day_of(waiting.at, settings) < waiting.day_of(now, settings)
    )


def _void_if_missed(notice: int, now: datetime) -> bool:
    with transaction.atomic():
        waiting = lock_waiting(notice)
        if waiting is None:
            return False
        missed_on = day_missed(waiting.id, waiting.order_ref, waiting.event, now)
        if missed_on is None:
            return False
        live.changed("mailbox")
        void_option(waiting, missed_on, now)
        return True


def void_option(notice: Waiting, missed_on: date, now: datetime) -> None:
    """Gives up an option, locked, that did not leave by a day: a person is asked, and the clock goes back."""
    why = f"it could not leave by {missed_on.isoformat()}, the last day on which it counts"
    outbox_write.mark_failed([notice.id], why)
    deliveries.record([notice.id], notice.channel, notice.address, "failed", now, failure=why)
    outbox_write.ask_a_person(notice.id, now)
    option_left_too_late(notice.order_ref, notice.event, now)
