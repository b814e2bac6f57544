"""Joining the embedded server from any process: the first comer starts it, the others attach."""

import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from raincheck.config.data_folder import data_folder
from raincheck.config.embedded.cluster import DATABASE, FULL_DISK, USER
from raincheck.config.embedded.locks import held_by_another, open_lock, try_lock
from raincheck.config.embedded.places import Places, places_in
from raincheck.config.embedded.supervisor import LOCKED_BY_ANOTHER
from raincheck.core.errors import RaincheckError

STARTS_TRIED = 3
LEAST_FREE_BYTES = 1024 * 1024
FIRST_NEWS_SECONDS = 3.0
NEWS_SECONDS = 5.0
NEWS = {
    "recovering": "The embedded database recovers from an unclean stop; nothing is lost",
    "starting": "The embedded database is starting",
    "stopping": "The embedded database is stopping, then starts again",
}


class EmbeddedDatabaseError(RaincheckError):
    """The embedded server cannot run; the message is one plain line that names the way out."""


@dataclass(frozen=True)
class Server:
    """How to connect to the running server."""

    socket_folder: Path
    user: str
    password: str = field(repr=False)
    database: str = DATABASE


@dataclass(frozen=True)
class _Attachment:
    server: Server
    places: Places
    lease: int
    life: tuple[int, int]


_attaching = threading.Lock()
_attachments: dict[Path, _Attachment] = {}


def ensure_running(folder: Path | None = None, *, after_failure: bool = False) -> Server:
    """The server of `folder` (the data folder when None), running and ready.

    Starts it if need be, however the last life ended, and holds it for as long as this process lives. Waits without
    limit while it recovers, saying so on standard error. Cheap (three system calls) once attached; `after_failure`
    of a connection it looks again whether the server answers.
    Raises EmbeddedDatabaseError when it cannot run: a full disk, a folder of somebody else's.
    """
    places = places_in(folder or data_folder())
    with _attaching:
        attached = _attachments.get(places.folder)
        alive = attached and held_by_another(places.supervisor_lock) and attached.life == _life(places)
        if attached and alive and not after_failure:
            return attached.server
        try:
            lease = attached.lease if attached else _take_lease(places)
            server, life = _join(places)
        except PermissionError as error:
            raise EmbeddedDatabaseError(
                f"{error.filename or places.folder} belongs to another user: run as that user, "
                f"or set RAINCHECK_DATA to a folder of your own."
            ) from error
        except OSError as error:
            raise EmbeddedDatabaseError(f"The embedded database cannot start: {error}.") from error
        _attachments[places.folder] = _Attachment(server, places, lease, life)
        return server


def _take_lease(places: Places) -> int:
    _make_folders(places)
    lease = open_lock(places.lease)
    news = _News()
    while not try_lock(lease, shared=True):  # Only a supervisor that is about to end holds it for longer.
        news.wait("stopping")
    return lease


def _make_folders(places: Places) -> None:
    # Root's server runs as another user, which must be able to pass through, not to look.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for folder in (places.folder.parent, places.folder):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        elif folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode & 0o7777 | mode)


def _join(places: Places) -> tuple[Server, tuple[int, int]]:
    news = _News()
    for _ in range(STARTS_TRIED):
        if not held_by_another(places.supervisor_lock):
            _start_supervisor(places)
        word = ""
        while held_by_another(places.supervisor_lock):
            word, life = _state(places)[0], _life(places)
            if word == "ready" and (server := _answering(places)):
                return server, life
            news.wait(word)
        word, text = _state(places)
        if word == "failed":
            raise EmbeddedDatabaseError(text)
    if shutil.disk_usage(places.folder).free < LEAST_FREE_BYTES:  # Not even a word about it could be written.
        raise EmbeddedDatabaseError(FULL_DISK)
    raise EmbeddedDatabaseError(f"The embedded database ended {STARTS_TRIED} times while starting: see {places.log}.")


def _start_supervisor(places: Places) -> None:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "raincheck.config.embedded.supervisor", str(places.folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if done.returncode not in {0, LOCKED_BY_ANOTHER}:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise EmbeddedDatabaseError(f"The embedded database cannot start: {last}")


def _answering(places: Places) -> Server | None:
    import psycopg  # Here, because the supervisor loads this package too and stays small without it.

    password = places.password.read_text(encoding="ascii").strip()
    server = Server(places.socket_folder, USER, password)
    try:
        psycopg.connect(host=str(server.socket_folder), user=USER, password=password, dbname="postgres").close()
    except psycopg.OperationalError:
        return None  # It ended between the two looks, or every connection is taken.
    return server


def _state(places: Places) -> tuple[str, str]:
    try:
        word, _, text = places.state.read_text(encoding="utf-8").partition("\n")
    except FileNotFoundError:
        return "starting", ""
    return word, text.strip()


def _life(places: Places) -> tuple[int, int]:
    """Changes whenever a supervisor says something new."""
    try:
        status = places.state.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_mtime_ns


class _News:
    """Waits in small steps and tells a person, now and then, what for."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.next_at = self.begun + FIRST_NEWS_SECONDS

    def wait(self, word: str) -> None:
        time.sleep(0.03)
        now = time.monotonic()
        if now >= self.next_at and word in NEWS:
            self.next_at = now + NEWS_SECONDS
            sys.stderr.write(f"{NEWS[word]} ({now - self.begun:.0f} s so far).\n")
