"""Hears which products changed, from the notifications that open pages live on (`store.live`).

What is lost (no notification is sent by a command on the command line, a connection breaks) is not known here: whoever
listens also looks at everything by and by.
"""

import logging
from typing import Any, Final

import orjson
import psycopg
from django.db import connection

from raincheck.store.live import CHANNEL

DJANGO_ONLY: Final = ("cursor_factory", "context", "prepare_threshold", "pool")

log = logging.getLogger(__name__)


class ProductListener:
    """One listening connection; opened at the first `take`, and again after it broke. For one thread."""

    def __init__(self) -> None:
        self._session: psycopg.Connection[Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it listens now."""
        return self._session is not None

    def take(self) -> set[int]:
        """The products that changed since the last call, by id."""
        try:
            if self._session is None:
                self._session = self._listen()
            found: set[int] = set()
            for notification in self._session.notifies(timeout=0):
                found |= _products(notification.payload)
        except psycopg.Error as error:
            log.info("shops hear later of what changed: %s", " ".join(str(error).split()))
            self.close()
            return set()
        return found

    def close(self) -> None:
        """Listens no more."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _listen(self) -> psycopg.Connection[Any]:
        given = {name: value for name, value in connection.get_connection_params().items() if name not in DJANGO_ONLY}
        session = psycopg.Connection.connect(**given, autocommit=True)
        session.execute(f"LISTEN {CHANNEL}".encode())
        return session


def _products(payload: str) -> set[int]:
    """The products that a notification names; none for one that is not ours."""
    try:
        topics = [str(topic) for topic in orjson.loads(payload)["topics"]]
    except (ValueError, KeyError, TypeError):
        return set()
    named = (topic.removeprefix("product:") for topic in topics if topic.startswith("product:"))
    return {int(id_) for id_ in named if id_.isascii() and id_.isdigit()}
