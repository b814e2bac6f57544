"""Tasks: what the software hands to a person."""

from datetime import datetime

from raincheck.store.db import row, run


def task_state(task_id: int) -> tuple[str, str | None] | None:
    """A task's text and who closed it (None while it is open), under lock; None if there is no such task."""
    found = row("SELECT text, closed_at, closed_by FROM task WHERE id = %s FOR UPDATE", [task_id])
    if found is None:
        return None
    text, closed_at, closed_by = found
    return text, None if closed_at is None else closed_by


def close(task_id: int, at: datetime, actor: str) -> None:
    """Closes a task."""
    run("UPDATE task SET closed_at = %s, closed_by = %s WHERE id = %s", [at, actor, task_id])
