"""An embedded server of the test's own, and clients of it in processes of their own that can be killed."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from raincheck.config.embedded.locks import held_by_another
from raincheck.config.embedded.places import Places, places_in
from raincheck.config.embedded.processes import server_processes

# Long enough that only a fault lets it pass; nothing is asserted about how long anything takes.
PATIENCE_SECONDS = 300.0

CLIENT = textwrap.dedent("""
    import sys
    import psycopg
    from raincheck.config.embedded import EmbeddedDatabaseError, ensure_running

    def connect(after_failure=False):
        server = ensure_running(after_failure=after_failure)
        return psycopg.connect(
            host=str(server.socket_folder), user=server.user, password=server.password, dbname="raincheck",
            autocommit=True,
        )

    def session():
        try:
            return connect()
        except psycopg.OperationalError:
            return connect(after_failure=True)

    for line in sys.stdin:
        try:
            with session() as current:
                cursor = current.execute(line)
                print(cursor.fetchone()[0] if cursor.description else "done", flush=True)
        except (EmbeddedDatabaseError, psycopg.Error) as error:
            print("error:", error, flush=True)
""")


def wait_until(what: Callable[[], object], why: str) -> None:
    """Wait until `what()` holds; fail naming `why` when it does not come."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < give_up_at, why
        time.sleep(0.05)


@dataclass
class Client:
    """A process that holds a lease and runs what it is told."""

    process: "subprocess.Popen[str]"

    def run(self, statement: str) -> str:
        """The first value of the answer, `done`, or `error: …`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join(statement.split()) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        """End as a program does that has done its work."""
        self.process.communicate()


@dataclass
class Home:
    """A data folder and what runs on it."""

    folder: Path

    @property
    def places(self) -> Places:
        """Where its server's files are."""
        return places_in(self.folder)

    @property
    def supervisor(self) -> int:
        """The supervisor's process id: the parent of the postmaster."""
        return int(Path(f"/proc/{self.postmaster}/stat").read_text().rpartition(")")[2].split()[1])

    @property
    def postmaster(self) -> int:
        """The postmaster's process id."""
        return int((self.places.cluster / "postmaster.pid").read_text().splitlines()[0])

    def nothing_runs(self) -> bool:
        """Neither a server process nor a supervisor."""
        return not server_processes(self.places.cluster) and not held_by_another(self.places.supervisor_lock)

    def expect_nothing_runs(self) -> None:
        """Wait for the end of everything that was started here."""
        wait_until(self.nothing_runs, "a server or a supervisor is left behind")

    def client(self) -> Client:
        """A new process that may use the server."""
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        process = subprocess.Popen(
            [sys.executable, "-c", CLIENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "RAINCHECK_DATA": str(self.folder)},
        )
        return Client(process)


@pytest.fixture
def home() -> Iterator[Home]:
    """An empty data folder; whatever still runs on it afterwards is ended."""
    with tempfile.TemporaryDirectory(prefix="raincheck-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # As root the server is another user, which must be able to pass through.
        home = Home(folder / "data")
        yield home
        for pid in server_processes(home.places.cluster):
            with suppress(ProcessLookupError):  # One that saw the others end.
                os.kill(pid, signal.SIGQUIT)
        home.expect_nothing_runs()
