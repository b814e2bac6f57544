"""Card requests carried out as they come; cards that customers entered at the processor are fetched."""

from collections.abc import Callable

from raincheck.gateways.card_entry import CardPages, ask_after_next
from raincheck.gateways.card_work import carry_out_next
from raincheck.gateways.cards import CardGateway
from raincheck.jobs.repeat import POLL_SECONDS


class Payments:
    """Sends what is due to the card processor, step by step. `carried` counts."""

    def __init__(self, gateway: CardGateway, pages: CardPages | None, is_stopping: Callable[[], bool]) -> None:
        self.carried = 0
        self._gateway = gateway
        self._pages = pages
        self._is_stopping = is_stopping

    def step(self) -> float:
        """Carries out what is due now; the seconds until the next look."""
        while not self._is_stopping() and self._next():
            self.carried += 1
        return POLL_SECONDS

    def _next(self) -> bool:
        return carry_out_next(self._gateway) or (self._pages is not None and ask_after_next(self._pages))
