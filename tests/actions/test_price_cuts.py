"""Prices that fall between the order and the parcel."""

from decimal import Decimal

import pytest
from tests.actions.card_steps import at, ledger, open_shop, order, process

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_products
from raincheck.actions.move_stock import count, return_goods
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord

pytestmark = pytest.mark.django_db


def test_a_price_cut_is_passed_on_and_a_rise_never() -> None:
    open_shop(pass_on_cuts=True)
    order(3)
    process()
    for days, price in ((1, "35.00"), (2, "55.00")):
        save_products([ProductRecord("lamp", price=Decimal(price))], at=at(days))
        count("east", {"lamp": 1}, at(days))
        process(days)
    cancel_order("O1", at=at(3))
    process(3)
    assert ledger() == [
        ("authorise", "120.00"),
        ("capture", "35.00"),
        ("void", "5.00"),
        ("capture", "40.00"),
        ("void", "40.00"),
    ]
    return_goods("O1", {"lamp": 2}, at=at(4))
    process(4)
    assert sum((Decimal(amount) for kind, amount in ledger() if kind == "refund"), Decimal(0)) == Decimal("75.00")
    assert audit() == []


def test_a_cut_of_what_was_paid_in_advance_comes_back_with_the_parcel() -> None:
    open_shop(pass_on_cuts=True, charge="order", card_payments=False)
    order(1, card="")
    save_products([ProductRecord("lamp", price=Decimal("35.00"))], at=at(1))
    count("east", {"lamp": 1}, at(1))
    assert ledger() == [("capture", "40.00"), ("refund", "5.00")]
    assert audit() == []
