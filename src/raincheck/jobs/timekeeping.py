"""Timers run as they fall due."""

from collections.abc import Callable

from raincheck.actions.keep_time import keep_days, run_due_now
from raincheck.jobs.repeat import POLL_SECONDS


class Timekeeping:
    """Runs what is due, step by step. `timers_run` counts."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        self.timers_run = 0
        self._is_stopping = is_stopping
        self._days_begin = False

    def step(self) -> float:
        """Runs what is due now; the seconds until the next look."""
        if not self._days_begin:
            keep_days()
            self._days_begin = True
        self.timers_run += run_due_now(self._is_stopping)
        return POLL_SECONDS
