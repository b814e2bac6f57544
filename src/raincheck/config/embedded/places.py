"""The files of one embedded server. Nothing here changes any of them."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

# sun_path holds 108 bytes with its end mark; PostgreSQL adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class Places:
    """Where the server of one data folder lives: all below `folder`, which is `DATA/postgresql`."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "cluster"

    @property
    def draft(self) -> Path:
        """A cluster in the making; only a finished one is renamed to `cluster`."""
        return self.folder / "cluster.draft"

    @property
    def socket_folder(self) -> Path:
        """Where the Unix socket is; a short folder of the user's own where the data folder's path is too long."""
        folder = self.folder / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER_BYTES:
            return folder
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        return Path("/tmp") / f"raincheck-{os.geteuid()}-{digest}"  # noqa: S108 - checked and closed by its maker

    @property
    def lease(self) -> Path:
        """Every client holds a shared lock on it; the kernel gives it back when the client dies."""
        return self.folder / "lease"

    @property
    def supervisor_lock(self) -> Path:
        """The supervisor holds it for as long as it lives."""
        return self.folder / "supervisor.lock"

    @property
    def state(self) -> Path:
        """What the supervisor says of the server: one word, then a line of text where there is more to say."""
        return self.folder / "state"

    @property
    def password(self) -> Path:
        """The password of the only role, mode 0600."""
        return self.folder / "password"

    @property
    def log(self) -> Path:
        """What PostgreSQL and the supervisor report."""
        return self.folder / "server.log"

    @property
    def local_configuration(self) -> Path:
        """PostgreSQL settings of the operator, read last; need not exist."""
        return self.folder / "postgresql.local.conf"


def places_in(data_folder: Path) -> Places:
    """The places of the server whose data lies in `data_folder`."""
    return Places(data_folder.absolute() / "postgresql")
