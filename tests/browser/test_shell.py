"""The frame: colours that are kept, the phone's drawer, what each role is shown."""

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener
from tests.web.company import PASSWORD

from raincheck.actions.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_colours_follow_the_system_until_somebody_chooses_and_then_stay(open_page: Opener) -> None:
    page = open_page("/", dark=True)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("summary.tool").click()
    page.get_by_role("button", name="Light").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_on_a_phone_the_menu_is_a_drawer_that_escape_closes(open_page: Opener) -> None:
    page = open_page("/", phone=True)
    drawer = page.locator("#sidebar")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="More").click()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="More")).to_be_focused()


def test_the_floor_sees_the_floors_places_alone(open_page: Opener) -> None:
    page = open_page("/", role=Role.WAREHOUSE)
    navigation = page.get_by_role("navigation", name="Main", exact=True)
    expect(navigation.get_by_role("link", name="Receiving")).to_be_visible()
    expect(navigation.get_by_role("link", name="Settings")).to_have_count(0)
    expect(navigation.get_by_role("link", name="Mailbox")).to_have_count(0)


def test_read_only_people_see_an_order_without_its_buttons(open_page: Opener) -> None:
    page = open_page("/orders/SO-MIXED", role=Role.READ_ONLY)
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-MIXED")
    for name in ("Hold", "Change", "Cancel…"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_times_follow_the_zone_chosen_on_this_device(open_page: Opener) -> None:
    page = open_page("/account/settings")
    page.get_by_label("Show times in").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".sidebar-foot")).to_contain_text("Asia/Tokyo")
    page.get_by_label("Show times in").select_option("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".sidebar-foot")).to_contain_text("Europe/London")


def test_two_step_sign_in_shows_its_code_within_the_content_policy(open_page: Opener) -> None:
    page = open_page("/account/two-factor/totp/activate/", role=Role.SERVICE)
    # A new second factor is asked for anew by the one who knows the password.
    if page.get_by_role("heading", name="Confirm Access").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    code = page.get_by_alt_text("QR code of the secret below")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.naturalWidth") > 0
