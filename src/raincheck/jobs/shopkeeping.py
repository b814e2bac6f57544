"""Shops and shoppers hear of what changed: availability by webhook, "it is back" by mail.

Products that a server or worker changed are looked at within a second; every other one in its turn, since dates also
move with the days and by commands that notify nobody.
"""

import logging
from collections.abc import Callable
from typing import Final

from raincheck.actions.carry_interest import carry_next
from raincheck.actions.say_availability import say_availability, shops_listen, tell_interested
from raincheck.gateways.mail import MailGateway, MailServerAway
from raincheck.jobs.repeat import POLL_SECONDS
from raincheck.notices.interest import InterestCarrier, word
from raincheck.store.interest import next_waited_for
from raincheck.store.live_listener import ProductListener
from raincheck.store.said import next_products

IN_TURN: Final = 200
"""So many products are looked at in their turn each second: some milliseconds; 100,000 of them in some minutes."""
AWAY_SECONDS: Final = 30.0

log = logging.getLogger(__name__)


class Shopkeeping:
    """Looks, says, sends, step by step."""

    def __init__(self, gateway: MailGateway, is_stopping: Callable[[], bool]) -> None:
        self._carrier = InterestCarrier(gateway)
        self._is_stopping = is_stopping
        self._listener = ProductListener()
        self._again: set[int] = set()
        self._turn = 0
        self._waited_turn = 0

    def step(self) -> float:
        """Says what changed since the last step; the seconds until the next one."""
        changed = self._listener.take() | self._again
        self._again = set()
        if shops_listen():
            _, self._again = say_availability(changed | set(self._next()))
        tell_interested(changed | set(self._next_waited_for()))
        return self._send()

    def _send(self) -> float:
        try:
            while not self._is_stopping() and carry_next(word, self._carrier.send) is not None:
                pass
        except MailServerAway as error:
            log.info("mails to those who wait for a product stay for now: %s", error)
            return AWAY_SECONDS
        finally:
            self._carrier.close()
        return POLL_SECONDS

    def _next(self) -> list[int]:
        found = next_products(self._turn, IN_TURN)
        self._turn = found[-1] if len(found) == IN_TURN else 0
        return found

    def _next_waited_for(self) -> list[int]:
        found = next_waited_for(self._waited_turn, IN_TURN)
        self._waited_turn = found[-1] if len(found) == IN_TURN else 0
        return found


def keep_shop_once(gateway: MailGateway) -> None:
    """Looks at every product once, says what changed and sends what is queued. For cron and for tests."""
    after = 0
    is_heard = shops_listen()
    while found := next_products(after, IN_TURN):
        if is_heard:
            say_availability(found)
        tell_interested(found)
        after = found[-1]
    carrier = InterestCarrier(gateway)
    try:
        while carry_next(word, carrier.send) is not None:
            pass
    finally:
        carrier.close()
