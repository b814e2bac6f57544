"""Reports of messages that came back, or were called spam: kept, and what they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from raincheck.store.db import row, rows, run

REASON_LENGTH: Final = 500
# A report that names an address alone is about something sent lately.
ADDRESS_COUNTS_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Returned:
    """A notice in a message that was sent. Several left together where the message told of several."""

    delivery: int
    notice: int
    event: str
    order_ref: str
    customer: int | None
    phone: str
    address: str
    state: str
    attempts: int
    text: str


def keep(
    digest: str, at: datetime, source: str, kind: str, message_id: str, address: str, reason: str, *, is_known: bool
) -> bool:
    """Puts a report on record; False if the same one is there already."""
    return (
        run(
            """INSERT INTO bounce (at, source, kind, message_id, address, reason, result, digest)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (digest) DO NOTHING""",
            [
                at,
                source[:150],
                kind,
                message_id[:200],
                address[:254],
                reason[:REASON_LENGTH],
                "matched" if is_known else "unknown",
                digest,
            ],
        )
        > 0
    )


def returned(message_id: str, address: str, at: datetime) -> list[Returned]:
    """The notices of the message with an id, locked; without an id, of the last one that went to an address."""
    if not message_id and address:
        found = row(
            """SELECT message_id FROM notice_delivery
               WHERE lower(address) = lower(%s) AND channel = 'email' AND sent_at > %s ORDER BY id DESC LIMIT 1""",
            [address, at - ADDRESS_COUNTS_FOR],
        )
        message_id = str(found[0]) if found else ""
    if not message_id:
        return []
    found_rows = rows(
        """SELECT d.id, n.id, n.event, o.ref, n.customer_id, coalesce(c.phone, ''), d.address, d.state, d.attempts,
                  d.text
           FROM notice_delivery d JOIN notice n ON n.id = d.notice_id JOIN sales_order o ON o.id = n.order_id
           LEFT JOIN customer c ON c.id = n.customer_id
           WHERE d.message_id = %s AND d.channel = 'email' ORDER BY n.id FOR NO KEY UPDATE OF n, d""",
        [message_id],
    )
    return [Returned(*found) for found in found_rows]


def mark_bounced(deliveries: Sequence[int], notices: Sequence[int], reason: str) -> None:
    """Messages that were taken and came back: their notices count as given up."""
    run(
        "UPDATE notice_delivery SET state = 'bounced', failure = %s WHERE id = ANY(%s)",
        [reason[:REASON_LENGTH], list(deliveries)],
    )
    run(
        "UPDATE notice SET state = 'failed', try_again_at = NULL, failure = %s WHERE id = ANY(%s)",
        [reason[:REASON_LENGTH], list(notices)],
    )


def queue_once_more(deliveries: Sequence[int], notices: Sequence[int], try_again_at: datetime, reason: str) -> None:
    """Messages that came back for a while go again later, under their old name."""
    run(
        "UPDATE notice_delivery SET state = 'bounced', failure = %s WHERE id = ANY(%s)",
        [reason[:REASON_LENGTH], list(deliveries)],
    )
    run(
        """UPDATE notice SET state = 'queued', sent_at = NULL, try_again_at = %s, failure = %s WHERE id = ANY(%s)""",
        [try_again_at, reason[:REASON_LENGTH], list(notices)],
    )


def forget_bad(address: str) -> None:
    """Somebody has seen to it that mail to an address arrives, or has just used it: it is tried again."""
    run("DELETE FROM bad_address WHERE address = %s", [address.lower()])


def mark_bad(address: str, reason: str, at: datetime) -> None:
    """Mail to an address is known not to arrive."""
    run(
        """INSERT INTO bad_address (address, reason, marked_at) VALUES (%s, %s, %s)
           ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, marked_at = excluded.marked_at""",
        [address.lower(), reason[:REASON_LENGTH], at],
    )
