"""Making a cluster and its configuration. Run by the supervisor alone, which holds the lock."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from raincheck.config.embedded.binaries import Binaries
from raincheck.config.embedded.places import Places
from raincheck.config.server_account import Account

USER = "raincheck"
DATABASE = "raincheck"
FULL_DISK = "The disk that holds the embedded database is full: free some space and start again."
LEAST_FREE_BYTES = 100 * 1024 * 1024

# For a laptop: little memory, nothing lost at a power cut, no statement or value in the log.
CONFIGURATION = """\
# Written anew at each start. Put your own settings into {local}: they win.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
max_wal_size = 1GB
min_wal_size = 80MB
checkpoint_timeout = 10min
random_page_cost = 1.1
io_method = sync
max_locks_per_transaction = 256
password_encryption = 'scram-sha-256'
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
datestyle = 'iso, ymd'
include_if_exists = '{local}'
"""
ACCESS = "local all all scram-sha-256\n"


class ClusterError(Exception):
    """The cluster cannot be made or used; the message is one plain line that names the way out."""


def prepare(places: Places, binaries: Binaries, account: Account | None) -> None:
    """See that a finished cluster with up-to-date configuration lies in `places`."""
    if not places.cluster.is_dir():
        _make(places, binaries, account)
    _check_version(places, binaries)
    text = CONFIGURATION.format(local=_quoted(places.local_configuration), sockets=_quoted(places.socket_folder))
    _write(places.cluster / "postgresql.conf", text, account)
    _write(places.cluster / "pg_hba.conf", ACCESS, account)


def needs_recovery(places: Places, binaries: Binaries) -> bool:
    """Whether the last life of the cluster ended without a clean stop."""
    report = _run([binaries.program("pg_controldata"), str(places.cluster)], None)
    return not any(
        line.startswith("Database cluster state:") and line.endswith("shut down") for line in report.splitlines()
    )


def _make(places: Places, binaries: Binaries, account: Account | None) -> None:
    free_bytes = shutil.disk_usage(places.folder).free
    if free_bytes < LEAST_FREE_BYTES:
        raise ClusterError(
            f"The disk that holds {places.folder} is full ({free_bytes // 2**20} MB left): "
            f"free at least {LEAST_FREE_BYTES // 2**20} MB, or point RAINCHECK_DATA to another disk."
        )
    shutil.rmtree(places.draft, ignore_errors=True)
    places.draft.mkdir(mode=0o700)
    password = secrets.token_urlsafe(32)
    password_copy = places.draft.with_name("password.draft")
    _write(password_copy, password + "\n", account)
    if account is not None:
        os.chown(places.draft, account.uid, account.gid)
    _run(
        [
            binaries.program("initdb"),
            f"--pgdata={places.draft}",
            f"--username={USER}",
            f"--pwfile={password_copy}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        account,
    )
    single = [binaries.program("postgres"), "--single", "-D", str(places.draft), "postgres"]
    _run(single, account, statement=f"CREATE DATABASE {DATABASE}\n")
    password_copy.unlink()
    _write(places.password, password + "\n", None)
    places.draft.rename(places.cluster)


def _check_version(places: Places, binaries: Binaries) -> None:
    had = (places.cluster / "PG_VERSION").read_text().strip()
    have = _run([binaries.program("postgres"), "--version"], None).split()[-1].split(".")[0]
    if had != have:
        raise ClusterError(
            f"{places.cluster} was made by PostgreSQL {had} and this release brings {have}: "
            f"export with the release that made it, then import into an empty data folder."
        )


def _write(path: Path, text: str, account: Account | None) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if account is not None:
        os.chown(draft, account.uid, account.gid)
    draft.replace(path)


def _run(command: list[str], account: Account | None, *, statement: str = "") -> str:
    """What the program printed. Runs as `account` when given."""
    done = subprocess.run(  # noqa: S603 - our own programs and paths
        command,
        input=statement,
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        umask=0o077,
        env=environment(),
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
    )
    if done.returncode != 0:
        raise ClusterError(explained(done.stderr or done.stdout, Path(command[0]).name))
    return done.stdout


def explained(report: str, program: str) -> str:
    """One plain line for what PostgreSQL reported: its most serious line, and the way out where it is known."""
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return FULL_DISK
    serious = [line for line in lines if any(mark in line for mark in ("PANIC:", "FATAL:", "error:"))]
    line = (serious or lines or ["it said nothing"])[-1]
    return f"The embedded database cannot start: {program}: {line}"


def environment() -> dict[str, str]:
    """What PostgreSQL's programs may see of ours: no PG* variable of the caller's changes where they go."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
