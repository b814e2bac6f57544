"""One kind of work, done again and again in a thread of its own until the worker stops."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import connection

from raincheck.store.outage import DATABASE_AWAY

# What falls due or is queued waits for this long at the most. Looking costs two small index scans a second.
POLL_SECONDS: Final = 1.0
FIRST_RETRY_SECONDS: Final = 1.0
LONGEST_RETRY_SECONDS: Final = 30.0

log = logging.getLogger(__name__)


def start(name: str, step: Callable[[], float], stopping: threading.Event) -> threading.Thread:
    """A running thread that calls `step` until `stopping`, with the pause (seconds) that each step asks for."""
    thread = threading.Thread(target=_repeat, args=(name, step, stopping), name=name, daemon=True)
    thread.start()
    return thread


def _repeat(name: str, step: Callable[[], float], stopping: threading.Event) -> None:
    """A lost database is waited for; a fault of ours is logged. Neither ends the thread."""
    failures = 0
    while not stopping.is_set():
        try:
            pause_seconds = step()
            if failures:
                log.info("%s: going on", name)
            failures = 0
        except DATABASE_AWAY as error:
            if not failures:
                log.warning("%s: waiting for the database: %s", name, " ".join(str(error).split()))
            failures += 1
            pause_seconds = _retry_seconds(failures)
            connection.close()
        except Exception:
            log.exception("%s: a fault; trying again", name)
            failures += 1
            pause_seconds = _retry_seconds(failures)
            connection.close()
        stopping.wait(pause_seconds)
    connection.close()


def _retry_seconds(failures: int) -> float:
    return min(FIRST_RETRY_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_RETRY_SECONDS)
