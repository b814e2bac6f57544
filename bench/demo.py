"""Cold `make demo` of a clean checkout, with what pip and uv have fetched before: time to a page, memory when idle."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from bench.outcome import Goal, Outcome
from bench.processes import cpu_seconds, pss_mb

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 60
MOST_MB = 600
IDLE_SECONDS = 20
GIVE_UP_SECONDS = 600


def bench() -> Outcome:
    """Seconds until the sign-in page is served, and the memory of all its processes some time later."""
    port = 8000
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return Outcome(skipped=f"something listens on port {port} already")
    folder = Path(tempfile.mkdtemp(prefix="raincheck-demo-"))
    folder.chmod(0o755)
    try:
        checkout = folder / "raincheck"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
        seconds, cpu, megabytes = _demo(checkout, port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if megabytes > MOST_MB:
        raise RuntimeError(f"the idle demo holds {megabytes:,.0f} MB; {MOST_MB} is the most")
    return Outcome(
        {
            "to a served page": f"{seconds:.0f} s (at most {MOST_SECONDS})",
            "CPU until then": f"{cpu:.0f} s",
            "memory when idle": f"{megabytes:,.0f} MB (at most {MOST_MB})",
        },
        seconds / MOST_SECONDS,
        Goal(1.0, at_most=True),
    )


def _demo(checkout: Path, port: int) -> tuple[float, float, float]:
    ours = {"RAINCHECK_DATA", "RAINCHECK_DATABASE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    started = time.perf_counter()
    with subprocess.Popen(
        ["make", "demo"], cwd=checkout, env=environment, stdout=subprocess.DEVNULL, process_group=0
    ) as make:
        try:
            while not _is_served(port):
                if make.poll() is not None or time.perf_counter() - started > GIVE_UP_SECONDS:
                    raise RuntimeError(f"make demo ended with status {make.returncode} and served nothing")
                time.sleep(0.1)
            seconds = time.perf_counter() - started
            cpu = cpu_seconds(psutil.Process(make.pid)) + cpu_seconds(_supervisor(checkout))
            time.sleep(IDLE_SECONDS)
            megabytes = pss_mb(psutil.Process(make.pid)) + pss_mb(_supervisor(checkout))
        finally:
            os.killpg(make.pid, signal.SIGINT)
            make.wait(60)
    return seconds, cpu, megabytes


def _is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _supervisor(checkout: Path) -> psutil.Process | None:
    """The process that holds the checkout's database: it descends from no one, the server from it."""
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if "raincheck.config.embedded.supervisor" in line and any(str(checkout) in part for part in line):
            return process
    return None
