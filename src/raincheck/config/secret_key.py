"""The key that signs sessions and links: `RAINCHECK_SECRET_KEY`, else a random one kept in the data folder."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(folder: Path) -> str:
    """The installation's key, made on first use in `folder`/secret_key (mode 0600). It is never logged.

    Several machines behind one address share a key through `RAINCHECK_SECRET_KEY`.
    """
    given = os.environ.get("RAINCHECK_SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"{error.filename} belongs to another user: run as that user, "
            f"or set RAINCHECK_DATA to a folder of your own."
        ) from error


def former_secret_keys() -> list[str]:
    """`RAINCHECK_FORMER_SECRET_KEYS`, parted by commas: they sign nothing new, and what they signed is still good."""
    given = os.environ.get("RAINCHECK_FORMER_SECRET_KEYS", "")
    return [key for key in map(str.strip, given.split(",")) if key]


def _write_once(path: Path, text: str) -> None:
    """Write `text` whole or not at all; of two who write at once the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
