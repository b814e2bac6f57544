"""Carry a queued message out: lock it, put it into words, send it, record how it went, in one transaction.

The lock is held while the message is sent, so no other worker takes the same one, and a killed worker's message is
free again as soon as the database sees it gone. What was sent but not yet recorded then goes again under the same
Message-ID: at least once, and recognisable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction

from raincheck.actions.law_notices import option_arrived_after_all, option_did_not_arrive
from raincheck.store import live, outbox_write
from raincheck.store.locks import database_now
from raincheck.store.outbox_read import NoticeFacts, lock_next

# After each failed attempt; then a person has to help. Two days in all.
RETRY_MINUTES: Final[Sequence[int]] = (1, 5, 30, 120, 360, 720, 1440)

Outcome = Literal["sent", "kept", "postponed", "failed"]


@dataclass(frozen=True, slots=True)
class Carried:
    """What was said, in which words, and whether it has left (False: it stays in the mailbox).

    `template_version` 0: the shipped words of `language`.
    """

    subject: str
    text: str
    html: str
    has_left: bool
    language: str = ""
    template_version: int = 0


class NotNow(Exception):
    """The message was not taken now; it may be later."""


class Never(Exception):
    """The message will never be taken."""


def carry_next(carry: Callable[[NoticeFacts], Carried], at: datetime | None = None) -> Outcome | None:
    """Carries the first message that may leave (None for `at`: by the database's clock); None if there is none.

    `carry` sends, and raises NotNow or Never. Anything else that it raises goes through and leaves the message as it
    was, unattempted.
    """
    with transaction.atomic():
        now = at or database_now()
        facts = lock_next(now)
        if facts is None:
            return None
        outcome = _carry(carry, facts, now)
        live.changed("mailbox")
    return outcome


def _carry(carry: Callable[[NoticeFacts], Carried], facts: NoticeFacts, now: datetime) -> Outcome:
    try:
        carried = carry(facts)
    except Never as failure:
        return _give_up(facts, now, failure)
    except NotNow as failure:
        if facts.attempts >= len(RETRY_MINUTES):
            return _give_up(facts, now, failure)
        try_again_at = now + timedelta(minutes=RETRY_MINUTES[facts.attempts])
        outbox_write.mark_postponed(facts.id, try_again_at, str(failure))
        return "postponed"
    outbox_write.mark_carried(facts.id, now, carried.subject, carried.text, carried.html, has_left=carried.has_left)
    outbox_write.mark_words(facts.id, carried.language, carried.template_version)
    option_arrived_after_all(facts.order_ref, facts.event, now)
    return "sent" if carried.has_left else "kept"


def _give_up(facts: NoticeFacts, now: datetime, failure: Exception) -> Outcome:
    outbox_write.mark_failed(facts.id, now, str(failure))
    option_did_not_arrive(facts.order_ref, facts.event, now)
    return "failed"
