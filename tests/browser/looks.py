"""How a page looks: whole at every width, in the light and in the dark, usable by everybody.

With RAINCHECK_SCREENSHOTS=1 each look is kept as a picture in screenshots/ (not committed), to be looked at.
"""

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import SCREENSHOTS

KEEPS_PICTURES = os.environ.get("RAINCHECK_SCREENSHOTS", "") == "1"
# axe's rules of WCAG 2.2 AA and its best practices; in the dark only contrasts can differ.
EVERYTHING = {"resultTypes": ["violations"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
# Two frames later every script has heard of a change of light or width; then what moves comes to rest.
SETTLED = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const ends = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map(one => one.finished));
}"""


def violations(page: Page, options: dict[str, list[str]] = EVERYTHING) -> list[str]:
    """What axe finds wrong, one line each."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '').splitlines()[1:2]}"
        for violation in found
        for node in violation["nodes"]
    ]


def violations_at_rest(page: Page, options: dict[str, list[str]]) -> list[str]:
    """What axe finds wrong and still finds once every colour has come to rest, on a machine however busy."""
    for _ in range(20):
        if not (found := violations(page, options)):
            return []
        page.wait_for_timeout(250)
    return found


def sticks_out(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def picture(page: Page, name: str) -> None:
    """Keeps the whole page as screenshots/NAME.png, if pictures are wanted."""
    if KEEPS_PICTURES:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def expect_whole_and_usable(page: Page, name: str) -> None:
    """At the width at which the page was opened nothing is wrong, nor in the dark, and at the other it fits too."""
    opened, other = ("phone", DESKTOP) if page.viewport_size == PHONE else ("desk", PHONE)
    picture(page, f"{name}-{opened}")
    assert page.locator("h1").count() == 1
    assert not sticks_out(page)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    picture(page, f"{name}-dark")
    assert violations_at_rest(page, CONTRAST) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(other)
    page.evaluate(SETTLED)
    picture(page, f"{name}-{'desk' if other == DESKTOP else 'phone'}")
    assert not sticks_out(page)
