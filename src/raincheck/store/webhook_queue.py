"""What endpoints are still to be told, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from raincheck.store.db import one, row, rows, run
from raincheck.store.sealed import NotOpened, opened

KEPT_SIGNS = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that may leave, locked until the transaction ends. `payload` empty: not put together yet.

    `secrets` are opened, today's first; none: this installation's key does not open the endpoint's secret.
    """

    id: int
    endpoint: int
    url: str
    secrets: tuple[str, ...]
    webhook_id: str
    event: str
    notice: int | None
    payload: str
    at: datetime
    attempts: int


def waiting_endpoints(now: datetime) -> list[int]:
    """Endpoints that have something to be told now."""
    found = rows(
        """SELECT e.id FROM webhook_endpoint e
           WHERE e.is_active AND (e.rests_until IS NULL OR e.rests_until <= %s) AND EXISTS (
               SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'queued'
                      AND (d.try_again_at IS NULL OR d.try_again_at <= %s))
           ORDER BY e.id""",
        [now, now],
    )
    return [endpoint for (endpoint,) in found]


def lock_next(endpoint: int, now: datetime) -> Due | None:
    """The first delivery of an endpoint that may leave; those behind one of the same thread wait for it."""
    found = row(
        """SELECT d.id, e.id, e.url, e.secret, CASE WHEN e.old_secret_until > %s THEN e.old_secret ELSE '' END,
                  d.webhook_id, d.event, d.notice_id, coalesce(d.payload::text, ''), d.at, d.attempts
           FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
           WHERE d.endpoint_id = %s AND d.state = 'queued' AND (d.try_again_at IS NULL OR d.try_again_at <= %s)
             AND e.is_active AND (e.rests_until IS NULL OR e.rests_until <= %s)
             AND NOT EXISTS (SELECT 1 FROM webhook_delivery b WHERE b.endpoint_id = d.endpoint_id
                             AND b.thread = d.thread AND b.id < d.id AND b.state = 'queued')
           ORDER BY d.id LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED""",
        [now, endpoint, now, now],
    )
    if found is None:
        return None
    id_, endpoint_id, url, secret, old_secret, *rest = found
    return Due(id_, endpoint_id, url, _opened(secret, old_secret), *rest)


def _opened(secret: str, old_secret: str) -> tuple[str, ...]:
    """Today's secret and, while it still signs, the former; without today's nothing is signed."""
    try:
        today = opened(secret)
    except NotOpened:
        return ()
    try:
        return (today, opened(old_secret)) if old_secret else (today,)
    except NotOpened:
        return (today,)


def freeze(delivery: int, payload: dict[str, Any]) -> str:
    """Keeps what an event says, so that every attempt says the same; the text of it."""
    text = orjson.dumps(payload, default=str).decode()
    found = one(
        "UPDATE webhook_delivery SET payload = %s::jsonb WHERE id = %s RETURNING payload::text", [text, delivery]
    )
    return str(found[0])


def mark_delivered(delivery: int, at: datetime, status: int, response: str) -> None:
    """The endpoint took it."""
    run(
        """UPDATE webhook_delivery SET state = 'delivered', delivered_at = %s, attempts = attempts + 1, status = %s,
                  response = %s, failure = '', try_again_at = NULL WHERE id = %s""",
        [at, status, response[:KEPT_SIGNS], delivery],
    )


def mark_failed(delivery: int, try_again_at: datetime | None, status: int | None, response: str, failure: str) -> None:
    """The endpoint did not take it; without another try it is given up, and those behind it go on."""
    run(
        """UPDATE webhook_delivery SET state = %s, attempts = attempts + 1, try_again_at = %s, status = %s,
                  response = %s, failure = %s WHERE id = %s""",
        ["queued" if try_again_at else "failed", try_again_at, status, response[:KEPT_SIGNS], failure[:KEPT_SIGNS],
         delivery],
    )  # fmt: skip


def forget_old(before: datetime, most: int) -> int:
    """Forgets deliveries that were taken or given up and are of before an instant, the oldest; how many (`most`)."""
    return run(
        """DELETE FROM webhook_delivery WHERE id IN (
               SELECT id FROM webhook_delivery WHERE state <> 'queued' AND at < %s AND coalesce(delivered_at, at) < %s
               ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)""",
        [before, before, most],
    )


def queue_again(delivery: int) -> bool:
    """Queues a delivery once more, under its old name and with what it said; False if there is none such."""
    return (
        run(
            """UPDATE webhook_delivery d SET state = 'queued', attempts = 0, try_again_at = NULL, failure = ''
               FROM webhook_endpoint e
               WHERE d.id = %s AND e.id = d.endpoint_id AND e.removed_at IS NULL AND d.state <> 'queued'""",
            [delivery],
        )
        > 0
    )


def queue_test(endpoint: int, event: str, payload: dict[str, Any], at: datetime) -> None:
    """Queues a test for one endpoint, whatever it listens to."""
    run(
        """INSERT INTO webhook_delivery (endpoint_id, webhook_id, event, thread, payload, at, state, attempts, response,
                                         failure)
           VALUES (%s, 'msg_' || replace(gen_random_uuid()::text, '-', ''), %s, 'test', %s::jsonb, %s, 'queued', 0, '',
                   '')""",
        [endpoint, event, orjson.dumps(payload, default=str).decode(), at],
    )
