"""Mails to those who wait for a product: queued with what they tell of, sent once, kept with what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from raincheck.store.db import row, run

BACK, CONFIRM = "back_in_stock", "confirm_interest"
FAILURE_LENGTH = 500
CONFIRM_PAUSE: Final = timedelta(hours=1)
LONGEST_CONFIRM_PAUSE: Final = timedelta(days=1)
"""Between two mails that ask "was it you?" lies as much time as they took so far, from an hour up to a day."""
MOST_CONFIRMED: Final = 3
"""Products of which an address is asked anew within a day."""


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail under lock, with all that it is made of. `is_bad`: mail to its address is known not to arrive."""

    id: int
    event: str
    attempts: int
    interest: int
    sku: str
    name: str
    email: str
    units: int
    language: str
    token: str
    is_bad: bool


def queue(interests: Sequence[int], event: str, at: datetime) -> None:
    """Queues a mail for each of some interests, once for each event."""
    run(
        """INSERT INTO interest_message (interest_id, event, at, state, attempts, subject, body, html, message_id,
                                         template_version, proof, failure)
           SELECT v.id, %s, %s, 'queued', 0, '', '', '', '', 0, '', ''
           FROM unnest(%s::bigint[]) WITH ORDINALITY AS v (id, nr) ORDER BY v.nr
           ON CONFLICT (interest_id, event) DO NOTHING""",
        [event, at, list(interests)],
    )


def confirm_again(interest: int, at: datetime) -> None:
    """Queues the mail that asks "was it you?" once more, under its old name, for an interest that is locked.

    Nothing where it waits to leave or is in hand, nor where it would come too often: nobody can have an address flooded
    by asking for it again and again.
    """
    run(
        """UPDATE interest_message SET state = 'queued', at = %s, attempts = 0, try_again_at = NULL, sent_at = NULL,
                                       failure = ''
           WHERE id = (SELECT m.id FROM interest_message m JOIN product_interest i ON i.id = m.interest_id
                       WHERE i.id = %s AND m.event = %s AND m.state <> 'queued'
                         AND m.at + least(%s, greatest(%s, m.at - i.asked_at)) <= %s
                         AND (SELECT count(*) FROM product_interest o JOIN interest_message om ON om.interest_id = o.id
                              WHERE o.email = i.email AND o.id <> i.id AND om.event = m.event AND om.at > %s) < %s
                       FOR NO KEY UPDATE OF m SKIP LOCKED)""",
        [at, interest, CONFIRM, LONGEST_CONFIRM_PAUSE, CONFIRM_PAUSE, at, at - LONGEST_CONFIRM_PAUSE, MOST_CONFIRMED],
    )


def keep_what_waits(interest: int, why: str) -> None:
    """Mails of an interest that have not left stay here."""
    run(
        """UPDATE interest_message SET state = 'kept', failure = %s, try_again_at = NULL
           WHERE interest_id = %s AND state = 'queued'""",
        [why, interest],
    )


def lock_next(at: datetime) -> QueuedMail | None:
    """The next mail that may leave, under lock; None if there is none."""
    found = row(
        """SELECT m.id, m.event, m.attempts, i.id, p.sku, coalesce(nullif(p.name, ''), p.sku), i.email, i.units,
                  i.language, i.token, EXISTS (SELECT 1 FROM bad_address b WHERE b.address = lower(i.email))
           FROM interest_message m JOIN product_interest i ON i.id = m.interest_id JOIN product p ON p.id = i.product_id
           WHERE m.state = 'queued' AND (m.try_again_at IS NULL OR m.try_again_at <= %s)
           ORDER BY m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED""",
        [at],
    )
    return QueuedMail(*found) if found else None


def note_words(message: int, subject: str, body: str, html: str, message_id: str, template_version: int) -> None:
    """Keeps what a mail says, and under which id it goes."""
    run(
        """UPDATE interest_message SET subject = %s, body = %s, html = %s, message_id = %s, template_version = %s
           WHERE id = %s""",
        [subject[:300], body, html, message_id[:200], template_version, message],
    )


def note_outcome(
    message: int,
    state: str,
    at: datetime,
    failure: str = "",
    try_again_at: datetime | None = None,
    proof: str = "",
) -> None:
    """Keeps how a try went."""
    run(
        """UPDATE interest_message SET state = %s, failure = left(%s, 500), proof = left(%s, 500),
                  attempts = attempts + 1, try_again_at = %s, sent_at = CASE WHEN %s = 'sent' THEN %s::timestamptz END
           WHERE id = %s""",
        [state, failure, proof, try_again_at, state, at, message],
    )


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A mail about a product that a report speaks of. `is_wanted`: its reader has not ended the wait since."""

    id: int
    address: str
    state: str
    attempts: int
    is_wanted: bool


def returned(message_id: str) -> ReturnedMail | None:
    """The mail with an id, locked; None for no mail of ours."""
    if not message_id:
        return None
    found = row(
        """SELECT m.id, i.email, m.state, m.attempts, i.state <> 'ended'
           FROM interest_message m JOIN product_interest i ON i.id = m.interest_id
           WHERE m.message_id = %s FOR NO KEY UPDATE OF m""",
        [message_id],
    )
    return ReturnedMail(*found) if found else None


def came_back(message: int, reason: str) -> None:
    """A mail that was taken and came back counts as failed."""
    run("UPDATE interest_message SET state = 'failed', failure = left(%s, 500) WHERE id = %s", [reason, message])


def queue_once_more(message: int, try_again_at: datetime, reason: str) -> None:
    """A mail that came back for a while goes again later, under its old name."""
    run(
        """UPDATE interest_message SET state = 'queued', sent_at = NULL, try_again_at = %s, failure = left(%s, 500)
           WHERE id = %s""",
        [try_again_at, reason, message],
    )
