"""Whether the work behind the screens gets done: workers alive, messages queued, timers overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from raincheck.store.reads.named import named_row

ALIVE_FOR: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class WorkState:
    """Figures of an instant. `oldest_queued_at` and `next_due_at` are None where there is none.

    `workers` have said within 45 seconds that they are there.
    """

    workers: int
    last_seen_at: datetime | None
    queued_notices: int
    oldest_queued_at: datetime | None
    failed_notices: int
    overdue_timers: int
    next_due_at: datetime | None


def work_state(now: datetime) -> WorkState:
    """One query on small indexes, for metrics and for the Desk."""
    return named_row(
        WorkState,
        """SELECT (SELECT count(*) FROM heartbeat WHERE seen_at > %(alive_since)s) AS workers,
                  (SELECT max(seen_at) FROM heartbeat) AS last_seen_at,
                  q.queued_notices, q.oldest_queued_at,
                  (SELECT count(*) FROM notice WHERE state = 'failed') AS failed_notices,
                  (SELECT count(*) FROM timer WHERE due_at <= %(now)s) AS overdue_timers,
                  (SELECT min(due_at) FROM timer) AS next_due_at
           FROM (SELECT count(*) AS queued_notices, min(at) AS oldest_queued_at
                 FROM notice WHERE state = 'queued') q""",
        {"now": now, "alive_since": now - ALIVE_FOR},
    )
