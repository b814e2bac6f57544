"""Refunds that a card does not take: a person pays them back another way, unless the card takes them later."""

from decimal import Decimal

import pytest
from tests.actions.card_steps import at, open_shop, order, process

from raincheck.actions.card_requests import take_request
from raincheck.actions.move_stock import return_goods
from raincheck.actions.refund_otherwise import refund_otherwise
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.core.errors import Malformed, Refused
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.paying import refunds_to_pay

pytestmark = pytest.mark.django_db


def test_a_refund_that_the_card_does_not_take_is_paid_back_by_hand() -> None:
    open_shop(stock=1)
    order(1)
    process()
    return_goods("O1", {"lamp": 1}, at=at(1))
    taken = take_request(at(1))
    assert taken is not None
    assert taken[0].kind == "refund"
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="the account is closed"), at(1))
    assert rows("SELECT kind, text FROM task") == [
        ("refund", "The card takes no refund of 40.00 USD: the account is closed")
    ]
    assert [violation.invariant for violation in audit()] == ["money follows goods"]
    with pytest.raises(Malformed, match="cash, cheque, money_order, transfer"):
        refund_otherwise("O1", "store credit", at(2))
    refund_otherwise("O1", "transfer", at(2), "sam")
    assert rows("SELECT closed_by FROM task") == [("sam",)]
    assert audit() == []
    with pytest.raises(Refused, match="nothing is left"):
        refund_otherwise("O1", "cash", at(2))


def test_a_refund_that_is_declined_again_with_more_is_one_sum_to_pay_by_hand() -> None:
    open_shop(stock=2)
    order(2)
    process()
    for days in (1, 2):
        return_goods("O1", {"lamp": 1}, at=at(days))
        assert [one.amount for one in refunds_to_pay(9)] == [], "the card is being asked"
        taken = take_request(at(days))
        assert taken is not None
        assert taken[0].amount == 40 * days
        take_card_answer(taken[0].key, CardWord(is_approved=False, reason=f"no {days}"), at(days))
        (owed,) = refunds_to_pay(9)
        assert (owed.amount, owed.at, owed.reason) == (Decimal(40 * days), at(1), f"no {days}")
    refund_otherwise("O1", "cheque", at(3), "sam")
    assert refunds_to_pay(9) == []
    assert rows("SELECT amount FROM payment WHERE kind = 'refund'") == [(80,)]


def test_a_refund_that_the_card_takes_later_after_all_closes_its_task() -> None:
    open_shop(stock=2)
    order(2)
    process()
    return_goods("O1", {"lamp": 1}, at=at(1))
    taken = take_request(at(1))
    assert taken is not None
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="not now"), at(1))
    assert rows("SELECT kind FROM task WHERE closed_at IS NULL") == [("refund",)]
    return_goods("O1", {"lamp": 1}, at=at(2))
    process(2)
    assert rows("SELECT kind FROM task WHERE closed_at IS NULL") == []
    assert (refunds_to_pay(9), audit()) == ([], [])
