"""Another card in a browser: by name with the test processor, on the processor's own page with Stripe; no script."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import picture, sticks_out, violations
from tests.gateways.card_shop import open_shop, order
from tests.gateways.stripe_fake import stripe_at_work
from tests.serving import serving
from tests.web.company import PASSWORD, add_people

from raincheck.config.databases import default_database, throwaway_database
from raincheck.store.db import one
from raincheck.store.order_links import page_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def card_shop() -> Iterator[str]:
    """The address of a shop whose customer's card was declined, for an order of two lamps of which one lies there."""
    with throwaway_database() as name, default_database(name):
        open_shop(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1), lamps=1)
        add_people()
        order("O1", 2, datetime.now(UTC) - timedelta(minutes=30), "tok_declined")
        with serving(name) as address:
            yield address


@pytest.fixture
def _unblocked(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def keep(page: Page, name: str) -> None:
    """A picture of the page, which is usable and sticks out nowhere."""
    picture(page, f"cards-{name}")
    assert violations(page) == []
    assert not sticks_out(page)


@pytest.mark.usefixtures("_unblocked")
def test_a_test_card_is_chosen_by_name_by_the_customer_and_by_the_house(browser: Browser) -> None:
    with card_shop() as address:
        context = browser.new_context(viewport=PHONE, java_script_enabled=False)
        page = context.new_page()
        page.goto(address + page_path("O1", timezone.now()))
        page.get_by_role("link", name="Another card").click()
        expect(page.get_by_text("Test processor: no money moves.")).to_be_visible()
        page.get_by_label("Card").select_option("tok_lost_card")
        page.get_by_role("button", name="Pay with this card").click()
        expect(page.get_by_role("status")).to_contain_text("We ask this card now")
        assert one("SELECT card FROM order_payment") == ("tok_lost_card",)
        context.close()

        context = browser.new_context(viewport=DESKTOP)
        page = context.new_page()
        page.goto(address + page_path("O1", timezone.now()) + "/card")
        keep(page, "customer")
        page.goto(f"{address}/account/login/?next=/orders/O1")
        page.get_by_label("Username or e-mail").fill("sales")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/orders/O1")
        keep(page, "order")
        page.get_by_role("link", name="Another card").first.click()
        keep(page, "console")
        page.get_by_label("Card", exact=True).select_option("tok_amex")
        page.get_by_role("button", name="Pay with this card").click()
        page.wait_for_url("**/orders/O1")
        assert one("SELECT card FROM order_payment") == ("tok_amex",)
        context.close()


@pytest.mark.usefixtures("_unblocked")
@pytest.mark.parametrize("script", [True, False])
def test_a_card_is_entered_on_the_page_of_stripe_and_the_customer_comes_back(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    """Forms may lead to no other site (the content policy): the way there goes by a page of ours."""
    with stripe_at_work() as (account, api):
        monkeypatch.setenv("RAINCHECK_STRIPE_KEY", "sk_test_ours")
        monkeypatch.setenv("RAINCHECK_STRIPE_API", api)
        with card_shop() as address:
            context = browser.new_context(viewport=PHONE, java_script_enabled=script)
            page = context.new_page()
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.goto(address + page_path("O1", timezone.now()) + "/card")
            if script:
                keep(page, "stripe")
            page.get_by_role("button", name="Enter another card").click()
            page.wait_for_url(f"{account.address}/page/cs_test_1")
            page.get_by_role("link", name="Save card").click()
            page.wait_for_url("**/my/**said=card_entered")
            expect(page.get_by_role("status")).to_contain_text("We fetch your card")
            assert complaints == []
            assert account.sessions["cs_test_1"]["status"] == "complete"
            assert one("SELECT state FROM card_handover") == ("open",)
            context.close()
