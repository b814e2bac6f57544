"""What a worker reports of itself: that it is alive, and that mail cannot leave."""

from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.store import heartbeats, live, tasks
from raincheck.store.locks import database_now

MAIL_TASK: Final = "mail"


def beat(worker: str, started_at: datetime, timers_run: int, notices_carried: int) -> None:
    """Says that a worker is there and what it has done so far."""
    with transaction.atomic():
        heartbeats.beat(worker, started_at, database_now(), timers_run, notices_carried)


def leave(worker: str) -> None:
    """A worker stops in good order."""
    with transaction.atomic():
        heartbeats.forget(worker)


def report_mail_away(reason: str) -> None:
    """Hands a mail server that takes nothing to a person, once."""
    with transaction.atomic():
        tasks.open_once(MAIL_TASK, f"No message leaves: the mail server says “{reason}”", database_now())
        live.changed("desk")


def report_mail_back() -> None:
    """Mail leaves again: nobody has to look any more."""
    with transaction.atomic():
        if tasks.close_all(MAIL_TASK, database_now()):
            live.changed("desk")
