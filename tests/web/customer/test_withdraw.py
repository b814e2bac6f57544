"""Withdrawing on the page, where a law gives the right: shown, declared once, confirmed by mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.actions.law_shop import at, open_shop, order_lamps, truck
from tests.web.customer.conftest import Visitor
from tests.web.test_pages import text_of

from raincheck.actions import floor
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.law_delivery import withdraw
from raincheck.actions.law_exemption import exempt_product
from raincheck.actions.move_stock import return_goods
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.sellers import save_sellers
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import rows
from raincheck.store.order_links import page_path
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law import withdrawal
from raincheck.store.sellers import SellerRecord

pytestmark = pytest.mark.django_db


def visitor() -> Visitor:
    """Ann with a link made today."""
    cache.clear()
    return Visitor(Client(), "O1", page_path("O1", timezone.now()))


def somebody_signed_in() -> Client:
    """Somebody at the company who may do everything."""
    client = Client()
    client.force_login(User.objects.get_or_create(username="boss", is_superuser=True, is_staff=True)[0])
    return client


@pytest.fixture
def sent() -> Visitor:
    """Ann, of whose three lamps two are on their way to her."""
    open_shop(law="eu-2011-83", warehouse="manual")
    truck(units=2)
    order_lamps(units=3)
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(1))
    floor.pick("O1", at=at(1))
    floor.ship("O1", at=at(1))
    return visitor()


def declared() -> list[tuple[int, str]]:
    """What is on record."""
    return rows("SELECT units, how FROM law_withdrawal ORDER BY id")


def test_looking_declares_nothing_and_says_what_follows(sent: Visitor) -> None:
    assert "Withdraw from the contract here" in sent.text()
    page = sent.text("withdraw")
    for said in (
        "until 14 days after its last part has reached you. You need to give no reason.",
        "Send back what you have within 14 days",
        "We confirm at once by e-mail",
        "Confirm withdrawal",
    ):
        assert said in page
    assert declared() == []


def test_what_has_not_left_is_cancelled_the_rest_is_to_come_back_and_both_are_confirmed(sent: Visitor) -> None:
    once = sent.once("withdraw")
    assert "We have your withdrawal." in sent.send("withdraw", once, everything="yes")
    assert declared() == [(2, "declared on the customer's page")]
    assert rows("SELECT cancelled FROM order_line") == [(1,)]
    assert "Nothing was done twice" in sent.send("withdraw", once, everything="yes")
    drain(Mailbox(), timezone.now() + timedelta(days=1))
    ((body,),) = rows("SELECT body FROM notice WHERE event = 'withdrawal_received'")
    assert "3 x lamp" in body
    assert "1 not sent yet: cancelled now" in body
    assert "Withdraw from the contract here" not in sent.text()
    assert sent.get("withdraw").status_code == 302
    assert len(declared()) == 1
    assert audit() == []


def test_a_part_is_withdrawn_from_and_the_rest_can_be_later(sent: Visitor) -> None:
    sent.send("withdraw", units__lamp="2")
    assert declared() == [(1, "declared on the customer's page")]
    assert "of 1" in sent.text("withdraw")


@pytest.mark.parametrize("units", ["0", "", "-1", "4", "x"])
def test_more_than_there_is_or_nothing_changes_nothing(sent: Visitor, units: str) -> None:
    sent.send("withdraw", units__lamp=units)
    assert declared() == []
    assert rows("SELECT cancelled FROM order_line") == [(0,)]


@pytest.mark.parametrize("law", ["none", "us-ftc-435"])
def test_where_no_law_gives_the_right_nothing_is_offered(law: str) -> None:
    open_shop(law=law)
    order_lamps()
    ann = visitor()
    assert "Withdraw" not in ann.text()
    assert ann.get("withdraw").status_code == 302
    ann.client.post(f"{ann.path}/withdraw", {"once": "x" * 30, "everything": "yes"})
    ann.client.post(f"{ann.path}/withdraw", {"once": "y" * 30, "units:lamp": "1"})
    assert rows("SELECT cancelled FROM order_line") == [(0,)]


def test_an_exempt_product_is_not_withdrawn_from() -> None:
    """Made to measure, say: exempt with a reason, it is not offered, and cannot be declared by a form either."""
    open_shop(law="eu-2011-83")
    exempt_product("torch", "made to measure, Art. 16", at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 1)), "ann"), at=at(0))
    ann = visitor()
    form = ann.get("withdraw").content.decode()
    assert "units:lamp" in form
    assert "units:torch" not in form
    assert "changed meanwhile" in ann.send("withdraw", units__torch="1")
    ann.send("withdraw", everything="yes")
    assert rows("SELECT p.sku, l.cancelled FROM order_line l JOIN product p ON p.id = l.product_id ORDER BY 1") == [
        ("lamp", 2),
        ("torch", 0),
    ]


def test_what_a_seller_under_another_law_sells_keeps_that_law() -> None:
    """All of it left at once: no clock runs, and the right is that of whoever sold the line."""
    open_shop(law="us-ftc-435")
    save_sellers([SellerRecord("nord", law="eu-2011-83")], {"torch": "nord"})
    receive(Receipt({"lamp": 2, "torch": 2}, {}, site="east"), at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))
    right = withdrawal(rows("SELECT id FROM sales_order")[0][0])
    assert right is not None
    assert right.skus == ("torch",)


def test_the_last_day_to_withdraw_ends_where_the_order_went() -> None:
    """Case 59: the last evening in New York is the next day in Auckland, where the company works."""
    open_shop(law="eu-2011-83", timezone="Pacific/Auckland")
    receive(Receipt({"lamp": 2}, {}, site="east"), at=at(0))
    order_lamps()
    withdraw("O1", {"lamp": 1}, "by phone", at=datetime(2026, 3, 17, 3, tzinfo=UTC))
    with pytest.raises(Refused, match="ended on 2026-03-16"):
        withdraw("O1", {"lamp": 1}, "by phone", at=datetime(2026, 3, 17, 5, tzinfo=UTC))


def cancel_before_it_left() -> None:
    """Nothing has left: all of it is cancelled."""
    order_lamps()
    cancel_order("O1", at=at(1))


def bring_all_back() -> None:
    """What came was sent back again, all of it."""
    receive(Receipt({"lamp": 2}, {}, site="east"), at=at(0))
    order_lamps()
    return_goods("O1", {"lamp": 2}, "good", at=at(1))


def withdraw_from_all() -> None:
    """Ann has withdrawn, and what she has is to come back."""
    receive(Receipt({"lamp": 2}, {}, site="east"), at=at(0))
    order_lamps()
    withdraw("O1", None, "by phone", at=at(1))


@pytest.mark.parametrize("end", [cancel_before_it_left, bring_all_back, withdraw_from_all])
def test_where_nothing_is_left_to_withdraw_from_no_page_speaks_of_it(
    end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Art. 9 is about what the buyer has or will get; the time to withdraw from it runs still."""
    open_shop(law="eu-2011-83")
    monkeypatch.setattr(timezone, "now", lambda: at(2))
    end()
    ann = visitor()
    assert "withdraw from" not in ann.text()
    assert ann.get("withdraw").status_code == 302
    admin = somebody_signed_in()
    page = text_of(admin, "/orders/O1")
    assert "Nothing is left to withdraw from." in page
    assert "Customer withdraws" not in page
    assert "starts when the last part has arrived" not in text_of(admin, "/law/record/O1")


def test_the_console_offers_what_is_left_and_no_longer_than_the_time_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop(law="eu-2011-83")
    receive(Receipt({"lamp": 2, "torch": 2}, {}, site="east"), at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 2)), "ann"), at=at(0))
    return_goods("O1", {"lamp": 2}, "good", at=at(1))
    monkeypatch.setattr(timezone, "now", lambda: at(2))
    page = somebody_signed_in().get("/orders/O1").content.decode()
    assert "the customer can withdraw until" in page
    assert 'name="units:torch"' in page.partition('id="withdraw-dialog"')[2]
    assert 'name="units:lamp"' not in page.partition('id="withdraw-dialog"')[2]
    monkeypatch.setattr(timezone, "now", lambda: at(20))
    said = text_of(somebody_signed_in(), "/orders/O1")
    assert "can withdraw" not in said
    assert "The time to withdraw ended" in said


def test_once_the_time_is_over_nothing_is_offered(sent: Visitor) -> None:
    floor.deliver("O1", at=at(2))
    cancel_order("O1", at=at(3))
    assert "Withdraw from the contract here" not in sent.text()
    assert sent.get("withdraw").status_code == 302
