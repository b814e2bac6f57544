"""Events go to other programs: each endpoint in a thread of its own, so that a slow one holds up nobody."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import connection

from raincheck.actions.deliver_webhook import Answer, deliver_next, waiting_endpoints
from raincheck.actions.webhooks import forget_old_deliveries, seal_secrets_anew
from raincheck.gateways.webhook import Forbidden, NotReached, post, signed_headers
from raincheck.jobs.repeat import POLL_SECONDS
from raincheck.store.outage import DATABASE_AWAY
from raincheck.store.webhook_queue import Due

MOST_AT_ONCE: Final = 8
HOUSE_SECONDS: Final = 3600.0

log = logging.getLogger(__name__)


class Webhooks:
    """Delivers what is queued, step by step, to `MOST_AT_ONCE` endpoints at a time."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        self._is_stopping = is_stopping
        self._busy: dict[int, threading.Thread] = {}
        self._kept_house_at: float | None = None

    def step(self) -> float:
        """Sees to it that each endpoint with something to be told is being told; the seconds until the next look."""
        self._keep_house()
        self._busy = {endpoint: thread for endpoint, thread in self._busy.items() if thread.is_alive()}
        for endpoint in waiting_endpoints():
            if endpoint not in self._busy and len(self._busy) < MOST_AT_ONCE:
                thread = threading.Thread(target=self._tell, args=(endpoint,), name=f"webhook {endpoint}", daemon=True)
                self._busy[endpoint] = thread
                thread.start()
        return POLL_SECONDS

    def _keep_house(self) -> None:
        """Once as it starts, then every hour."""
        now = time.monotonic()
        if self._kept_house_at is None or now - self._kept_house_at >= HOUSE_SECONDS:
            keep_house()
            self._kept_house_at = now

    def _tell(self, endpoint: int) -> None:
        try:
            deliver_all(endpoint, is_stopping=self._is_stopping)
        except DATABASE_AWAY as error:
            log.info("webhook endpoint %s waits for the database: %s", endpoint, " ".join(str(error).split()))
        except Exception:
            log.exception("webhook endpoint %s: a fault; trying again", endpoint)
        finally:
            connection.close()


def keep_house() -> None:
    """Seals secrets with the key of today, and forgets deliveries of long ago."""
    sealed, lost = seal_secrets_anew()
    if sealed:
        log.info("%s secrets of webhook endpoints are sealed with the key of today", sealed)
    for endpoint in lost:
        log.error(
            "webhook endpoint %s: its secret was sealed with a key that this installation does not have", endpoint
        )
    if forgotten := forget_old_deliveries():
        log.info("%s webhook deliveries of long ago are forgotten", forgotten)


def tell_all() -> None:
    """Delivers to every endpoint what it may be told now, one endpoint after the other."""
    keep_house()
    for endpoint in waiting_endpoints():
        deliver_all(endpoint)


def deliver_all(endpoint: int, at: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Delivers what an endpoint may be told now; how many events it took."""
    taken = 0
    while not is_stopping() and (outcome := deliver_next(endpoint, _post, at)) is not None:
        taken += outcome == "delivered"
    return taken


def _post(due: Due, body: str, at: datetime) -> Answer:
    if not due.secrets:
        return Answer(False, None, "its secret was sealed with another key of this installation: make a new secret")
    try:
        reply = post(due.url, body.encode(), signed_headers(due.webhook_id, at, body, due.secrets))
    except Forbidden as refusal:
        return Answer(False, None, str(refusal))
    except NotReached as failure:
        return Answer(False, None, str(failure))
    return Answer(reply.is_yes, reply.status, reply.text)
