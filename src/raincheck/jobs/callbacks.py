"""The local test processor calls back, as Stripe does by itself."""

from collections.abc import Callable
from typing import Final

from raincheck.gateways.processor_events import deliver_next

PAUSE_SECONDS: Final = 5.0


class Callbacks:
    """Calls back with what is due, step by step."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        self._is_stopping = is_stopping

    def step(self) -> float:
        """Calls back with all that is due; the seconds until the next look."""
        while not self._is_stopping() and deliver_next():
            pass
        return PAUSE_SECONDS
