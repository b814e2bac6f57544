"""Feedback on the console: at a desk, in the dark, on a phone, without a complaint."""

import pytest
from tests.browser.conftest import Opener
from tests.browser.looks import expect_whole_and_usable

from raincheck.actions.feedback import say_as_customer, say_as_staff
from raincheck.store.db import rows

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("much_said")]


@pytest.fixture(scope="module")
def much_said(served_company: str) -> str:
    """Some customers answered and some people of the house said something."""
    came = rows(
        """SELECT DISTINCT o.ref, p.sku FROM sales_order o JOIN order_line l ON l.order_id = o.id
           JOIN product p ON p.id = l.product_id JOIN shipment_line sl ON sl.line_id = l.id
           JOIN shipment s ON s.id = sl.shipment_id WHERE s.state = 'delivered' ORDER BY 1, 2"""
    )
    for number, (ref, sku) in enumerate(came):
        bad = number % 2 == 0
        say_as_customer(ref, 2 if bad else 5, "damaged" if bad else "", sku, "The box was open" if bad else "")
    say_as_staff("product", "LAMP", "Its boxes come crushed every other time", "damaged", actor="warehouse")
    return served_company


@pytest.mark.parametrize("path", ["/feedback", "/products/LAMP"])
def test_the_pages_are_whole_and_usable(open_page: Opener, path: str) -> None:
    page = open_page(path)
    name = "feedback-" + path.strip("/").replace("/", "-")
    expect_whole_and_usable(page, name)
