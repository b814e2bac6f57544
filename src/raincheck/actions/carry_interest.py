"""Carry out mails to those who wait for a product: worded, sent and marked in one transaction (ADR 0005, 0011)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction

from raincheck.store import interest_messages, live
from raincheck.store.interest_messages import QueuedMail
from raincheck.store.locks import database_now

RETRY_MINUTES: Final[Sequence[int]] = (1, 5, 30, 120, 360, 720, 1440)

Outcome = Literal["sent", "kept", "postponed", "failed"]


class NotNow(Exception):
    """The mail was not taken now; it may be later."""


class Never(Exception):
    """The mail will never be taken."""


@dataclass(frozen=True, slots=True)
class InterestMail:
    """A mail to somebody who waits. `key` stands for it for ever, `message_id` is made of it."""

    key: str
    message_id: str
    address: str
    subject: str
    text: str
    html: str
    template_version: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """Whether a mail left (else it stays here), and what the server said."""

    has_left: bool
    proof: str = ""


def carry_next(
    word: Callable[[QueuedMail], InterestMail], send: Callable[[InterestMail], Handed], at: datetime | None = None
) -> Outcome | None:
    """Carries the next mail that may leave; None if there is none.

    `word` raises Never, `send` NotNow or Never; whatever else they raise leaves the mail as it was.
    """
    with transaction.atomic():
        now = at or database_now()
        found = interest_messages.lock_next(now)
        if found is None:
            return None
        live.changed("mailbox")
        try:
            mail = word(found)
        except Never as why:
            interest_messages.note_outcome(found.id, "failed", now, str(why))
            return "failed"
        interest_messages.note_words(
            found.id, mail.subject, mail.text, mail.html, mail.message_id, mail.template_version
        )
        if found.is_bad:
            interest_messages.note_outcome(found.id, "failed", now, "mail to this address came back before")
            return "failed"
        try:
            handed = send(mail)
        except NotNow as why:
            return _postpone(found, now, str(why))
        except Never as why:
            interest_messages.note_outcome(found.id, "failed", now, str(why))
            return "failed"
        state: Literal["sent", "kept"] = "sent" if handed.has_left else "kept"
        interest_messages.note_outcome(found.id, state, now, proof=handed.proof)
        return state


def _postpone(found: QueuedMail, now: datetime, why: str) -> Outcome:
    if found.attempts >= len(RETRY_MINUTES):
        interest_messages.note_outcome(found.id, "failed", now, why)
        return "failed"
    later = now + timedelta(minutes=RETRY_MINUTES[found.attempts])
    interest_messages.note_outcome(found.id, "queued", now, why, later)
    return "postponed"
