"""What processes cost: CPU seconds of a process with all that descend from it, and their memory."""

import psutil

from bench.company import count


def database_server() -> psutil.Process | None:
    """PostgreSQL's first process, if the server runs on this machine where we can see it."""
    try:
        return psutil.Process(count("SELECT pg_backend_pid()")).parent()
    except psutil.NoSuchProcess:
        return None


def cpu_seconds(process: psutil.Process | None) -> float:
    """The CPU time that a process, its descendants, and those of them that have ended, used so far."""
    used = 0.0
    for one in family(process):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system + times.children_user + times.children_system
    return used


def pss_mb(process: psutil.Process | None) -> float:
    """Proportional memory of a process and its descendants: pages that several share are counted once in all."""
    held = 0
    for one in family(process):
        try:
            held += one.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return held / 2**20


def family(process: psutil.Process | None) -> list[psutil.Process]:
    """A process with all that descend from it."""
    if process is None:
        return []
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
