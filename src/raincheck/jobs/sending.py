"""Messages leave: the outbox is drained whenever something is queued."""

import logging
import time
from collections.abc import Callable
from typing import Final

from raincheck.actions.report_work import report_mail_away, report_mail_back
from raincheck.actions.void_options import void_missed_options
from raincheck.gateways.mail import MailGateway, MailServerAway
from raincheck.gateways.sms import TextGateway
from raincheck.jobs.repeat import POLL_SECONDS
from raincheck.notices.outbox import drain, drain_texts

LONGEST_PAUSE_SECONDS: Final = 300.0
# A mail server that restarts is nobody's business; one that stays away is somebody's.
REPORT_AFTER_SECONDS: Final = 600.0
VOID_EVERY_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


class Voiding:
    """Looks now and then, also while nothing can leave, which options of a channel can leave in time no more."""

    def __init__(self, channel: str, gateway: MailGateway | TextGateway) -> None:
        self._channel = channel
        self._gateway = gateway
        self._looks_at = 0.0

    def step(self) -> None:
        """Voids them, if it is time to look. Where no server is set up nothing waits: it is kept at once."""
        now = time.monotonic()
        if self._gateway.leaves and now >= self._looks_at:
            void_missed_options(self._channel)
            self._looks_at = now + VOID_EVERY_SECONDS


class Sending:
    """Drains the outbox, step by step, and waits where the mail server is away. `carried` counts its messages."""

    def __init__(self, gateway: MailGateway, is_stopping: Callable[[], bool]) -> None:
        self.carried = 0
        self._gateway = gateway
        self._is_stopping = is_stopping
        self._away_since: float | None = None
        self._pause_seconds = POLL_SECONDS
        self._may_be_reported = True
        self._voiding = Voiding("email", gateway)

    def step(self) -> float:
        """Sends what is queued; the seconds until the next look."""
        self._voiding.step()
        try:
            carried = drain(self._gateway, is_stopping=self._is_stopping)
        except MailServerAway as failure:
            self._wait(str(failure))
            return self._pause_seconds
        self.carried += carried.total()
        if carried["sent"] or carried["kept"]:
            self._go_on()
        return POLL_SECONDS

    def _wait(self, reason: str) -> None:
        now = time.monotonic()
        if self._away_since is None:
            self._away_since = now
            log.warning("messages wait for the mail server: %s", reason)
        self._pause_seconds = min(self._pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        if now - self._away_since >= REPORT_AFTER_SECONDS:
            report_mail_away(reason)
            self._may_be_reported = True

    def _go_on(self) -> None:
        """Mail leaves. A report may also stem from a worker that is no more, so the first success looks for one."""
        if self._away_since is not None:
            log.info("messages leave again")
        if self._may_be_reported:
            report_mail_back()
        self._away_since, self._pause_seconds, self._may_be_reported = None, POLL_SECONDS, False


class Texting:
    """Sends short texts, step by step. `carried` counts them."""

    def __init__(self, gateway: TextGateway, is_stopping: Callable[[], bool]) -> None:
        self.carried = 0
        self._gateway = gateway
        self._is_stopping = is_stopping
        self._voiding = Voiding("sms", gateway)

    def step(self) -> float:
        """Sends what is queued; the seconds until the next look."""
        self._voiding.step()
        self.carried += drain_texts(self._gateway, is_stopping=self._is_stopping).total()
        return POLL_SECONDS
