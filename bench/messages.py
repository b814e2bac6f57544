"""Events to sent messages on a real mail server, the worker killed (-9) again and again: none lost, none twice.

Each round queues some events, starts the worker, and kills it at a random moment while messages leave; every second
round it is killed at the worst one, as soon as the mail server has a message. Counted are what never arrived, what the
mail server got more than once, and what is left of that where a Message-ID counts once, as mail servers and programs
count. tests/jobs/test_killed.py runs some rounds, `make bench ONLY=messages` a hundred.
"""

import logging
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.outcome import Outcome
from raincheck.actions import catalogue
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.config.databases import default_database, throwaway_database
from raincheck.core.settings import Settings
from raincheck.jobs.worker import work
from raincheck.store.db import one, rows
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord

ROUNDS = 100
EVENTS_A_ROUND = 10
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Killed:
    """What came of it, in messages. `repeated_by_id`: what is left where a Message-ID counts once."""

    rounds: int
    kills: int
    events: int
    messages: int
    lost: int
    repeated: int
    repeated_at_worst_moments: int
    worst_moments: int
    repeated_by_id: int
    seconds: float


def bench() -> Outcome:
    """A hundred rounds."""
    logging.disable(logging.INFO)
    with throwaway_database() as name, default_database(name):
        found = kill_worker(ROUNDS, EVENTS_A_ROUND, random.Random(1))
    by_chance = found.repeated - found.repeated_at_worst_moments
    if found.lost or found.repeated_by_id:
        raise RuntimeError(f"messages were lost or came twice: {found}")
    return Outcome(
        {
            "events": f"{found.events:,} in {found.rounds} rounds, {found.seconds:.0f} s",
            "lost": f"{found.lost} of {found.messages:,} messages",
            "taken twice, killed at random": f"{by_chance} in {found.kills - found.worst_moments} kills",
            "taken twice, killed at the yes": f"{found.repeated_at_worst_moments} in {found.worst_moments} kills",
            "twice where a Message-ID counts once": f"{found.repeated_by_id}",
        }
    )


def kill_worker(rounds: int, events_a_round: int, chance: random.Random) -> Killed:
    """Plays rounds on the default database, which is empty."""
    _open_shop(rounds * events_a_round)
    started, kills, at_worst, repeated_at_worst = time.perf_counter(), 0, 0, 0
    with _mail_server() as taken:
        for number in range(rounds):
            for order in range(events_a_round):
                at = datetime.now(UTC)
                place_order(OrderRequest(f"O{number}-{order}", (AskedLine("lamp", 1),), "ann"), at)
            before, is_worst = len(_ids(taken)), number % 2 == 1
            enough = before + chance.randint(1, max(events_a_round - 1, 1))
            worker = _worker()
            _wait(lambda enough=enough: len(_ids(taken)) >= enough)  # type: ignore[misc]
            if not is_worst:
                time.sleep(chance.random() * 0.01)
            repeats = _repeats(taken)
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            kills += 1
            at_worst += is_worst
            _finish()
            repeated_at_worst += (_repeats(taken) - repeats) if is_worst else 0
        ids = _ids(taken)
        sent = {row[0] for row in rows("SELECT DISTINCT message_id FROM notice_delivery WHERE state = 'sent'")}
    (events,) = one("SELECT count(*) FROM notice")
    per_notice = Counter(notice for (notice,) in rows("SELECT notice_id FROM notice_delivery WHERE channel = 'email'"))
    return Killed(
        rounds,
        kills,
        events,
        len(sent),
        len(sent - set(ids)) + (events - len(per_notice)),
        len(ids) - len(set(ids)),
        repeated_at_worst,
        at_worst,
        len(set(ids) - sent) + sum(times - 1 for times in per_notice.values()),
        time.perf_counter() - started,
    )


def _finish() -> None:
    """Another worker sends what is left."""
    worker = _worker()
    _wait(lambda: not one("SELECT EXISTS (SELECT 1 FROM notice WHERE state = 'queued')")[0])
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


def _worker() -> int:
    """A real worker with all its threads, in a process of its own; its id."""
    connection.close()
    worker = os.fork()
    if worker:
        return worker
    try:
        work(datetime.now(UTC))
    finally:
        os._exit(0)


@contextmanager
def _mail_server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        taken.touch()
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "bench.smtp_sink", str(port), str(taken)], stdout=subprocess.PIPE
        )
        before = (settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DEFAULT_FROM_EMAIL)
        try:
            if server.stdout is None or server.stdout.readline() != b"ready\n":
                raise RuntimeError("the mail server did not start")
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
            settings.DEFAULT_FROM_EMAIL = "Field & Hearth <hello@shop.example>"
            yield taken
        finally:
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DEFAULT_FROM_EMAIL = before
            server.kill()
            server.wait()


def _open_shop(lamps: int) -> None:
    at = datetime.now(UTC)
    catalogue.save_settings(Settings(warehouse="manual"), name="Field & Hearth", at=at)
    catalogue.save_sites([SiteRecord("east", country="US")])
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com")])
    catalogue.save_products([ProductRecord("lamp", name="Camp lamp", price=Decimal("40.00"))], at=at)
    catalogue.set_stock("east", {"lamp": lamps}, at=at)


def _ids(taken: Path) -> list[str]:
    return taken.read_text().splitlines()


def _repeats(taken: Path) -> int:
    ids = _ids(taken)
    return len(ids) - len(set(ids))


def _wait(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        if time.monotonic() > until:
            raise RuntimeError("waited in vain for messages")
        time.sleep(0.0005)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
