"""The console by keyboard: search, going places, rows, the list of keys."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener

from raincheck.actions.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_slash_goes_to_search_and_the_arrows_to_what_was_found(open_page: Opener) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("SO-MI")
    hit = page.locator("a.search-hit", has_text="SO-MIXED").first
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-MIXED")


def test_the_exact_reference_goes_straight_to_the_order(open_page: Opener) -> None:
    page = open_page("/")
    page.get_by_role("searchbox").fill("SO-HELD")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/orders/SO-HELD$"))


def test_g_and_a_letter_go_to_a_place(open_page: Opener) -> None:
    page = open_page("/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", level=1)).to_have_text("Backorder queue")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")


def test_j_and_k_walk_through_rows_and_enter_opens_one(open_page: Opener) -> None:
    page = open_page("/orders")
    rows = page.locator("[data-row] a.row-link")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    ref = rows.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ref)


def test_a_question_mark_shows_the_keys_of_the_places_one_may_see(open_page: Opener) -> None:
    page = open_page("/", role=Role.WAREHOUSE)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Receiving")
    expect(dialog).not_to_contain_text("Mailbox")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_letters_typed_into_a_field_go_nowhere(open_page: Opener) -> None:
    page = open_page("/")
    page.get_by_role("searchbox").click()
    page.keyboard.type("gq?")
    expect(page.get_by_role("searchbox")).to_have_value("gq?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")


def test_the_first_tab_stop_skips_to_the_page(open_page: Opener) -> None:
    page = open_page("/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
