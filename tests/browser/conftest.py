"""One company and one server for all browser tests, and people who have signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect
from pytest_django.plugin import DjangoDbBlocker
from tests.web.company import PASSWORD, found_company, username_of

from raincheck.actions.permissions import Role

# A page may take long on a busy machine; that it never comes is what a test says.
expect.set_options(timeout=60_000)
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@dataclass
class Console:
    """The console's address and what its pages complained about."""

    address: str
    complaints: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Notes what a page writes to the browser's console as an error, and scripts that fail."""

        def note(message: ConsoleMessage) -> None:
            # Whoever leaves a page while it still asks for something gives that up; htmx says so.
            if message.type == "error" and not message.text.startswith(("htmx:afterRequest", "htmx:sendAbort")):
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))


@pytest.fixture(scope="session")
def served_company(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a server on the test company."""
    from tests.serving import serving

    from raincheck.config.databases import default_database, throwaway_database

    with django_db_blocker.unblock(), throwaway_database() as name, default_database(name):
        found_company()
        with serving(name) as address:
            yield address


@pytest.fixture
def console(served_company: str) -> Iterator[Console]:
    """The console; the test fails if a page complained."""
    console = Console(served_company)
    yield console
    assert console.complaints == []


@pytest.fixture(scope="session")
def signed_in_state(browser: Browser, served_company: str) -> Callable[[Role], str]:
    """The cookies of somebody of a role: everybody signs in once, so that the sign-in limits are not in the way."""
    states: dict[Role, str] = {}

    def state_of(role: Role) -> str:
        if role not in states:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{served_company}/account/login/")
            page.get_by_label("Username or e-mail").fill(username_of(role))
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{served_company}/")
            states[role] = context.storage_state()  # type: ignore[assignment]  # a dictionary, passed on as it is
            context.close()
        return states[role]

    return state_of


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, console: Console, signed_in_state: Callable[[Role], str]) -> Iterator[Opener]:
    """`open_page("/queue", role=Role.SALES, phone=True, dark=True)`: a page of a browser of its own."""
    contexts: list[BrowserContext] = []

    def open_it(path: str, role: Role = Role.ADMIN, *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            storage_state=signed_in_state(role),
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        console.listen(page)
        page.goto(console.address + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
