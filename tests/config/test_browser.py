"""The browser that the console's tests drive is there and calls nobody."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_console_answers_a_browser(page: Page, served: str) -> None:
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    response = page.goto(served)
    assert response is not None
    assert response.status < 500
    assert called
    assert all(url.startswith((served, "data:")) for url in called), called
