"""Real workers, as processes of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Worker = subprocess.Popen[bytes]
# Long enough that only a fault lets it pass, on however busy a machine.
PATIENCE_SECONDS = 300.0


def start_worker(database: str, smtp_url: str = "") -> Worker:
    """`raincheck worker` on a database of the test server."""
    mail = {"RAINCHECK_SMTP_URL": smtp_url, "RAINCHECK_MAIL_FROM": "Field & Hearth <hello@shop.example>"}
    environment = {**os.environ, "RAINCHECK_DATABASE": database, **mail}
    return subprocess.Popen([sys.executable, "-m", "raincheck.cli.main", "worker"], env=environment)


@contextmanager
def working(database: str, smtp_url: str = "", workers: int = 1) -> Iterator[list[Worker]]:
    """Workers for the length of the block; whoever still runs at its end is killed."""
    started = [start_worker(database, smtp_url) for _ in range(workers)]
    try:
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def wait_until(happens: Callable[[], bool], what: str) -> None:
    """Waits for something that a worker does; fails loudly if it never comes."""
    patience_until = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < patience_until, f"waited in vain: {what}"
        time.sleep(0.02)
