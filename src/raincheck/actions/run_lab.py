"""What a worker says of the Lab's runs: taken, how far, ended. One short transaction each."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from raincheck.store import lab, live
from raincheck.store.locks import database_now
from raincheck.store.reads.lab import LabTask

SILENT_FOR: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 2
LONGEST_ERROR: Final = 4_000


def take_run() -> LabTask | None:
    """The oldest run that waits, or None. Runs whose worker was killed are queued again first."""
    with transaction.atomic():
        at = database_now()
        lab.recover(at - SILENT_FOR, MOST_ATTEMPTS, "The worker that ran it was stopped, twice.", at)
        task = lab.take_next(at)
        if task:
            live.changed("lab")
    return task


def say_how_far(task: LabTask, steps_done: int, steps: int) -> None:
    """How far a run is. Call it every few seconds: whoever is silent for a minute counts as gone."""
    with transaction.atomic():
        lab.note_progress(task.id, steps_done, steps, database_now())
        live.changed("lab")


def end_run(task: LabTask, result: Any) -> None:
    """A run's result."""
    with transaction.atomic():
        lab.end(task.id, result, database_now())
        live.changed("lab")


def fail_run(task: LabTask, error: str) -> None:
    """A run that has no result, and why."""
    with transaction.atomic():
        lab.fail(task.id, error[:LONGEST_ERROR], database_now())
        live.changed("lab")


def put_run_back(task: LabTask) -> None:
    """A run that another worker shall do, because this one stops."""
    with transaction.atomic():
        lab.put_back(task.id)
        live.changed("lab")
