"""Carry out mails to those who wait for a product: worded, sent and marked in one transaction (ADR 0005)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction

from raincheck.store import interest
from raincheck.store.interest import Interest
from raincheck.store.locks import database_now

RETRY_MINUTES: Final[Sequence[int]] = (1, 5, 30, 120, 360, 720, 1440)

Outcome = Literal["sent", "kept", "postponed", "failed"]


class NotNow(Exception):
    """The mail was not taken now; it may be later."""


class Never(Exception):
    """The mail will never be taken."""


@dataclass(frozen=True, slots=True)
class InterestMail:
    """A mail to somebody who waits. `key` stands for it for ever."""

    key: str
    address: str
    subject: str
    text: str
    html: str


def carry_next(
    word: Callable[[Interest], InterestMail], send: Callable[[InterestMail], bool], at: datetime | None = None
) -> Outcome | None:
    """Carries the next mail that may leave; None if there is none.

    `send` says whether it left (False: it stays here) and raises NotNow or Never; whatever else it raises leaves the
    mail as it was.
    """
    with transaction.atomic():
        now = at or database_now()
        found = interest.lock_next_mail(now)
        if found is None:
            return None
        mail = word(found)
        try:
            state: Literal["sent", "kept"] = "sent" if send(mail) else "kept"
        except NotNow as why:
            return _postpone(found, mail, now, str(why))
        except Never as why:
            interest.mail_went(found.id, "failed", mail.subject, mail.text, now, str(why))
            return "failed"
        interest.mail_went(found.id, state, mail.subject, mail.text, now)
        return state


def _postpone(found: Interest, mail: InterestMail, now: datetime, why: str) -> Outcome:
    if found.attempts >= len(RETRY_MINUTES):
        interest.mail_went(found.id, "failed", mail.subject, mail.text, now, why)
        return "failed"
    later = now + timedelta(minutes=RETRY_MINUTES[found.attempts])
    interest.mail_went(found.id, "queued", mail.subject, mail.text, now, why, later)
    return "postponed"
