"""Close a task: a person has settled what the software handed to them."""

from datetime import datetime

from django.db import transaction

from raincheck.core.errors import NotFound, Refused
from raincheck.store.locks import database_now
from raincheck.store.models import Task
from raincheck.store.outbox import Outbox


def close_task(task_id: int, at: datetime | None = None, actor: str = "") -> None:
    """Closes an open task, on record. Raises NotFound for one that does not exist, Refused for one closed already."""
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(id=task_id).first()
        if task is None:
            raise NotFound(f"task {task_id} does not exist")
        if task.closed_at is not None:
            raise Refused(f"this task was closed by {task.closed_by or 'the software'} already")
        outbox = Outbox(at or database_now(), "task_closed", f"task:{task_id}", actor, {"text": task.text})
        task.closed_at, task.closed_by = outbox.at, actor
        task.save(update_fields=["closed_at", "closed_by"])
        _ = outbox.fact
