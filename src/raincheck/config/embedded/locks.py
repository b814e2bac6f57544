"""File locks that the kernel gives back when their holder dies, however it dies."""

import fcntl
import os
from pathlib import Path


def open_lock(path: Path) -> int:
    """A descriptor to lock; made when missing, closed on exec."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool) -> bool:
    """Whether the lock was free (or held as shared by others only, when asked for as shared). Never waits."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """Give the lock back."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def held_by_another(path: Path) -> bool:
    """Whether some process holds the exclusive lock on `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)
