"""The process that holds the server: it lives while any client holds a lease, and the server never outlives it.

Started as `python -m raincheck.config.embedded.supervisor FOLDER` by the first client. It returns at once, with
the lock taken by a child in the background: status 0, or 3 when another supervisor has the lock.

- No lease for `LINGER_SECONDS`: it stops the server and ends. It does so holding the lease file's exclusive lock,
  so a newcomer waits for the end and then starts a supervisor of its own.
- It is killed: the kernel sends the server the signal for a fast stop.
- The server is killed: it waits until the last of the server's processes is gone, then ends; the next client that
  connects starts both anew.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from raincheck.config.data_folder import reachable
from raincheck.config.embedded.binaries import Binaries, binaries_for
from raincheck.config.embedded.cluster import ClusterError, environment, explained, needs_recovery, prepare
from raincheck.config.embedded.locks import open_lock, try_lock, unlock
from raincheck.config.embedded.places import Places
from raincheck.config.embedded.processes import reap, server_processes
from raincheck.config.processes import adopt_orphans, dies_with_parent
from raincheck.config.server_account import Account, server_account

LOCKED_BY_ANOTHER = 3
LINGER_SECONDS = 3.0
LOOK_SECONDS = 0.5
# How long what is left of an earlier life may take to end by itself, before each harder signal: a server that stops
# still writes what it has in memory; processes whose server is dead have nothing to save.
PATIENCE_SECONDS = 20.0
ORPHAN_PATIENCE_SECONDS = 1.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024
WATCHED = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM}


class Supervisor:
    """One life of one server."""

    def __init__(self, places: Places, lease: int) -> None:
        self.places = places
        self.lease = lease
        self.account: Account | None = server_account(places.folder.parent)

    def run(self) -> None:
        """Start the server, hold it, stop it. What goes wrong is left in the state file as one plain line."""
        adopt_orphans()
        try:
            self._tell("starting")
            binaries = self._make_ready()
            self._hold(binaries)
            self._remove_socket_folder()
            self._tell("stopped")
        except ClusterError as error:
            self._tell("failed", str(error))
        except OSError as error:
            self._tell("failed", f"The embedded database cannot start: {error}.")

    def _make_ready(self) -> Binaries:
        if self.account is not None and not reachable(self.places.cluster, self.account):
            raise ClusterError(
                f"PostgreSQL runs as {self.account.name}, which may not enter {self.places.folder}: "
                f"set RAINCHECK_DATA to a folder that everybody may pass through, such as /var/lib/raincheck/data."
            )
        end_earlier_life(self.places.cluster)
        binaries = binaries_for(self.account)
        self._make_socket_folder()
        prepare(self.places, binaries, self.account)
        self._remove_marks_of_earlier_life()
        if needs_recovery(self.places, binaries):
            self._tell("recovering")
        return binaries

    def _remove_marks_of_earlier_life(self) -> None:
        """No process of this cluster is left, so these name only the dead, or a stranger with an old process id."""
        (self.places.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.places.socket_folder.glob(".s.PGSQL.*"):
            left.unlink()

    def _remove_socket_folder(self) -> None:
        """Leave nothing in /tmp, where the folder of a long path lies."""
        if self.places.socket_folder.parent != self.places.folder:
            shutil.rmtree(self.places.socket_folder)

    def _make_socket_folder(self) -> None:
        folder = self.places.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = os.geteuid() if self.account is None else self.account.uid
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), owner}:
            raise ClusterError(
                f"{folder} belongs to somebody else: set RAINCHECK_DATA to a folder with a shorter path."
            )
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _hold(self, binaries: Binaries) -> None:
        logged_bytes = self.places.log.stat().st_size
        server = self._start(binaries)
        signal_to_stop = signal.SIGINT  # PostgreSQL's fast stop: open transactions are rolled back, all is flushed.
        idle_since: float | None = None
        stopping = told_ready = False
        while server.pid not in (ended := reap()):
            received = signal.sigtimedwait(WATCHED, 0.05 if not told_ready else LOOK_SECONDS)
            if not told_ready and not stopping and self._is_ready():
                self._tell("ready")
                told_ready = True
            idle_since = self._idle_since(idle_since, stopping=stopping)
            asked = received is not None and received.si_signo != signal.SIGCHLD
            unused = idle_since is not None and time.monotonic() - idle_since >= LINGER_SECONDS
            if not stopping and (asked or (unused and try_lock(self.lease, shared=False))):
                stopping = True
                self._tell("stopping")
                os.kill(server.pid, signal_to_stop)
        end_earlier_life(self.places.cluster)
        if not stopping and not told_ready and ended[server.pid] >= 0:
            raise ClusterError(explained(self._log_since(logged_bytes), "postgres"))

    def _idle_since(self, before: float | None, *, stopping: bool) -> float | None:
        """The instant from which on nobody held a lease; None while somebody does."""
        if stopping or not try_lock(self.lease, shared=False):
            return None
        unlock(self.lease)
        return time.monotonic() if before is None else before

    def _start(self, binaries: Binaries) -> "subprocess.Popen[bytes]":
        account = self.account
        with self.places.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program and paths
                [binaries.program("postgres"), "-D", str(self.places.cluster)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509 - this process has one thread
                user=None if account is None else account.uid,
                group=None if account is None else account.gid,
                extra_groups=None if account is None else [],
            )

    def _is_ready(self) -> bool:
        try:
            lines = (self.places.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _log_since(self, logged_bytes: int) -> str:
        with self.places.log.open("rb") as log:
            log.seek(logged_bytes)
            return log.read(100_000).decode("utf-8", "replace")

    def _tell(self, word: str, text: str = "") -> None:
        draft = self.places.state.with_name("state.new")
        try:
            draft.write_text(f"{word}\n{text}\n", encoding="utf-8")
            draft.replace(self.places.state)
        except OSError as error:  # A full disk must not end the server that may still finish its work.
            sys.stderr.write(f"cannot write {self.places.state}: {error}\n")


def end_earlier_life(cluster: Path) -> None:
    """Wait for the server processes that a killed supervisor or postmaster left in `cluster`, then end the rest.

    They end by themselves as soon as they notice; only one that does not is sent a signal.
    """
    for harder in (signal.SIGQUIT, signal.SIGKILL, None):
        begun = time.monotonic()
        while left := server_processes(cluster):
            reap()
            patience = PATIENCE_SECONDS if _postmaster(cluster) in left else ORPHAN_PATIENCE_SECONDS
            if time.monotonic() >= begun + patience:
                break
            time.sleep(0.05)
        if not left:
            return
        if harder is None:
            raise ClusterError(f"Process {left[0]} of an earlier server does not end: end it by hand.")
        for pid in left:
            try:
                os.kill(pid, harder)
            except ProcessLookupError:
                continue


def _postmaster(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _roll_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        shutil.move(log, log.with_name(f"{log.name}.1"))


def main(folder: str) -> int:
    """Take the lock and go to the background; see the module's text."""
    places = Places(Path(folder))
    lock = open_lock(places.supervisor_lock)
    if not try_lock(lock, shared=False):
        return LOCKED_BY_ANOTHER
    places.state.unlink(missing_ok=True)
    if os.fork() > 0:
        return 0
    os.setsid()
    os.chdir("/")
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    _roll_over(places.log)
    log = os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    Supervisor(places, open_lock(places.lease)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
