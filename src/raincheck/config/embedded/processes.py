"""The server's processes: what an earlier life left behind, and which children have ended."""

import os
from pathlib import Path


def server_processes(cluster: Path) -> list[int]:
    """The PostgreSQL processes that work in `cluster`: each has it as its current folder."""
    home = cluster.resolve()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            at_home = (entry / "cwd").readlink() == home
            is_server = at_home and (entry / "comm").read_text().startswith("postgres")
        except OSError:
            continue  # It ended meanwhile, or belongs to somebody else.
        if is_server:
            found.append(int(entry.name))
    return found


def reap() -> dict[int, int]:
    """Exit codes by process id of the children that have ended since the last call."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)
