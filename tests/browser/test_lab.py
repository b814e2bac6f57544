"""A planner compares two policies in the browser, and a worker plays them."""

import pytest
from django.db import connection
from playwright.sync_api import expect
from tests.browser.conftest import Opener
from tests.jobs.workers import working

from raincheck.actions.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def worker(served_company: str) -> str:
    """The database of the served company, for a worker."""
    return str(connection.settings_dict["NAME"])


def test_from_an_example_to_the_figures_by_keyboard(open_page: Opener, worker: str) -> None:
    page = open_page("/", role=Role.BUYER)
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/lab")
    page.get_by_role("link", name="A late truck").press("Enter")
    third = page.get_by_role("group", name="Variant 3")
    third.get_by_label("Name").fill("No backorders")
    third.get_by_label("Backorders").select_option("deny")
    page.get_by_role("button", name="Play them").press("Enter")
    page.wait_for_url("**/lab/*")
    expect(page.get_by_role("heading", name="A late truck")).to_be_visible()
    with working(worker):
        expect(page.get_by_role("heading", name="Who gains, who loses")).to_be_visible(timeout=300_000)
    expect(page.get_by_role("group", name="Parcels per order: As it comes")).to_be_visible()
    expect(page.get_by_role("rowheader", name="No backorders")).to_be_visible()


def test_the_optimum_of_a_product_is_a_button_away(open_page: Opener, worker: str) -> None:
    page = open_page("/products/LAMP", role=Role.BUYER)
    page.get_by_role("button", name="Beside the optimum").click()
    page.wait_for_url("**/lab/*")
    with working(worker):
        expect(page.get_by_role("columnheader", name="The optimum")).to_be_visible(timeout=300_000)
    expect(page.get_by_role("rowheader", name="Units on time")).to_be_visible()
