"""Deliver a queued event to its endpoint: lock it, put it together, post it, record the answer, in one transaction.

As with messages, the lock is held while it is sent: at least once, recognisable by its webhook-id. An endpoint that
does not answer rests, so that it costs one call at a time and holds nobody up; after days of silence, or where it says
that it is gone, it is switched off and a person is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction

from raincheck.store import live, tasks, webhook_endpoints, webhook_queue
from raincheck.store.locks import database_now
from raincheck.store.reads.webhook_order import order_event
from raincheck.store.webhook_queue import Due

# After each failed attempt of one delivery: Standard Webhooks' schedule, a little over two days in all.
RETRY_SECONDS: Final[Sequence[int]] = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000)
LONGEST_REST: Final = timedelta(minutes=5)
SWITCHED_OFF_AFTER: Final = timedelta(days=5)
TASK_KIND: Final = "webhook"
GONE: Final = 410

Outcome = Literal["delivered", "postponed", "failed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` None: nothing did, `said` has why."""

    is_yes: bool
    status: int | None
    said: str


def waiting_endpoints(at: datetime | None = None) -> list[int]:
    """Endpoints that have something to be told now."""
    return webhook_queue.waiting_endpoints(at or database_now())


def deliver_next(
    endpoint: int, post: Callable[[Due, str, datetime], Answer], at: datetime | None = None
) -> Outcome | None:
    """Delivers the next event that an endpoint may be told of; how it went, None if there is none.

    `post` sends a body at an instant. What it raises goes through and leaves the delivery as it was, unattempted.
    """
    with transaction.atomic():
        now = at or database_now()
        due = webhook_queue.lock_next(endpoint, now)
        if due is None:
            return None
        live.changed("webhooks")
        return _judge(due, post(due, _body(due), now), now)


def body_of(event: str, at: datetime, data: str) -> str:
    """The JSON that is posted, from an event's data as JSON."""
    return f'{{"type":"{event}","timestamp":"{at.isoformat().replace("+00:00", "Z")}","data":{data}}}'


def _body(due: Due) -> str:
    data = due.payload
    if not data:
        data = webhook_queue.freeze(due.id, (order_event(due.notice) if due.notice else None) or {})
    return body_of(due.event, due.at, data)


def _judge(due: Due, answer: Answer, now: datetime) -> Outcome:
    if answer.is_yes and answer.status is not None:
        webhook_queue.mark_delivered(due.id, now, answer.status, answer.said)
        webhook_endpoints.note_success(due.endpoint)
        return "delivered"
    failures, since = webhook_endpoints.note_failure(due.endpoint, now)
    webhook_endpoints.rest(due.endpoint, now + _rest(failures))
    response, failure = (answer.said, f"it answered {answer.status}") if answer.status else ("", answer.said)
    if answer.status == GONE:
        _switch_off(due, "it says that it is gone", now)
    elif now - since >= SWITCHED_OFF_AFTER:
        _switch_off(due, f"no success for {(now - since).days} days; the last answer: {failure}", now)
    if due.attempts >= len(RETRY_SECONDS):
        webhook_queue.mark_failed(due.id, None, answer.status, response, failure)
        return "failed"
    try_again_at = now + timedelta(seconds=RETRY_SECONDS[due.attempts])
    webhook_queue.mark_failed(due.id, try_again_at, answer.status, response, failure)
    return "postponed"


def _rest(failures: int) -> timedelta:
    """How long an endpoint rests after so many failures in a row."""
    return min(timedelta(seconds=5 * 2 ** min(failures - 1, 10)), LONGEST_REST)


def _switch_off(due: Due, why: str, now: datetime) -> None:
    webhook_endpoints.switch(due.endpoint, on=False, why=why)
    tasks.open_once(TASK_KIND, f"The webhook to {due.url[:200]} is switched off, what waits for it is kept: {why}", now)
    live.changed("desk")
