"""The Lab's runs as rows: queued, taken by a worker, ended."""

from datetime import datetime
from typing import Any

import orjson

from raincheck.store.db import one, row, run
from raincheck.store.reads.lab import LabTask


def insert_comparison(title: str, drill: str, variants: str, asked_at: datetime, by: str, *, from_live: bool) -> int:
    """Queues a comparison; its id."""
    found = one(
        """INSERT INTO lab_run (kind, title, drill, variants, from_live, sku, asked_at, asked_by, state, attempts,
                                steps_done, steps, error)
           VALUES ('compare', %s, %s, %s, %s, '', %s, %s, 'queued', 0, 0, 0, '') RETURNING id""",
        [title, drill, variants, from_live, asked_at, by],
    )
    return int(found[0])


def insert_optimum(title: str, sku: str, asked_at: datetime, by: str) -> int:
    """Queues the optimum of a product's book; its id."""
    found = one(
        """INSERT INTO lab_run (kind, title, drill, variants, from_live, sku, asked_at, asked_by, state, attempts,
                                steps_done, steps, error)
           VALUES ('optimum', %s, '', '', true, %s, %s, %s, 'queued', 0, 0, 0, '') RETURNING id""",
        [title, sku, asked_at, by],
    )
    return int(found[0])


def under_way() -> int:
    """How many runs are queued or running."""
    return int(one("SELECT count(*) FROM lab_run WHERE state IN ('queued', 'running')")[0])


def forget_all_but(newest: int) -> None:
    """Forgets ended runs but the newest so many."""
    run(
        """DELETE FROM lab_run WHERE state IN ('done', 'failed')
             AND id <= (SELECT id FROM lab_run ORDER BY id DESC OFFSET %s LIMIT 1)""",
        [newest],
    )


def take_next(at: datetime) -> LabTask | None:
    """The oldest queued run, running from now on; of several workers each takes another one."""
    found = row(
        """UPDATE lab_run SET state = 'running', attempts = attempts + 1, steps_done = 0, seen_at = %s
           WHERE id = (SELECT id FROM lab_run WHERE state = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id, kind, drill, variants, from_live, sku""",
        [at],
    )
    return LabTask(*found) if found else None


def note_progress(id_: int, steps_done: int, steps: int, at: datetime) -> None:
    """How far a run is, and that its worker is alive."""
    run(
        "UPDATE lab_run SET steps_done = %s, steps = %s, seen_at = %s WHERE id = %s AND state = 'running'",
        [steps_done, steps, at, id_],
    )


def end(id_: int, result: Any, at: datetime) -> None:
    """A run has come to its end."""
    run(
        "UPDATE lab_run SET state = 'done', result = %s::jsonb, ended_at = %s WHERE id = %s AND state = 'running'",
        [orjson.dumps(result).decode(), at, id_],
    )


def fail(id_: int, error: str, at: datetime) -> None:
    """A run ended without a result."""
    run(
        "UPDATE lab_run SET state = 'failed', error = %s, ended_at = %s WHERE id = %s AND state = 'running'",
        [error, at, id_],
    )


def put_back(id_: int) -> None:
    """A worker that stops leaves its run to another one."""
    run("UPDATE lab_run SET state = 'queued', attempts = attempts - 1 WHERE id = %s AND state = 'running'", [id_])


def recover(silent_since: datetime, most_attempts: int, error: str, at: datetime) -> int:
    """Runs whose worker has gone are queued again, or given up after so many attempts; how many."""
    given_up = run(
        """UPDATE lab_run SET state = 'failed', error = %s, ended_at = %s
           WHERE state = 'running' AND seen_at < %s AND attempts >= %s""",
        [error, at, silent_since, most_attempts],
    )
    return given_up + run(
        "UPDATE lab_run SET state = 'queued' WHERE state = 'running' AND seen_at < %s", [silent_since]
    )
