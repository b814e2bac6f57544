"""Card requests carried out as they come."""

from collections.abc import Callable

from raincheck.gateways.card_work import carry_out_next
from raincheck.gateways.cards import CardGateway
from raincheck.jobs.repeat import POLL_SECONDS


class Payments:
    """Sends what is due to the card processor, step by step. `carried` counts."""

    def __init__(self, gateway: CardGateway, is_stopping: Callable[[], bool]) -> None:
        self.carried = 0
        self._gateway = gateway
        self._is_stopping = is_stopping

    def step(self) -> float:
        """Carries out what is due now; the seconds until the next look."""
        while not self._is_stopping() and carry_out_next(self._gateway):
            self.carried += 1
        return POLL_SECONDS
