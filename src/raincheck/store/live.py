"""Tells open pages that something changed: after the commit, by a thread of its own, at most five times a second.

A NOTIFY inside a business transaction would make commits wait for each other, so a transaction only notes what it
touched; once it has committed, one background thread of the process gathers the notes and sends
`NOTIFY raincheck_live, '{"topics": ["desk", "order:1042", "product:12"]}'`.

Off until `turn_on`: drills, replays and tests tell nobody.
"""

import logging
import threading
import time
from collections.abc import Iterable
from typing import Final

import orjson
from django.db import connection, transaction

from raincheck.store.db import rows, run
from raincheck.store.outage import DATABASE_AWAY

CHANNEL: Final = "raincheck_live"
# Gathered before telling: an order placed the short way is noted by its transaction just before it commits.
GATHER_SECONDS: Final = 0.05
PAUSE_SECONDS: Final = 0.15
RETRY_SECONDS: Final = 2.0
# PostgreSQL takes payloads below 8,000 bytes.
PAYLOAD_BYTES: Final = 7000
# What any fact may show on: pages gather what they are told and fetch once.
EVERYWHERE: Final = ("desk", "queue", "receiving", "shipments", "purchase", "mailbox")

log = logging.getLogger(__name__)


class _Notes:
    """What has changed and was not told yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._any = threading.Event()
        self._topics: set[str] = set()
        self._orders: set[int] = set()

    def add(self, topics: Iterable[str], orders: Iterable[int]) -> None:
        with self._lock:
            self._topics.update(topics)
            self._orders.update(orders)
        self._any.set()

    def wait(self, gather_seconds: float = 0) -> tuple[set[str], set[int]]:
        self._any.wait()
        time.sleep(gather_seconds)
        with self._lock:
            self._any.clear()
            topics, orders = self._topics, self._orders
            self._topics, self._orders = set(), set()
        return topics, orders


_notes = _Notes()
_is_on = False


def turn_on() -> None:
    """From now on this process tells open pages what it changes. For servers and workers."""
    global _is_on  # noqa: PLW0603 - one switch a process
    if not _is_on:
        _is_on = True
        threading.Thread(target=_tell_for_ever, name="live", daemon=True).start()


def changed(*topics: str, orders: Iterable[int] = (), products: Iterable[int] = ()) -> None:
    """Notes what the running transaction touched; open pages hear of it once it has committed. Costs microseconds."""
    if not _is_on:
        return
    noted = [*topics, *(f"product:{product}" for product in products)]
    touched = list(orders)
    transaction.on_commit(lambda: _notes.add(noted, touched))


def _tell_for_ever() -> None:
    while True:
        topics, orders = _notes.wait(GATHER_SECONDS)
        try:
            _tell(topics, orders)
            time.sleep(PAUSE_SECONDS)
        except DATABASE_AWAY as error:
            log.info("live pages hear nothing for now: %s", " ".join(str(error).split()))
            _notes.add(topics, orders)
            connection.close()
            time.sleep(RETRY_SECONDS)


def _tell(topics: set[str], orders: set[int]) -> None:
    named = sorted(topics)
    if orders:
        found = rows("SELECT ref FROM sales_order WHERE id = ANY(%s) ORDER BY id", [sorted(orders)])
        named += [f"order:{ref}" for (ref,) in found]
    for payload in _payloads(named):
        run("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def _payloads(topics: list[str]) -> Iterable[str]:
    """The topics in as few notifications as they fit into."""
    part: list[str] = []
    part_bytes = 0
    for topic in topics:
        topic_bytes = len(orjson.dumps(topic)) + 1
        if part and part_bytes + topic_bytes > PAYLOAD_BYTES:
            yield orjson.dumps({"topics": part}).decode()
            part, part_bytes = [], 0
        part.append(topic)
        part_bytes += topic_bytes
    if part:
        yield orjson.dumps({"topics": part}).decode()
