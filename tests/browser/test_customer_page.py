"""The customer's own page in a browser: light, usable by everybody, without scripts, on a phone first."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.conftest import DESKTOP, PHONE, Console
from tests.browser.looks import expect_whole_and_usable, picture, sticks_out, violations

from raincheck.actions.offer_substitute import offer_substitute
from raincheck.store.db import rows
from raincheck.store.order_links import page_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_VIEW_BYTES = 100_000
PAGES = {
    "mixed": ("SO-MIXED", ""),
    "late": ("SO-LATE", ""),
    "gone": ("SO-GONE", ""),
    "held": ("SO-HELD", ""),
    "stopping": ("SO-STOP", ""),
    "cancel": ("SO-MIXED", "/cancel"),
    "ship": ("SO-WHOLE", "/ship"),
    "address": ("SO-MIXED", "/address"),
    "preferences": ("SO-MIXED", "/preferences"),
    "feedback": ("SO-GONE", "/feedback"),
}
Open = Callable[..., Page]


def token_of(email: str) -> str:
    """The secret of the link in the mail to somebody who waits for a product."""
    ((token,),) = rows("SELECT token FROM product_interest WHERE email = %s", [email])
    return str(token)


@pytest.fixture
def visit(browser: Browser, console: Console) -> Iterator[Open]:
    """`visit("SO-MIXED", "/cancel", language="de")`: a customer's page, on a phone unless it is said otherwise."""
    contexts: list[BrowserContext] = []

    def open_it(ref: str, act: str = "", *, language: str = "en", desk: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            viewport=DESKTOP if desk else PHONE, locale=language, java_script_enabled=script, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        console.listen(page)
        page.goto(console.address + page_path(ref, timezone.now()) + act)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_and_usable(visit: Open, name: str, language: str) -> None:
    page = visit(*PAGES[name], language=language)
    assert page.locator("html").get_attribute("lang") == language
    expect_whole_and_usable(page, f"customer-{name}-{language}")


@pytest.mark.parametrize("name", ["/my/nothing", "/my/find", "/shop/interest/nothing", "interest"])
def test_pages_without_a_link_are_usable_too(browser: Browser, served_company: str, name: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    address = f"/shop/interest/{token_of('dora@example.com')}" if name == "interest" else name
    page.goto(served_company + address)
    picture(page, f"customer-{name.strip('/').replace('/', '-')}")
    assert violations(page) == []
    assert not sticks_out(page)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_first_view_is_light(browser: Browser, served_company: str, name: str) -> None:
    """All bytes of all responses, as they come, with nothing kept from before."""
    ref, act = PAGES[name]
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(served_company + page_path(ref, timezone.now()) + act, wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes.values()) < FIRST_VIEW_BYTES, sizes
    context.close()


def test_a_customer_cancels_without_any_script(visit: Open) -> None:
    page = visit("SO-PRE", script=False)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_label("Pendant shade").fill("1")
    page.get_by_role("button", name="Cancel it").click()
    assert page.get_by_role("status").inner_text().startswith("Cancelled.")
    assert page.get_by_text("1 · Cancelled").is_visible()


def test_something_else_is_taken_instead(visit: Open) -> None:
    offer_substitute("SO-NODATE", "THROW", "MUG", actor="bea")
    page = visit("SO-NODATE")
    page.get_by_role("link", name="Take something else instead").first.click()
    page.get_by_role("button", name="Take this instead").click()
    assert page.get_by_role("status").inner_text().startswith("Done. You get what you chose instead")


def test_a_new_address_with_the_keyboard_alone(visit: Open) -> None:
    page = visit("SO-MIXED", "/address")
    page.get_by_label("Name").focus()
    for text in ("Ann Maple", "12 High Street", "", "LS1 1AA", "Leeds"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.get_by_label("Name").press("Enter")
    assert page.get_by_role("status").inner_text().startswith("Done.")
    assert page.get_by_text("12 High Street").is_visible()


def test_the_language_is_changed_on_the_page(visit: Open) -> None:
    page = visit("SO-MIXED")
    page.get_by_role("link", name="Deutsch").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ihre Bestellung SO-MIXED"
    page.get_by_role("link", name="Stornieren").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Was möchten Sie stornieren?"
