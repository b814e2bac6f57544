"""Each message by each channel, as rows: what was handed over, to whom, with which answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import one, row, run

PROOF_LENGTH = 500


def record(
    notices: Sequence[int],
    channel: str,
    address: str,
    state: str,
    at: datetime,
    message_id: str = "",
    failure: str = "",
    texts: Mapping[int, str] | None = None,
) -> None:
    """Notes how notices stand with one channel and address, `attempts` counted on.

    `texts`: a notice's short text, to be sent should the mail come back.
    """
    short = [(texts or {}).get(notice, "") for notice in notices]
    sent_at = at if state == "sent" else None
    run(
        """INSERT INTO notice_delivery (notice_id, channel, address, state, attempts, queued_at, sent_at, message_id,
                                        text, proof, failure)
           SELECT v.notice, %s, left(%s, 254), %s, 1, %s, %s, %s, v.short, '', %s
           FROM unnest(%s::bigint[], %b::text[]) AS v (notice, short)
           ON CONFLICT (notice_id, channel, address) DO UPDATE SET state = excluded.state,
               attempts = notice_delivery.attempts + 1, sent_at = excluded.sent_at, message_id = excluded.message_id,
               text = excluded.text, failure = excluded.failure, proof = ''""",
        [channel, address, state, at, sent_at, message_id, failure[:PROOF_LENGTH], list(notices), short],
    )


def note_proof(notices: Sequence[int], channel: str, message_id: str, proof: str) -> None:
    """Keeps what the server answered. Off the hot path: a crash just before loses the words, never the message."""
    run(
        """UPDATE notice_delivery SET proof = %s
           FROM set_config('synchronous_commit', 'off', true) AS relaxed
           WHERE notice_id = ANY(%s) AND channel = %s AND message_id = %s AND state = 'sent'""",
        [proof[:PROOF_LENGTH], list(notices), channel, message_id],
    )


def queue_text(notice: int, phone: str, text: str, at: datetime) -> str:
    """Queues a short text beside a notice's mail, once; how it stands: one that was queued before may have failed."""
    found = one(
        """INSERT INTO notice_delivery (notice_id, channel, address, state, attempts, queued_at, message_id, text,
                                        proof, failure)
           VALUES (%s, 'sms', %s, 'queued', 0, %s, '', %s, '', '')
           ON CONFLICT (notice_id, channel, address) DO UPDATE SET state = notice_delivery.state
           RETURNING state""",
        [notice, phone, at, text],
    )
    return str(found[0])


@dataclass(frozen=True, slots=True)
class QueuedText:
    """A short text that may leave, locked until the transaction ends.

    `is_alone`: no mail tells the same, for it was given up or not wanted. `country` and `postcode` say where the order
    goes, as far as that is known.
    """

    id: int
    notice: int
    event: str
    is_alone: bool
    order: int
    phone: str
    text: str
    attempts: int
    queued_at: datetime
    customer: int | None
    country: str
    postcode: str


def lock_next_text(now: datetime) -> QueuedText | None:
    """The first queued text that may leave; an address gets its texts in order. None if there is none."""
    found = row(
        """SELECT d.id, n.id, n.event,
                  n.state = 'failed' OR EXISTS (SELECT 1 FROM notice_delivery u
                                                WHERE u.notice_id = n.id AND u.state = 'unwanted'),
                  n.order_id, d.address, d.text, d.attempts, d.queued_at, n.customer_id,
                  coalesce(nullif(o.country, ''), c.country, ''), coalesce(nullif(o.postcode, ''), c.postcode, '')
           FROM notice_delivery d JOIN notice n ON n.id = d.notice_id JOIN sales_order o ON o.id = n.order_id
           LEFT JOIN customer c ON c.id = n.customer_id
           WHERE d.channel = 'sms' AND d.state = 'queued' AND (d.try_again_at IS NULL OR d.try_again_at <= %s)
             AND NOT EXISTS (SELECT 1 FROM notice_delivery e
                             WHERE e.address = d.address AND e.id < d.id AND e.state = 'queued')
           ORDER BY d.id LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED""",
        [now],
    )
    return QueuedText(*found) if found else None


def note_text_proof(delivery: int, proof: str) -> None:
    """The same for a short text."""
    run("UPDATE notice_delivery SET proof = %s WHERE id = %s", [proof[:PROOF_LENGTH], delivery])


def mark_text(delivery: int, state: str, at: datetime, failure: str = "") -> None:
    """A text left (sent), stays here (kept), or was given up (failed)."""
    run(
        """UPDATE notice_delivery SET state = %s, sent_at = %s, attempts = attempts + 1, try_again_at = NULL,
                  failure = %s WHERE id = %s""",
        [state, at if state == "sent" else None, failure[:PROOF_LENGTH], delivery],
    )


def hold_text(delivery: int, until: datetime) -> None:
    """Holds a text until its customer's quiet hours end."""
    run("UPDATE notice_delivery SET try_again_at = %s WHERE id = %s", [until, delivery])


def postpone_text(delivery: int, try_again_at: datetime, failure: str) -> None:
    """Notes a failed attempt and when the next one is."""
    run(
        "UPDATE notice_delivery SET attempts = attempts + 1, try_again_at = %s, failure = %s WHERE id = %s",
        [try_again_at, failure[:PROOF_LENGTH], delivery],
    )
