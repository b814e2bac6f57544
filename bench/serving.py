"""The server under test: `raincheck serve` with its workers, on the benchmark's database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server answers, and its process."""

    address: str
    process: psutil.Process


@contextmanager
def serving(database: str, *, workers: int = 2) -> Iterator[Served]:
    """Runs the server until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "raincheck.cli.main", "serve", f"--port={port}", f"--workers={workers}"]
    with subprocess.Popen(command, env={**os.environ, "RAINCHECK_DATABASE": database}) as server:
        served = Served(f"http://127.0.0.1:{port}", psutil.Process(server.pid))
        try:
            _wait(served, server)
            yield served
        finally:
            server.terminate()


def _wait(served: Served, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{served.address}/healthz", timeout=30):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server ended with status {server.returncode}")
