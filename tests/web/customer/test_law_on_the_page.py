"""What the law lets a customer decide: shown with its deadline and what silence means; late answers revive nothing."""

import re
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from tests.actions.law_shop import at, events, open_shop, order_lamps, pass_time, truck
from tests.web.customer.conftest import Visitor

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.decline_payment import decline_payment
from raincheck.actions.floor import pick
from raincheck.actions.law_exemption import exempt_order
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase, reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.db import row, rows
from raincheck.store.order_links import page_path

pytestmark = pytest.mark.django_db


def ann(days: float) -> Visitor:
    """Ann with a link made so many days after the opening."""
    cache.clear()
    return Visitor(Client(), "O1", page_path("O1", at(days)))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's own clock stands in the shop's spring."""
    monkeypatch.setattr("raincheck.web.customer.visit.timezone.now", lambda: at(12))


def asked(days: int = 60) -> None:
    """Two lamps due on 12 March that will come much later: Ann is asked."""
    open_shop()
    truck(10)
    order_lamps()
    reschedule("P1", at(days).date(), at=at(1))
    pass_time(2)


def test_the_option_its_deadline_and_what_silence_means() -> None:
    asked()
    page = ann(2).text()
    assert "Please tell us what you want" in page
    assert "We cannot send it when we said. We now expect to send it Friday, May 1." in page
    assert "Please answer by Saturday, April 11." in page
    assert "we cancel it and you get back what you have paid" in page


def test_what_is_asked_alike_of_several_lines_is_asked_once() -> None:
    open_shop()
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 1, "torch": 1}, at(10).date(), "confirmed"), at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))
    reschedule("P1", at(15).date(), at=at(1))
    pass_time(2)
    page = ann(2).text()
    assert page.count("If we hear nothing, we take it that you agree to wait until Tuesday, March 17.") == 1
    assert "lamp torch We cannot send it when we said." in page


def test_a_short_delay_says_that_silence_is_consent() -> None:
    asked(15)
    assert "If we hear nothing, we take it that you agree to wait until Tuesday, March 17." in ann(2).text()


@pytest.mark.parametrize(("ticked", "until"), [("yes", "2026-04-11"), ("", "2026-03-22")])
def test_a_further_delay_is_agreed_to_only_by_who_ticks_it(ticked: str, until: str) -> None:
    open_shop(advance_consent_days=20)
    truck(10)
    order_lamps()
    reschedule("P1", at(20).date(), at=at(1))
    pass_time(2)
    visitor = ann(2)
    with _now(3):
        assert "Also agree to a further delay until Saturday, April 11" in visitor.text("wait")
        visitor.send("wait", further=ticked)
    assert rows("SELECT by_on::text FROM law_clock") == [(until,)]


def test_waiting() -> None:
    asked()
    visitor = ann(2)
    with _now(3):
        assert "It is noted that you wait" in visitor.send("wait")
        page = visitor.text()
    assert "You agreed to wait until Friday, May 1." in page
    assert "You can still cancel at any time until it ships." in page
    assert row("SELECT stage FROM law_clock") == ("consented",)
    assert visitor.get("wait").status_code == 302, "nothing is left to agree to"


def test_a_yes_after_the_end_revives_nothing_and_offers_a_new_order() -> None:
    """Case 54: the form lay open until the order had been cancelled by law."""
    asked()
    visitor = ann(12)
    once = visitor.once("wait")
    pass_time(45)
    assert row("SELECT reason FROM order_line") == ("cancelled_by_law",)
    page = visitor.send("wait", once)
    assert "Your answer came after the time was up" in page
    assert "Time ran out" in page
    assert "Order it again" in page
    assert row("SELECT reason, cancelled FROM order_line") == ("cancelled_by_law", 2)


def test_a_yes_to_a_day_is_no_yes_to_the_day_that_was_told_meanwhile() -> None:
    """Case 55: the form lay open while a later day was told; consent covers the day that was read."""
    asked(20)
    visitor = ann(12)
    form = visitor.get("wait").content.decode()
    question = re.search(r'name="question" value="([^"]*)"', form)
    assert question is not None
    reschedule("P1", at(80).date(), at=at(6))
    pass_time(7)
    with _now(8):
        assert "the order has changed meanwhile" in visitor.send("wait", question=question[1])
        assert row("SELECT stage, by_on::text FROM law_clock") == ("answer_needed", "2026-03-22")
        now = re.search(r'name="question" value="([^"]*)"', visitor.get("wait").content.decode())
        assert now is not None
        assert "It is noted that you wait" in visitor.send("wait", question=now[1])
    assert row("SELECT stage, by_on::text FROM law_clock") == ("consented", "2026-05-21")


def test_what_is_being_cancelled_is_no_part_of_the_question() -> None:
    """The lamp is in a tote and its cancel waits for the floor; the torch is still asked about, and can be answered."""
    open_shop(warehouse="manual")
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 1, "torch": 1}, at(10).date(), "confirmed"), at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))
    reschedule("P1", at(15).date(), at=at(1))
    pass_time(2)
    receive(Receipt({"lamp": 1}, {}, "purchase", "P1"), at=at(3))
    pick("O1", at=at(3))
    cancel_order("O1", {"lamp": 1}, at(3))
    visitor = ann(4)
    question = re.search(r'name="question" value="([^"]*)"', visitor.get("wait").content.decode())
    assert question is not None
    assert question[1] == "torch=2026-03-17"
    with _now(4):
        assert "It is noted that you wait" in visitor.send("wait", question=question[1])


def test_an_order_that_was_exempted_is_asked_nothing() -> None:
    asked()
    exempt_order("O1", "growing plants", at=at(3))
    visitor = ann(12)
    page = visitor.text()
    assert "Please answer by" not in page
    assert "Wait for it" not in page
    assert visitor.get("wait").status_code == 302


def test_what_is_ordered_anew_is_not_asked_what_was_asked_of_what_has_gone() -> None:
    asked(15)
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(5))
    change_order("O1", {"lamp": 3}, at=at(6))
    assert "agree to wait until Tuesday, March 17" not in ann(12).text()


def test_asking_for_a_new_order_opens_one_task() -> None:
    asked()
    pass_time(45)
    visitor = ann(12)
    assert "2 × lamp" in visitor.text("again")
    once = visitor.once("again")
    assert "We write to you about a new order" in visitor.send("again", once)
    visitor.send("again", once)
    visitor.send("again")
    assert rows("SELECT text FROM task WHERE kind = 'again' AND closed_at IS NULL") == [
        ("The customer of O1 asks for a new order of what was cancelled: 2 × lamp",)
    ]
    assert events().count("order_confirmed") == 1


def test_paying_again() -> None:
    open_shop(law="none")
    truck(10)
    order_lamps()
    decline_payment("O1", at=at(1))
    receive(Receipt({"lamp": 2}, {}, ref="P1"), at=at(10))
    visitor = ann(10)
    with _now(10.1):
        page = visitor.text()
        assert "The payment did not go through" in page
        assert "Pay again" in page
        assert "tried again" in visitor.text("card")
        assert "We have tried the payment again" in visitor.send("card")
    assert "shipped" in events()


def _now(days: float):  # type: ignore[no-untyped-def]
    """The database's clock for live actions, so many days after the opening."""
    instant: datetime = at(days) + timedelta()
    return patch("raincheck.store.locks.database_now", lambda: instant)
