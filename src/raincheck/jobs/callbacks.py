"""The local test processor calls back, as Stripe does by itself."""

from collections.abc import Callable
from typing import Final

from raincheck.gateways.processor_events import deliver_next

PAUSE_SECONDS: Final = 5.0


def call_back_all(is_stopping: Callable[[], bool]) -> None:
    """Calls back with all that is due, until the worker stops."""
    while not is_stopping() and deliver_next():
        pass


class Callbacks:
    """Calls back with what is due, step by step."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        self._is_stopping = is_stopping

    def step(self) -> float:
        """Calls back with all that is due; the seconds until the next look."""
        call_back_all(self._is_stopping)
        return PAUSE_SECONDS
