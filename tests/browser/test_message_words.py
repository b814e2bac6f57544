"""Words of messages in a browser: tried, refused beside the field, read in light and dark, on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Console
from tests.browser.looks import CONTRAST, EVERYTHING, picture, sticks_out, violations_at_rest

from raincheck.notices import page_of, render
from raincheck.notices.samples import samples

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_are_tried_and_the_letter_shows_in_its_frame(open_page: Any, *, phone: bool, dark: bool) -> None:
    page: Page = open_page("/settings/messages/backordered/de", phone=phone, dark=dark)
    page.get_by_label("Heading").fill("Kommt nach, {{ customer }}")
    page.get_by_role("button", name="See what it says").click()
    letter = page.frame_locator("iframe.mail-frame")
    expect(letter.get_by_role("heading", level=1)).to_contain_text("Kommt nach,")
    assert letter.locator(".letter").evaluate("node => getComputedStyle(node).maxWidth") == "560px"
    assert not sticks_out(page)
    picture(page, f"message-words{'-phone' if phone else ''}{'-dark' if dark else ''}")
    # The letter's own document is a frame that may run no script, axe's included.
    page.evaluate("document.querySelector('iframe').remove()")
    assert violations_at_rest(page, CONTRAST if dark else EVERYTHING) == []


def test_what_is_wrong_stands_beside_its_part(open_page: Any, console: Console) -> None:
    page: Page = open_page("/settings/messages/option_notice/en")
    page.get_by_label("What the customer can do").fill("Nothing.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("what silence means")).to_have_count(2)
    assert violations_at_rest(page, EVERYTHING) == []
    # The browser notes that the answer was a 422; that is what was meant.
    console.complaints.clear()


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_letter_reads_well_on_a_phone(page: Page, language: str, *, dark: bool) -> None:
    message = render(next(samples("option_notice", language)))
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_content(page_of(message.subject, message.html))
    assert not sticks_out(page)
    assert violations_at_rest(page, CONTRAST) == []
    picture(page, f"letter-{language}{'-dark' if dark else ''}")


def test_versions_show_what_changed(open_page: Any) -> None:
    for heading in ("Gracias de verdad", "Mil gracias"):
        page: Page = open_page("/settings/messages/answer_received/es")
        page.get_by_label("Heading").fill(heading)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved as version")).to_be_visible()
    page.get_by_role("link", name="Every version").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    expect(page.locator(".difference").first).to_contain_text("+Mil gracias")
    assert not sticks_out(page)
    assert violations_at_rest(page, EVERYTHING) == []
    picture(page, "message-versions")
    page.get_by_role("button", name="Use this one again").click()
    expect(page.get_by_text("The words of version 1 are in force again.")).to_be_visible()
