"""A real web server for tests that need one: live streams, a browser, many clients at once."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(database: str, *, workers: int = 1) -> Iterator[str]:
    """`raincheck serve` on a database of the test server, until the block ends; its address."""
    port = free_port()
    command = [sys.executable, "-m", "raincheck.cli.main", "serve", f"--port={port}", f"--workers={workers}"]
    with subprocess.Popen(command, env={**os.environ, "RAINCHECK_DATABASE": database}) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_answering(address, server)
            yield address
        finally:
            server.terminate()


def wait_until_answering(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers anything at all; fail when it ends before."""
    while True:
        if server.poll() is not None:
            raise AssertionError(f"the server ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=30):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
