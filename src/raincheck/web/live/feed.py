"""One listening connection a process, and everybody who reads from it."""

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any, Final

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection

CHANNEL: Final = "raincheck_live"
RETRY_SECONDS: Final = 2.0
DJANGO_ONLY: Final = ("cursor_factory", "context", "prepare_threshold", "pool")

log = logging.getLogger(__name__)


class Reader:
    """One open stream: the topics it wants, and those that changed since it last looked.

    Changes collect in a set, so a slow reader costs no memory and gets each topic once.
    """

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self._changed: set[str] = set()
        self._woken = asyncio.Event()

    def tell(self, topics: set[str] | frozenset[str]) -> None:
        """Marks those of `topics` that this reader wants as changed."""
        wanted = self.topics & topics
        if wanted:
            self._changed |= wanted
            self._woken.set()

    async def changed(self, timeout_seconds: float) -> list[str]:
        """The topics that changed, sorted; empty when nothing did within the time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), timeout_seconds)
        self._woken.clear()
        changed, self._changed = sorted(self._changed), set()
        return changed


class Feed:
    """Listens while somebody reads. A lost connection is opened again, and then every reader is told that all of its
    topics may have changed, because what was sent meanwhile is gone."""

    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self._listener: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self.readers)

    def join(self, reader: Reader) -> None:
        """Starts telling this reader."""
        self.readers.add(reader)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen_for_ever())

    def leave(self, reader: Reader) -> None:
        """Stops telling this reader. The last one to leave ends the listening."""
        self.readers.discard(reader)
        if not self.readers and self._listener is not None:
            self._listener.cancel()
            self._listener = None

    def tell_all(self, payload: str) -> None:
        """Passes a notification on. One that is not ours is logged and dropped."""
        try:
            topics = set(map(str, json.loads(payload)["topics"]))
        except (ValueError, KeyError, TypeError):
            log.warning("a notification on %s could not be read: %.200s", CHANNEL, payload)
            return
        for reader in self.readers:
            reader.tell(topics)

    async def _listen_for_ever(self) -> None:
        is_first = True
        while True:
            try:
                await self._listen(is_first=is_first)
            except psycopg.Error as error:
                log.warning("live updates pause: %s", str(error).splitlines()[0] if str(error) else "connection lost")
            is_first = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self, *, is_first: bool) -> None:
        parameters = await _connection_parameters()
        async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            if not is_first:
                for reader in self.readers:
                    reader.tell(reader.topics)
            async for notification in listening.notifies():
                self.tell_all(notification.payload)


@sync_to_async
def _connection_parameters() -> dict[str, Any]:
    """Where Django's own connections go. Starts the embedded server if it is not running."""
    given = connection.get_connection_params()
    return {key: value for key, value in given.items() if key not in DJANGO_ONLY}
