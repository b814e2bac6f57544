"""Linux processes: who ends with whom."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of the processes that a killed child leaves, so that they can be waited for."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec so that it gets `death_signal` when its parent dies, even by kill -9.

    Linux counts the parent's thread: call it, and start the child, from a thread that lives as long as the process.
    """
    parent = os.getpid()

    def in_child() -> None:
        os.umask(0o077)
        die_with(parent, death_signal)

    return in_child


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Have this process get `death_signal` when its parent, process `parent`, dies; end at once if it has."""
    _prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
