"""Close a task: a person has settled what the software handed to them."""

from datetime import datetime

from django.db import transaction

from raincheck.core.errors import NotFound, Refused
from raincheck.store import tasks
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox


def close_task(task_id: int, at: datetime | None = None, actor: str = "") -> None:
    """Closes an open task, on record. Raises NotFound for one that does not exist, Refused for one closed already."""
    with transaction.atomic():
        text = text_of_open_task(task_id)
        outbox = Outbox(at or database_now(), "task_closed", f"task:{task_id}", actor, {"text": text})
        tasks.close(task_id, outbox.at, actor)
        _ = outbox.fact


def text_of_open_task(task_id: int) -> str:
    """What an open task asks for; nobody closes it until the transaction ends. Raises NotFound, Refused once closed."""
    found = tasks.task_state(task_id)
    if found is None:
        raise NotFound(f"task {task_id} does not exist")
    text, closed_by = found
    if closed_by is not None:
        raise Refused(f"this task was closed by {closed_by or 'the software'} already")
    return text
