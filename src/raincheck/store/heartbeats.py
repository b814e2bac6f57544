"""Workers' heartbeats, written and forgotten."""

from datetime import datetime, timedelta
from typing import Final

from raincheck.store.db import run

FORGOTTEN_AFTER: Final = timedelta(days=1)


def beat(worker: str, started_at: datetime, at: datetime, timers_run: int, notices_carried: int) -> None:
    """Notes that a worker is there and what it has done since it started; forgets those long gone."""
    run("DELETE FROM heartbeat WHERE seen_at < %s", [at - FORGOTTEN_AFTER])
    run(
        """INSERT INTO heartbeat (worker, started_at, seen_at, timers_run, notices_carried) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (worker) DO UPDATE SET started_at = excluded.started_at, seen_at = excluded.seen_at,
               timers_run = excluded.timers_run, notices_carried = excluded.notices_carried""",
        [worker, started_at, at, timers_run, notices_carried],
    )


def forget(worker: str) -> None:
    """A worker that has stopped in good order is not missed."""
    run("DELETE FROM heartbeat WHERE worker = %s", [worker])
