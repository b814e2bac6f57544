"""The Lab's runs: each in a process of its own, which may take long, be killed, and never holds up anything else.

The process is `raincheck drill` or `raincheck optimum`, the same that a planner starts at a terminal; it goes to the
same server, and a drill moves on at once to a throw-away database (docs/adr/0005-worker.md).
"""

import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson

from raincheck.actions.run_lab import end_run, fail_run, put_run_back, say_how_far, take_run
from raincheck.jobs.repeat import POLL_SECONDS
from raincheck.store.reads.lab import LabTask

LONGEST_SECONDS: Final = 600.0
OPTIMUM_SECONDS: Final = 60
LARGEST_RESULT_BYTES: Final = 20_000_000
LOOK_SECONDS: Final = 0.25
SAY_SECONDS: Final = 1.0
TAIL_BYTES: Final = 64_000

_PROGRESS: Final = re.compile(r"(\d+)/(\d+)")

log = logging.getLogger(__name__)


class Laboratory:
    """Runs what the Lab was asked, one after the other."""

    def __init__(self, is_stopping: Callable[[], bool], longest_seconds: float = LONGEST_SECONDS) -> None:
        self.runs_done = 0
        self._is_stopping = is_stopping
        self._longest_seconds = longest_seconds

    def step(self) -> float:
        """Does the oldest run that waits; the seconds until the next look."""
        task = take_run()
        if task is None:
            return POLL_SECONDS
        with tempfile.TemporaryDirectory(prefix="raincheck-lab-") as folder:
            self._do(task, Path(folder))
        self.runs_done += 1
        return 0.0

    def _do(self, task: LabTask, folder: Path) -> None:
        command = _command(task, folder)
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # noqa: S603 - ours
            try:
                why_stopped = self._watch(task, process, folder / "err")
            finally:
                process.kill()
                process.wait()
        if why_stopped == "stopping":
            put_run_back(task)
        elif why_stopped:
            fail_run(task, why_stopped)
        else:
            _conclude(task, process.returncode, folder)

    def _watch(self, task: LabTask, process: "subprocess.Popen[bytes]", err: Path) -> str:
        """Waits for the end; why it did not come by itself, or nothing."""
        began, said_at = time.monotonic(), 0.0
        while process.poll() is None:
            now = time.monotonic()
            if self._is_stopping():
                return "stopping"
            if now - began > self._longest_seconds:
                return f"It took longer than {self._longest_seconds:.0f} seconds and was stopped."
            if now - said_at > SAY_SECONDS:
                steps = _PROGRESS.findall(_tail(err))
                say_how_far(task, *(map(int, steps[-1]) if steps else (0, 0)))
                said_at = now
            time.sleep(LOOK_SECONDS)
        return ""


def _command(task: LabTask, folder: Path) -> list[str]:
    raincheck = [sys.executable, "-m", "raincheck.cli.main"]
    if task.kind == "optimum":
        limit = ["--time-limit", str(OPTIMUM_SECONDS), "--format", "json"]
        return [*raincheck, "optimum", f"--product={task.sku}", *limit]
    drill, variants = folder / "drill.yaml", folder / "variants.yaml"
    drill.write_text(task.drill, encoding="utf-8")
    variants.write_text(task.variants, encoding="utf-8")
    from_live = ["--from-live"] if task.from_live else []
    return [*raincheck, "drill", str(drill), "--variants", str(variants), "--json", "--progress", *from_live]


def _conclude(task: LabTask, status: int, folder: Path) -> None:
    """What the process said: a document (status 0, or 1 where the answer is no), or why there is none."""
    out = folder / "out"
    if status in (0, 1) and out.stat().st_size > LARGEST_RESULT_BYTES:
        fail_run(task, "The result is too large for a page: run it with raincheck drill --compare --json.")
    elif status in (0, 1) and out.stat().st_size:
        end_run(task, orjson.loads(out.read_bytes()))
    else:
        lines = [line for line in _tail(folder / "err").splitlines() if not _PROGRESS.fullmatch(line)]
        log.info("lab run %s ended with status %s", task.id, status)
        if status not in (1, 2):
            lines = [f"It ended unexpectedly (status {status}): {lines[-1] if lines else 'it said nothing'}"]
        fail_run(task, "\n".join(lines).replace(f"{folder}{os.sep}", ""))


def _tail(file: Path) -> str:
    """The end of what was written to a file so far."""
    with file.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - TAIL_BYTES))
        return stream.read().decode("utf-8", "replace")
