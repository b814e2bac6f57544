"""The whole application on the embedded database: stopped or killed, nothing of it is left."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.config.embedded.conftest import Home, wait_until
from tests.serving import free_port, wait_until_answering

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


@dataclass
class App:
    """A server and where it answers."""

    process: "subprocess.Popen[bytes]"
    address: str


@pytest.fixture
def app(home: Home) -> Iterator[App]:
    """`raincheck serve` with two workers on the test's own database."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "RAINCHECK_DATABASE"}}
    with subprocess.Popen(
        [sys.executable, "-m", "raincheck.cli.main", "serve", f"--port={port}"],
        env={**environment, "RAINCHECK_DATA": str(home.folder)},
    ) as process:
        app = App(process, f"http://127.0.0.1:{port}")
        wait_until_answering(app.address, process)
        yield app
        process.kill()


def silent(address: str) -> bool:
    """Whether nothing answers there."""
    try:
        with urllib.request.urlopen(address, timeout=10):
            return False
    except urllib.error.HTTPError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_ends_cleanly(home: Home, app: App, how: signal.Signals) -> None:
    app.process.send_signal(how)
    assert app.process.wait() == 0
    home.expect_nothing_runs()


def test_a_killed_server_takes_its_workers_and_the_database_along(home: Home, app: App) -> None:
    app.process.kill()
    app.process.wait()
    wait_until(lambda: silent(app.address), "a worker still answers")
    home.expect_nothing_runs()


def test_a_killed_worker_is_replaced(home: Home, app: App) -> None:
    pid = app.process.pid
    for worker in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        os.kill(int(worker), signal.SIGKILL)
    wait_until(lambda: not silent(app.address), "no worker took over")
    app.process.terminate()
    app.process.wait()
