"""Tasks: what the software hands to a person."""

from dataclasses import dataclass
from datetime import datetime

from raincheck.store import live
from raincheck.store.db import one, row, run


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


def open_once(kind: str, text: str, at: datetime) -> bool:
    """Opens a task that is about no record in particular; False if one of its kind is open already."""
    return (
        run(
            """INSERT INTO task (kind, text, opened_at, closed_by)
               SELECT %s, left(%s, 500), %s, ''
               WHERE NOT EXISTS (SELECT 1 FROM task WHERE kind = %s AND closed_at IS NULL)""",
            [kind, text, at, kind],
        )
        > 0
    )


@dataclass(frozen=True, slots=True)
class NewTask:
    """Something to be done, by whom and until when. Nobody in particular: any one of the `team` (a role's name)."""

    kind: str
    text: str
    order: int | None = None
    customer: int | None = None
    assignee: str = ""
    team: str = ""
    due_at: datetime | None = None


def open_task(task: NewTask, at: datetime) -> int:
    """Opens a task, whatever else is open; its id."""
    live.changed("desk", "tasks")
    found = one(
        """INSERT INTO task (kind, text, order_id, customer_id, assignee, team, due_at, opened_at, closed_by)
           VALUES (%s, left(%s, 500), %s, %s, %s, %s, %s, %s, '') RETURNING id""",
        [task.kind, task.text, task.order, task.customer, task.assignee, task.team, task.due_at, at],
    )
    return int(found[0])


def assign(task_id: int, assignee: str, due_at: datetime | None) -> None:
    """Gives an open task to somebody (empty: to its team); by another instant than its own if one is named."""
    live.changed("desk", "tasks")
    run("UPDATE task SET assignee = %s, due_at = coalesce(%s, due_at) WHERE id = %s", [assignee, due_at, task_id])


def open_for_order(kind: str, order: int, text: str, at: datetime) -> None:
    """Opens a task about an order, unless one of its kind is open already."""
    run(
        """INSERT INTO task (kind, text, order_id, opened_at, closed_by)
           SELECT %s, left(%s, 500), %s, %s, ''
           WHERE NOT EXISTS (SELECT 1 FROM task WHERE kind = %s AND order_id = %s AND closed_at IS NULL)""",
        [kind, text, order, at, kind, order],
    )


def close_all(kind: str, at: datetime) -> int:
    """Closes the open tasks of a kind, settled by the software itself; how many."""
    return run("UPDATE task SET closed_at = %s, closed_by = '' WHERE kind = %s AND closed_at IS NULL", [at, kind])


def close_for_order(kind: str, order: int, at: datetime, actor: str) -> int:
    """Closes the open tasks of a kind about an order; how many."""
    return run(
        "UPDATE task SET closed_at = %s, closed_by = %s WHERE kind = %s AND order_id = %s AND closed_at IS NULL",
        [at, actor, kind, order],
    )
