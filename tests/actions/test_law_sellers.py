"""Sellers of their own under a law: whose days count, whose name is said, and what a seller has to be."""

from datetime import date

import pytest
from tests.actions.law_shop import NORTH, at, open_shop, order_lamps, pass_time

from raincheck.actions.place_order import place_order
from raincheck.actions.sellers import save_seller, save_sellers, say_who_sells
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, NotFound
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows
from raincheck.store.reads.law import falls_due
from raincheck.store.sellers import SellerRecord

pytestmark = pytest.mark.django_db


def test_money_is_due_in_the_working_days_of_whoever_sold_it() -> None:
    open_shop()
    save_sellers([NORTH], {"lamp": "north"})
    order_lamps("O1")
    place_order(OrderRequest("O2", (AskedLine("torch", 1),), "ann"), at=at(0))
    pass_time(70)
    found = rows("""SELECT o.ref, k.refund_due_on FROM law_clock k JOIN order_line l ON l.id = k.line_id
                    JOIN sales_order o ON o.id = l.order_id ORDER BY o.ref""")
    # Both vest on Saturday, 2 May; north keeps the Monday and the Tuesday after.
    assert found == [("O1", date(2026, 5, 14)), ("O2", date(2026, 5, 12))]


def test_the_seller_of_a_line_is_that_of_placing() -> None:
    open_shop()
    save_sellers([NORTH, SellerRecord("south")], {"lamp": "north"})
    order_lamps("O1")
    say_who_sells("lamp", "south", at=at(1))
    order_lamps("O2")
    place_order(OrderRequest("O3", (AskedLine("lamp", 1, seller="north"),), "ann"), at=at(1))
    say_who_sells("lamp", "", at=at(2))
    order_lamps("O4")
    found = rows("""SELECT o.ref, coalesce(s.code, '') FROM law_clock k LEFT JOIN seller s ON s.id = k.seller_id
                    JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id ORDER BY o.ref""")
    assert found == [("O1", "north"), ("O2", "south"), ("O3", "north"), ("O4", "")]
    assert {due.order_ref for due in falls_due(at(30), 10, "north")} == {"O1", "O3"}
    with pytest.raises(NotFound, match="seller 'east' does not exist"):
        place_order(OrderRequest("O5", (AskedLine("lamp", 1, seller="east"),), "ann"), at=at(1))


def test_the_option_names_whoever_sells_it() -> None:
    open_shop()
    save_sellers([NORTH], {"lamp": "north"})
    order_lamps()
    pass_time(1)
    drain(Mailbox(), at(1))
    assert "(sold by North Lights)" in one("SELECT body FROM notice WHERE event = 'option_notice'")[0]


@pytest.mark.parametrize(
    ("record", "why"),
    [(SellerRecord(" "), "needs a code"), (SellerRecord("x", law="uk"), "law must be one of"),
     (SellerRecord("x", working_days=("someday",)), "working_days are among"),
     (SellerRecord("x", timezone="Mars/Base"), "is not known")],
)  # fmt: skip
def test_a_seller_that_makes_no_sense_is_refused_by_name(record: SellerRecord, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        save_seller(record, at=at(0))
