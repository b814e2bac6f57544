"""Linux processes: who dies with whom, and what an earlier life left behind."""

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of the processes that a killed child leaves, so that they can be waited for."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec so that it gets `death_signal` when its parent dies, even by kill -9."""
    parent = os.getpid()

    def in_child() -> None:
        os.umask(0o077)
        _prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # It died before the call above.
            os._exit(1)

    return in_child


def server_processes(cluster: Path) -> list[int]:
    """The PostgreSQL processes that work in `cluster`: each has it as its current folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            at_home = (entry / "cwd").readlink() == cluster
            is_server = at_home and (entry / "comm").read_text().startswith("postgres")
        except OSError:
            continue  # It ended meanwhile, or belongs to somebody else.
        if is_server:
            found.append(int(entry.name))
    return found


def reap() -> dict[int, int]:
    """Exit codes by process id of the children that have ended since the last call."""
    ended = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
