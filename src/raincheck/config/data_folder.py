"""Where this installation keeps its secrets and its embedded database.

The rule: `RAINCHECK_DATA` when set; else `.raincheck` in the checkout that runs; else, installed as a package,
`$XDG_DATA_HOME/raincheck` (`~/.local/share/raincheck`). For root the last two give way to
`/var/lib/raincheck/NAME` when the unprivileged user that runs PostgreSQL cannot reach them (a checkout below a
closed home folder, say). The rule never looks at the current folder, so every shell finds the same data.
"""

import hashlib
import os
from pathlib import Path

from raincheck.config.server_account import Account, server_account

SYSTEM_FOLDER = Path("/var/lib/raincheck")


def data_folder() -> Path:
    """The data folder's absolute path. Creates nothing."""
    given = os.environ.get("RAINCHECK_DATA")
    if given:
        return Path(given).absolute()
    checkout = _checkout()
    folder = checkout / ".raincheck" if checkout else _user_folder()
    account = server_account(folder)
    if account is not None and not reachable(folder, account):
        return SYSTEM_FOLDER / _name_of(folder)
    return folder


def reachable(folder: Path, account: Account) -> bool:
    """Whether `account` may pass through every existing folder above `folder`."""
    return all(_may_enter(parent, account) for parent in folder.absolute().parents)


def _may_enter(folder: Path, account: Account) -> bool:
    try:
        status = folder.stat()
    except FileNotFoundError:
        return True
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _checkout() -> Path | None:
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() and (root / "src" / "raincheck").is_dir() else None


def _user_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "raincheck"


def _name_of(folder: Path) -> str:
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return f"{folder.parent.name}-{digest}"
