"""Static files: hashed and compressed once collected, plain until then."""

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP: Final = ".collected"


class ConsoleStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Links to hashed names that browsers keep for ever. What was not collected yet (a checkout, a test) is
    linked by its plain name, which WhiteNoise serves out of the package."""

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one for a file that was not collected."""
        stored: str | None = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return stored or name


def collect() -> bool:
    """Collects static files into `STATIC_ROOT` where they changed since the last time; whether they had.

    `python -m raincheck.web.static_files` does it for the process that starts the web workers, before it does.
    """
    stamp = Path(settings.STATIC_ROOT) / STAMP
    digest = _digest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest, encoding="ascii")
    return True


def _digest() -> str:
    """Changes whenever a static file does: names, sizes and times of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")
    django.setup()
    collect()
