"""What every test may use: a database of its own, a running server, a browser.

- `db` (or the mark `django_db`): the test runs in a transaction that is rolled back. For almost every test.
- `fresh_database`: a database of the test's own in which commits are real. For locks, workers, subprocesses.
- `served`: the address of a real server on a fresh database. `page` comes from Playwright, on Debian's Chromium.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from hypothesis import settings as hypothesis_settings

from raincheck.config.data_folder import data_folder
from raincheck.config.embedded.places import places_in
from raincheck.config.secret_key import secret_key

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]
SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = "/usr/bin/chromium"
# Tests have an embedded server of their own, beside the one that a developer's demo uses.
if "RAINCHECK_DATA" not in os.environ:
    os.environ["RAINCHECK_DATA"] = str(data_folder() / "tests")
    # What a power cut takes from it is made anew: nobody has to wait for the disk.
    local_configuration = places_in(data_folder()).local_configuration
    local_configuration.parent.mkdir(parents=True, exist_ok=True)
    local_configuration.write_text("fsync = off\nfull_page_writes = off\n", encoding="utf-8")
    local_configuration.chmod(0o644)  # As root the server is another user.
    # Without xdist the settings were read before this file; servers that tests start must share our key.
    if django_settings.configured:
        django_settings.DATA_FOLDER = data_folder()
        django_settings.SECRET_KEY = secret_key(data_folder())
# Playwright runs an event loop in the test's thread; the test itself is as synchronous as any other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Started in the background of a script, we would ignore Ctrl-C, and so would every program that a test stops with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# No test asserts how long something takes, and a failure must come again on the next run.
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the mark that would empty every table: the ledger forbids it, and a copy is quicker."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and (marker.args or marker.kwargs):
            raise pytest.UsageError(f"{item.nodeid}: for real commits use the fixture fresh_database.")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """The database of this test process: a copy of the migrated template."""
    from raincheck.config.databases import default_database, throwaway_database

    with django_db_blocker.unblock(), throwaway_database() as name, default_database(name):
        yield


@pytest.fixture
def fresh_database(django_test_environment: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[str]:
    """The name of a new, migrated database that Django's default connection goes to; dropped afterwards."""
    from raincheck.config.databases import default_database, throwaway_database

    with django_db_blocker.unblock(), throwaway_database() as name, default_database(name):
        yield name


@pytest.fixture
def transactional_db(fresh_database: str) -> None:
    """pytest-django's fixture, on a fresh copy instead of emptied tables."""


@pytest.fixture
def served(fresh_database: str) -> Iterator[str]:
    """The address of a server that works on `fresh_database`, live streams included."""
    from tests.serving import serving

    with serving(fresh_database) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of one that Playwright downloads; nothing of it calls out."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("RAINCHECK_CHROMIUM", CHROMIUM),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync"],
    }
