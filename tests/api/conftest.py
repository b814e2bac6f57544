"""What tests of the API share."""

from collections.abc import Iterator

import pytest
from tests.api.caller import Caller, found_company, key_for

from raincheck.actions.permissions import PERMISSIONS
from raincheck.api import keys
from raincheck.core.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test has a database of its own: keys and wrong tries of others must not show through."""
    keys.keys.forget()
    keys.attempts.forget()
    yield
    keys.keys.forget()
    keys.attempts.forget()


@pytest.fixture
def company(db: None) -> None:
    """The company of `tests.api.caller`, whose warehouse works by hand: stock stays reserved until it is picked."""
    found_company(Settings(warehouse="manual"))


@pytest.fixture
def shop(company: None) -> Caller:
    """A caller that may do everything."""
    return key_for(*PERMISSIONS)


@pytest.fixture
def busy_shop(fresh_database: str) -> Caller:
    """The same where commits are real: for many callers at once, and for servers."""
    found_company(Settings(warehouse="manual"))
    return key_for("admin")
