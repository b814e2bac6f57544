"""Money that a law wants back by a day: what stands on the list, how much it is, and until when."""

from datetime import date
from decimal import Decimal

import pytest
from tests.actions.law_shop import at, open_shop, order_lamps

from raincheck.actions.law_delivery import withdraw
from raincheck.actions.move_stock import return_goods
from raincheck.actions.receive import Receipt, receive
from raincheck.store.reads.law_money import money_owed

pytestmark = pytest.mark.django_db


def test_what_came_back_before_a_second_withdrawal_is_no_part_of_it() -> None:
    """One of the two lamps that came back was withdrawn from; the later withdrawal has its own day."""
    open_shop(law="eu-2011-83")
    receive(Receipt({"lamp": 4}, {}, site="east"), at=at(0))
    order_lamps(units=4)
    withdraw("O1", {"lamp": 1}, "by phone", at=at(1))
    return_goods("O1", {"lamp": 2}, "good", at=at(2))
    assert money_owed(date(2026, 4, 30), 10) == []
    withdraw("O1", {"lamp": 1}, "by phone", at=at(5))
    assert [(row.amount, row.due_on) for row in money_owed(date(2026, 4, 30), 10)] == [(Decimal(40), date(2026, 3, 21))]
    assert money_owed(date(2026, 3, 20), 10) == []
