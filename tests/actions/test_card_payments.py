"""Cards: what a shop that takes them goes through, step by step, with the test processor."""

from decimal import Decimal

import pytest
from tests.actions.card_steps import at, ledger, open_shop, order, pay_until, process, shipped

from raincheck.actions import floor
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.move_stock import count
from raincheck.core.errors import Malformed, Refused
from raincheck.store.db import rows, run
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db


def test_nothing_leaves_before_the_card_has_answered() -> None:
    open_shop(stock=2)
    order(2)
    assert (shipped(), ledger()) == (0, [])
    assert rows("SELECT reserved, reason FROM order_line") == [(2, "on_hand")]
    process()
    assert (shipped(), ledger()) == (2, [("authorise", "80.00"), ("capture", "80.00")])
    assert audit() == []


def test_only_the_last_capture_of_an_authorisation_is_final() -> None:
    open_shop(stock=1)
    order(2)
    process()
    count("east", {"lamp": 1}, at(1))
    process(1)
    assert rows("SELECT amount, is_final FROM card_request WHERE kind = 'capture' ORDER BY id") == [
        (Decimal(40), False),
        (Decimal(40), True),
    ]


def test_a_declined_authorisation_takes_its_void_with_it() -> None:
    open_shop()
    order(2, card="tok_declined")
    cancel_order("O1", {"lamp": 1}, at(0))
    process()
    assert rows("SELECT kind, state FROM card_request ORDER BY id") == [("authorise", "declined"), ("void", "lapsed")]
    assert audit() == []


def test_another_card_lets_go_what_the_first_one_held() -> None:
    open_shop(stock=1)
    order(1, card="tok_declined")
    process()
    assert shipped() == 0
    with pytest.raises(Malformed, match="not a number"):
        retry_payment("O1", at(1), card="4242424242424242")
    retry_payment("O1", at(1), card="tok_mastercard")
    process(1)
    assert (shipped(), ledger()) == (1, [("authorise", "40.00"), ("capture", "40.00")])
    assert audit() == []


def test_a_second_card_that_is_declined_too_changes_nothing() -> None:
    open_shop(stock=1)
    order(1, card="tok_declined")
    process()
    retry_payment("O1", at(1), card="tok_lost_card")
    process(1)
    assert shipped() == 0
    assert rows("SELECT count(*) FROM notice WHERE event = 'payment_failed'") == [(1,)]
    assert audit() == []


def test_a_capture_that_fails_after_the_parcel_has_gone_is_asked_for_again() -> None:
    """The processor took back its word: the authorisation had ended a day after it was given."""
    open_shop(warehouse="manual", stock=1)
    order(1, card="tok_expires_early")
    process()
    floor.pick("O1", at=at(2))
    floor.ship("O1", at=at(2))
    process(2)
    assert shipped() == 1
    assert rows("SELECT amount_due FROM payment_decline") == [(Decimal(40),)]
    assert audit() == [], "what is owed is on the books"
    pay_until(3)
    assert ledger() == [("authorise", "40.00"), ("capture", "40.00")]
    assert rows("SELECT amount_due, next_try_at FROM payment_decline") == [(Decimal(0), None)]
    assert audit() == []


def test_a_variance_lets_captures_go_above_what_was_authorised_and_no_further() -> None:
    open_shop(capture_variance=Decimal("0.15"))
    order(1)
    process()
    change_order("O1", {"lamp": 2}, at(0))
    run("UPDATE card_request SET amount = 5 WHERE kind = 'authorise' AND state = 'pending'")
    process()
    count("east", {"lamp": 2}, at(1))
    process(1)
    drawn = rows(
        """SELECT a.amount, sum(d.amount) FROM card_request a JOIN card_request d ON d.authorisation_id = a.id
           WHERE d.kind = 'capture' GROUP BY a.id ORDER BY a.id"""
    )
    assert shipped() == 2
    assert all(captured <= amount * Decimal("1.15") for amount, captured in drawn)
    assert audit() == []


def test_a_card_is_refused_where_the_company_takes_none() -> None:
    open_shop(card_payments=False)
    with pytest.raises(Refused, match="card payments are off"):
        order(1)
    assert rows("SELECT count(*) FROM sales_order") == [(0,)]


def test_a_card_number_is_no_token() -> None:
    open_shop()
    with pytest.raises(Malformed, match="not a number"):
        order(1, card="4242424242424242")


def test_goods_that_cost_nothing_wait_for_no_card() -> None:
    open_shop(stock=1, price="0")
    order(1)
    assert (shipped(), ledger()) == (1, [])
