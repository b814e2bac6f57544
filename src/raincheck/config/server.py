"""The web server: Granian with our RSGI application. Its parent process stays small; the workers load Django."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from raincheck.config.data_folder import data_folder
from raincheck.config.embedded import ensure_running

BACKLOG = 1024
STOP_SECONDS = 10
# Names the parent to the workers, which end with it however it ends (config.rsgi).
PARENT_VARIABLE = "RAINCHECK_SERVER_PROCESS"


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        """As a browser takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def serve(address: Address, workers: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way get `STOP_SECONDS` to end."""
    if not os.environ.get("DATABASE_URL"):
        ensure_running()
    # Without the collected files pages still work, from the package and uncompressed.
    subprocess.run([sys.executable, "-m", "raincheck.web.static_files"], check=False)
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty_metrics_folder(address))
    Server(
        "raincheck.config.rsgi:application",
        address=address.host,
        port=address.port,
        interface=Interfaces.RSGI,
        workers=workers,
        loop=Loops.uvloop,
        websockets=False,
        backlog=BACKLOG,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def _empty_metrics_folder(address: Address) -> Path:
    """Where the workers count together for /metrics; counts begin anew with each start."""
    folder = data_folder() / "metrics" / str(address.port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
