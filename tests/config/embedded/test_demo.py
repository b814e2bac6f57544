"""`make demo` after `make install`: one command shows the demo company, one key stops it, and it is there again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.config.embedded.conftest import Home, wait_until
from tests.config.embedded.test_app import silent
from tests.serving import free_port

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


@contextmanager
def demo(home: Home, port: int) -> Iterator["subprocess.Popen[str]"]:
    """`raincheck demo`, up to the line that says how to stop it."""
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "RAINCHECK_DATABASE"}}
    with subprocess.Popen(
        [sys.executable, "-m", "raincheck.cli.main", "demo", f"--port={port}"],
        env={**environment, "RAINCHECK_DATA": str(home.folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said_until_served(process: "subprocess.Popen[str]") -> str:
    """What it printed until the company can be looked at."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(f"the demo ended: {said}")


def test_it_shows_a_company_stops_cleanly_and_finds_it_again_even_after_a_kill(home: Home) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with demo(home, port) as first:
        said = said_until_served(first)
        assert address in said
        assert "password" in said
        assert not silent(address)
        first.send_signal(signal.SIGINT)
        assert first.wait() == 0
    home.expect_nothing_runs()
    assert silent(address)

    with demo(home, port) as second:
        assert "password" in said_until_served(second)
        client = home.client()
        assert int(client.run("SELECT count(*) FROM sales_order")) > 0
        client.leave()
        second.kill()
        second.wait()
    wait_until(lambda: silent(address), "a web worker is left behind")
    home.expect_nothing_runs()
