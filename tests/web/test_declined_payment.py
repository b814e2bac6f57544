"""An order whose charge was declined: what the page says, and another card."""

from django.test import Client
from tests.web.test_pages import text_of

from raincheck.actions.decline_payment import decline_payment
from raincheck.actions.floor import pick, ship
from raincheck.store.db import one


def test_a_declined_charge_is_told_and_another_card_pays_it(admin: Client) -> None:
    decline_payment("SO-PICKED")
    assert ship("SO-PICKED") == []
    page = text_of(admin, "/orders/SO-PICKED")
    assert "Payment declined" in page
    assert "Another card: try now" in page
    admin.post("/do/retry-payment/SO-PICKED")
    assert "Payment declined" not in text_of(admin, "/orders/SO-PICKED")
    assert len(ship("SO-PICKED")) == 1
    assert (
        one("SELECT count(*) FROM payment p JOIN sales_order o ON o.id = p.order_id WHERE o.ref = 'SO-PICKED'")[0] == 1
    )


def test_a_card_that_was_not_declined_is_not_tried_again(admin: Client) -> None:
    pick("SO-READY")
    said = admin.post("/do/retry-payment/SO-READY", follow=True).content.decode()
    assert "has no declined charge" in said
