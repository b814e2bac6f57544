"""Run timers as they fall due by the database's clock: the worker's half of `run_timers`.

Several workers may do so side by side: whoever has the locks first takes the timer, the others find it gone.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import transaction

from raincheck.actions.run_timers import begin_days, run_timer
from raincheck.store.locks import database_now
from raincheck.store.outage import DATABASE_AWAY
from raincheck.store.timers import Due, TimerKind, has_timer, next_due, postpone

RETRY_MINUTES: Final = 1

log = logging.getLogger(__name__)


def run_due_now(is_stopping: Callable[[], bool]) -> int:
    """Runs what is due now, in order, until nothing is or the worker stops; how many.

    A timer that fails is logged and waits a minute, so that those behind it go on. Raises one of
    DATABASE_AWAY when it is.
    """
    done = 0
    while not is_stopping() and (timer := next_due(database_now())) is not None:
        _run(timer)
        done += 1
    return done


def _run(timer: Due) -> None:
    try:
        run_timer(timer, database_now())
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("timer %s of %s fails; it is tried again in a minute", timer.kind.name.lower(), timer.subject)
        with transaction.atomic():
            postpone(timer, database_now() + timedelta(minutes=RETRY_MINUTES))


def keep_days() -> None:
    """Sees to it that days begin: a company that was filled by imports alone has no timer for that yet."""
    with transaction.atomic():
        if not has_timer(TimerKind.DAY):
            begin_days(database_now())
