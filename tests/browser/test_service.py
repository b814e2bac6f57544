"""A whole call by keyboard alone: find, read, act, confirm, undo."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener

from raincheck.actions.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_call_from_finding_the_customer_to_taking_it_back_without_a_mouse(open_page: Opener) -> None:
    page = open_page("/", role=Role.SERVICE)
    page.keyboard.press("g")
    page.keyboard.press("h")
    field = page.get_by_role("searchbox", name=re.compile("telephone"))
    expect(field).to_be_focused()
    page.keyboard.type("mapel")
    hit = page.locator("#found").get_by_role("link", name=re.compile("Maple & Co"))
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maple & Co")

    held = page.get_by_role("link", name="SO-HELD", exact=True)
    for _ in range(10):
        page.keyboard.press("j")
        if held.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-HELD")
    expect(page.get_by_role("region", name="What to say")).to_contain_text("is on hold")

    choice = page.locator(".choice").first
    expect(choice).to_contain_text("Release the order")
    for _ in range(20):
        page.keyboard.press("j")
        if choice.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="Do it")
    expect(confirm).to_be_focused()
    expect(page.locator("#helping")).to_contain_text("The order is open")
    expect(page.get_by_role("region", name="What to say")).to_contain_text("is on hold")
    page.keyboard.press("Enter")
    expect(page.get_by_text("SO-HELD is released")).to_be_visible()
    expect(page.get_by_role("region", name="What to say")).not_to_contain_text("is on hold")

    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("SO-HELD is on hold").first).to_be_visible()


def test_the_end_of_a_reference_and_enter_open_the_order(open_page: Opener) -> None:
    page = open_page("/service", role=Role.SERVICE)
    page.keyboard.type("whole")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-WHOLE")


def test_nobody_found_says_what_else_to_try(open_page: Opener) -> None:
    page = open_page("/service", role=Role.SALES)
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("qqqqq")
    expect(page.locator("#found")).to_contain_text("Nobody is found by “qqqqq”")


def test_a_choice_that_destroys_something_does_not_wait_under_the_enter_key(open_page: Opener) -> None:
    page = open_page("/service/try/SO-LATE?choice=cancel_order")
    expect(page.get_by_role("link", name="Back to the choices")).to_be_focused()


def test_back_in_the_browser_leads_from_a_preview_to_the_choices(open_page: Opener) -> None:
    page = open_page("/service/orders/SO-LATE")
    page.get_by_role("link", name=re.compile("Call back later")).click()
    expect(page.get_by_label("When")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="What can be done")).to_be_visible()


def test_the_desk_s_choices_fit_a_telephone_of_one_s_own(open_page: Opener) -> None:
    page = open_page("/service/orders/SO-LATE", phone=True)
    expect(page.get_by_role("link", name=re.compile("Cancel what is open"))).to_be_visible()
