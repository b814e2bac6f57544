"""How much waits to be done, for monitoring and for readiness."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from raincheck.store.db import one
from raincheck.store.reads.named import named_row

ALIVE_FOR: Final = timedelta(seconds=45)
"""Whoever has said within so long that they are there is alive: a worker says so every ten seconds."""


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """Figures of this instant. A notice or a timer that falls due again later waits no longer than that."""

    queue_claims: int
    queue_units: int
    outbox_notices: int
    timers_overdue: int
    timer_lag_seconds: float
    workers: int


def waiting_work() -> WaitingWork:
    """One query; it reads the open pegs and little else."""
    return named_row(
        WaitingWork,
        """SELECT q.queue_claims, q.queue_units, n.outbox_notices, t.timers_overdue, t.timer_lag_seconds,
                  (SELECT count(*) FROM heartbeat WHERE seen_at > clock_timestamp() - %(alive_for)s) AS workers
           FROM (SELECT count(DISTINCT claim_id) AS queue_claims, coalesce(sum(units), 0)::bigint AS queue_units
                 FROM peg WHERE kind <> 'stock' OR is_preorder) q,
                (SELECT count(*) AS outbox_notices FROM notice WHERE state = 'queued') n,
                (SELECT count(*) AS timers_overdue,
                        coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::float AS timer_lag_seconds
                 FROM timer WHERE due_at <= clock_timestamp()) t""",
        {"alive_for": ALIVE_FOR},
    )


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers are alive, and how long the oldest timer that was not run has been due (0: all are run)."""

    alive: int
    lag_seconds: float


def workers() -> Workers:
    """One query, by index."""
    found = one(
        """SELECT (SELECT count(*) FROM heartbeat WHERE seen_at > clock_timestamp() - %s),
                  (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::float FROM timer)""",
        [ALIVE_FOR],
    )
    return Workers(int(found[0]), max(0.0, float(found[1])))
