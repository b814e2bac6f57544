"""The law on the console: at a desk, in the dark, on a phone, without a complaint."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.browser.conftest import Opener
from tests.browser.looks import expect_whole_and_usable

from raincheck.actions.catalogue import save_products, save_settings
from raincheck.actions.place_order import place_order
from raincheck.actions.run_timers import run_due
from raincheck.actions.sellers import save_sellers
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.company import read_settings
from raincheck.store.db import one
from raincheck.store.records import ProductRecord
from raincheck.store.sellers import SellerRecord

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("order_under_law")]


@pytest.fixture(scope="module")
def order_under_law(served_company: str) -> str:
    """An order that was asked to wait or cancel, in the company that is served."""
    placed_at = datetime.now(UTC) - timedelta(hours=2)
    as_before = read_settings()
    save_settings(replace(as_before, law="us-ftc-435"), at=placed_at)
    save_sellers([SellerRecord("north", "North Lights", "Pier 4, Hamburg", working_days=("mon", "tue"))])
    save_products([ProductRecord("RUG", "Wool rug", Decimal(90), "GBP")], at=placed_at)
    customer = one("SELECT code FROM customer WHERE email <> '' ORDER BY id LIMIT 1")[0]
    place_order(OrderRequest("SO-LAW", (AskedLine("RUG", 5),), str(customer)), at=placed_at)
    run_due(placed_at + timedelta(minutes=90))
    drain(Mailbox(), datetime.now(UTC))
    save_settings(as_before, at=datetime.now(UTC))
    return "SO-LAW"


@pytest.mark.parametrize("path", ["/law?days=90", "/orders/SO-LAW", "/law/record/SO-LAW", "/law/sellers?seller=north"])
def test_the_pages_are_whole_and_usable(open_page: Opener, path: str) -> None:
    page = open_page(path)
    name = "law-" + path.strip("/").split("?")[0].replace("/", "-")
    expect_whole_and_usable(page, name)
