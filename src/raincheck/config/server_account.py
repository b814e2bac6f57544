"""Which existing, unprivileged account runs the server when root starts it (PostgreSQL refuses to run as root)."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user that exists on this machine."""

    name: str
    uid: int
    gid: int


def server_account(folder: Path) -> Account | None:
    """The account for a server whose data lies below `folder`; None when not root: then it is the caller's own.

    A folder that has a cluster keeps the account which owns it, so that an account created later changes nothing.
    """
    if os.geteuid() != 0:
        return None
    cluster = folder / "postgresql" / "cluster"
    if cluster.is_dir() and (owner := cluster.stat().st_uid) != 0:
        try:
            entry = pwd.getpwuid(owner)
        except KeyError:
            return Account(str(owner), owner, cluster.stat().st_gid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return Account("65534", 65534, 65534)
