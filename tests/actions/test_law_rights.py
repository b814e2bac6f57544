"""Rights that a law gives besides options: consent in advance, a refusal of the seller, a tie, receipts of answers."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.actions.law_mail import said_of
from tests.actions.law_shop import at, open_shop, order_lamps, pass_time, reason_of, tasks, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import BY_SELLER, cancel_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.purchase import reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.core.errors import Refused
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows
from raincheck.store.law_clocks import read_clocks
from raincheck.store.law_records import without_notices

pytestmark = pytest.mark.django_db


def test_an_option_asks_for_a_further_delay_in_words_and_says_that_nobody_has_to() -> None:
    open_shop(advance_consent_days=20)
    truck()
    order_lamps()
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(6)
    drain(Mailbox(), at(6))
    body = one("SELECT body FROM notice WHERE event = 'option_notice'")[0]
    assert "a further delay that we do not foresee today, until Saturday, April 11" in body
    assert "If you only agree to wait, we ask you again before any further delay." in body
    answer_order("O1", Answer("wait_further"), at=at(6), actor="customer")
    assert one("SELECT by_on, stage FROM law_clock") == (date(2026, 4, 11), "consented")


def test_a_consent_in_advance_falls_with_the_notice_that_never_arrived() -> None:
    open_shop(advance_consent_days=20)
    truck()
    order_lamps()
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(6)
    (row,) = read_clocks([one("SELECT id FROM order_line")[0]])
    assert row.clock.further_on == date(2026, 4, 11)
    fact = one("SELECT fact_id FROM notice WHERE event = 'option_notice'")[0]
    assert without_notices(row, [(fact, "option_notice")]).further_on is None


def test_a_seller_who_decides_not_to_ship_says_so_and_owes_the_money_in_time() -> None:
    open_shop(charge="order")
    truck()
    order_lamps()
    cancel_order("O1", None, at(3), "sue", BY_SELLER)  # Thursday, 5 March.
    assert one("SELECT vested_by, refund_due_on FROM law_clock") == ("refusal", date(2026, 3, 16))
    drain(Mailbox(), at(3))
    assert "we cannot supply these items" in one("SELECT body FROM notice WHERE event = 'cancelled'")[0]
    assert [kind for (kind,) in rows("SELECT kind FROM payment ORDER BY id")] == ["capture", "refund"]


def test_what_the_seller_stopped_on_the_floor_stays_the_sellers_cancel() -> None:
    open_shop(warehouse="manual")
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(3))
    floor.pick("O1", at=at(3))
    cancel_order("O1", None, at(4), "sue", BY_SELLER)
    confirm_cancel("O1", at(5))
    assert reason_of() == "cancelled_by_seller"
    assert one("SELECT vested_by FROM law_clock")[0] == "refusal"


@pytest.mark.parametrize(
    "act",
    [lambda: cancel_order("O1", None, at(5)), lambda: answer_order("O1", Answer("cancel"), at=at(5))],
    ids=["cancel", "answer"],
)
def test_a_cancel_at_the_very_instant_of_the_shipment_is_left_to_a_person(act: Callable[[], None]) -> None:
    open_shop()
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(5))
    with pytest.raises(Refused):
        act()
    assert tasks() == ["O1 was cancelled at the very instant at which it shipped: decide, and call the customer"]


def test_a_cancel_after_the_shipment_is_simply_too_late() -> None:
    open_shop()
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(5))
    with pytest.raises(Refused):
        cancel_order("O1", None, at(5.01))
    assert tasks() == []


def test_who_agrees_to_wait_reads_until_when() -> None:
    open_shop()
    truck(10)
    order_lamps()
    reschedule("P1", at(20).date(), at=at(1))
    pass_time(2)
    answer_order("O1", Answer("wait"), at=at(3))
    (body,) = said_of("answer_received")
    assert "You asked us to wait until Sunday, March 22. We keep your place." in body
    assert "2 x lamp" in body
    assert "expected Sunday, March 22" in body


def test_a_word_on_nothing_that_was_asked_is_done_and_not_confirmed() -> None:
    open_shop()
    truck(10)
    order_lamps()
    answer_order("O1", Answer("wait"), at=at(1))
    assert said_of("answer_received") == []


def test_a_rehearsed_answer_is_not_confirmed() -> None:
    open_shop()
    truck(10)
    order_lamps()
    reschedule("P1", at(20).date(), at=at(1))
    pass_time(2)
    answer_order("O1", Answer("wait"), at=at(3), confirms=False)
    assert said_of("answer_received") == []
