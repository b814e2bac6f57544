"""Rights where delivery counts (Directive 2011/83): a further period, and to withdraw from what is open or came."""

from datetime import date
from decimal import Decimal

import pytest
from tests.actions.law_mail import said_of
from tests.actions.law_shop import at, events, kinds, open_shop, order_lamps, pass_time, reason_of, tasks, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.law_delivery import set_fitting_period, withdraw
from raincheck.actions.move_stock import return_goods
from raincheck.actions.receive import Receipt, receive
from raincheck.core.errors import Malformed, Refused
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law import falls_due, withdrawal
from raincheck.store.reads.law_money import money_owed

pytestmark = pytest.mark.django_db


def test_a_further_period_that_the_buyer_set_is_kept_and_its_end_told() -> None:
    open_shop(law="eu-2011-83")
    order_lamps()
    with pytest.raises(Refused, match="no agreed day"):
        set_fitting_period("O1", at(40).date(), at=at(5))
    pass_time(31)
    with pytest.raises(Malformed, match="over already"):
        set_fitting_period("O1", at(30).date(), at=at(31))
    with pytest.raises(Malformed, match="366 days at the most"):
        set_fitting_period("O1", date.max, at=at(31))
    set_fitting_period("O1", at(40).date(), at=at(31), actor="sue", is_essential=True)
    answer_order("O1", Answer("wait"), at=at(32))
    (due,) = falls_due(at(90), 10)
    assert due.fitting_until == at(40).date(), "who waits waits until then"
    pass_time(45)
    assert events().count("option_notice") == 2
    assert any("the further period that the customer set ended" in text for text in tasks())
    assert kinds()[-3:] == ["fitting_period", "consent", "fitting_over"]
    answer_order("O1", Answer("cancel"), at=at(46))
    assert reason_of() == "cancelled_by_customer"
    assert audit() == []


def test_a_further_period_goes_on_for_what_is_taken_instead() -> None:
    open_shop(law="eu-2011-83")
    order_lamps()
    pass_time(31)
    set_fitting_period("O1", at(40).date(), at=at(31))
    answer_order("O1", Answer("substitute", {"lamp": "torch"}), at=at(32))
    pass_time(45)
    assert events().count("option_notice") == 2
    assert audit() == []


def test_a_further_period_in_which_it_came_ends_in_silence() -> None:
    open_shop(law="eu-2011-83")
    order_lamps()
    pass_time(31)
    set_fitting_period("O1", at(40).date(), at=at(31))
    truck(35)
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(35))
    pass_time(60)
    assert events().count("option_notice") == 1


def test_a_buyer_withdraws_from_what_is_open_and_from_what_came() -> None:
    open_shop(law="eu-2011-83", charge="order")
    truck(units=1)
    order_lamps(units=2)
    receive(Receipt({"lamp": 1}, {}, "purchase", "P1"), at=at(10))
    with pytest.raises(Malformed, match="say how"):
        withdraw("O1", None, " ", at=at(11))
    assert withdraw("O1", None, "e-mail of 13 March", at=at(11), actor="sue") == date(2026, 3, 27)
    assert one("SELECT cancelled, shipped FROM order_line") == (1, 1)
    assert [row.sku for row in money_owed(date(2026, 4, 30), 10)] == ["lamp"]
    with pytest.raises(Refused, match="nothing left to withdraw from"):
        withdraw("O1", None, "again", at=at(11))
    return_goods("O1", {"lamp": 1}, "good", at=at(14))
    assert money_owed(date(2026, 4, 30), 10) == []
    assert rows("SELECT sum(amount) FROM payment WHERE kind = 'refund'")[0][0] == 80
    right = withdrawal(one("SELECT id FROM sales_order")[0])
    assert right is not None
    assert [(one.sku, one.units, one.how) for one in right.declared] == [("lamp", 1, "e-mail of 13 March")]


def test_what_came_back_for_another_reason_is_no_part_of_a_withdrawal() -> None:
    """One of three lamps came back broken; of the two that are left the buyer withdraws from one."""
    open_shop(law="eu-2011-83")
    receive(Receipt({"lamp": 3}, {}, site="east"), at=at(0))
    order_lamps(units=3)
    return_goods("O1", {"lamp": 1}, "damaged", at=at(1))
    withdraw("O1", {"lamp": 1}, "by phone", at=at(2))
    assert [row.amount for row in money_owed(date(2026, 4, 30), 10)] == [Decimal(40)]
    with pytest.raises(Refused, match="only 1 of 2 units"):
        withdraw("O1", {"lamp": 2}, "by phone", at=at(3))
    return_goods("O1", {"lamp": 1}, "good", at=at(4))
    assert money_owed(date(2026, 4, 30), 10) == []
    withdraw("O1", {"lamp": 1}, "by phone", at=at(5))
    with pytest.raises(Refused, match="nothing left to withdraw from"):
        withdraw("O1", None, "by phone", at=at(6))
    assert [row.amount for row in money_owed(date(2026, 4, 30), 10)] == [Decimal(40)]


def test_the_time_to_withdraw_ends_and_some_laws_know_none() -> None:
    open_shop(law="eu-2011-83")
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    with pytest.raises(Refused, match="only 2 of 3 units"):
        withdraw("O1", {"lamp": 3}, "by phone", at=at(12))
    with pytest.raises(Refused, match="the time to withdraw ended on 2026-03-26"):
        withdraw("O1", None, "by phone", at=at(25))
    open_shop(law="us-ftc-435")
    order_lamps("O2")
    with pytest.raises(Refused, match="no law that lets a buyer withdraw"):
        withdraw("O2", None, "by phone", at=at(1))


def test_an_order_that_left_at_once_can_be_withdrawn_from_too() -> None:
    open_shop(law="eu-2011-83")
    receive(Receipt({"lamp": 2}, {}, site="east"), at=at(0))
    order_lamps()
    right = withdrawal(one("SELECT id FROM sales_order")[0])
    assert right is not None
    assert right.until_on == date(2026, 3, 16)


def test_a_withdrawal_is_confirmed_with_the_day_and_the_hour_at_which_it_came() -> None:
    open_shop(law="eu-2011-83", warehouse="manual")
    truck(units=2)
    order_lamps(units=3)
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(1))
    floor.pick("O1", at=at(1))
    floor.ship("O1", at=at(1))
    floor.deliver("O1", at=at(2))
    withdraw("O1", None, "e-mail of 6 March", at=at(4))
    (body,) = said_of("withdrawal_received")
    assert "We received it on Friday, March 6 at 9:00 AM GMT+00:00" in body
    assert "3 x lamp" in body
    assert "1 not sent yet: cancelled now" in body
    assert "Please send back what has reached you by Friday, March 20" in body
    assert audit() == []


def test_who_withdraws_from_what_has_not_left_has_nothing_to_send_back() -> None:
    open_shop(law="eu-2011-83", charge="order")
    order_lamps()
    withdraw("O1", None, "by phone", at=at(1))
    (body,) = said_of("withdrawal_received")
    assert "send back" not in body
    assert "you get your money back by Tuesday, March 17" in body
