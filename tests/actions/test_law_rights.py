"""Rights that a law gives besides options: refunds by another way, sellers' own days, a further period, withdrawals."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from tests.actions.law_shop import NORTH, at, events, open_shop, order_lamps, pass_time, reason_of, tasks, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import BY_SELLER, cancel_order
from raincheck.actions.card_requests import take_request
from raincheck.actions.change_order import change_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.law_delivery import set_fitting_period, withdraw
from raincheck.actions.law_refund import refund_otherwise, refund_sent
from raincheck.actions.move_stock import return_goods
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.refund_otherwise import ByHand, pay_back
from raincheck.actions.sellers import save_seller, save_sellers, say_who_sells
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.actions.take_processor_event import ProcessorNews, take_processor_event
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows
from raincheck.store.law_clocks import read_clocks
from raincheck.store.law_records import without_notices
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law import falls_due, withdrawal
from raincheck.store.reads.law_evidence import evidence
from raincheck.store.reads.law_money import money_owed
from raincheck.store.sellers import SellerRecord

pytestmark = pytest.mark.django_db


def kinds(ref: str = "O1") -> list[str]:
    """What is on the record of an order's clocks."""
    found = rows(
        """SELECT e.kind FROM law_event e JOIN law_clock k ON k.id = e.clock_id JOIN order_line l ON l.id = k.line_id
           JOIN sales_order o ON o.id = l.order_id WHERE o.ref = %s ORDER BY e.id""",
        [ref],
    )
    return [kind for (kind,) in found]


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


def test_money_that_cannot_go_back_as_it_came_goes_another_way_in_seven_days_from_finding_out() -> None:
    open_shop(charge="order")
    order_lamps()
    with pytest.raises(Refused, match="asks for no refund"):
        refund_otherwise("O1", "the card was closed", "cheque", at=at(1))
    pass_time(62)
    with pytest.raises(Malformed, match="store credit is no refund"):
        refund_otherwise("O1", "they would like it", "store_credit", at=at(62))
    with pytest.raises(Malformed, match="say why"):
        refund_otherwise("O1", " ", "cheque", at=at(62))
    refund_otherwise("O1", "the card was closed", "cheque", at=at(63), actor="sue")  # Monday, 4 May.
    assert one("SELECT refund_due_on FROM law_clock")[0] == date(2026, 5, 13)
    with pytest.raises(Malformed, match="what proves it"):
        refund_sent("O1", "cheque", "", at=at(64))
    refund_sent("O1", "cheque", "cheque 1042, registered", at=at(64), actor="sue")
    assert kinds()[-2:] == ["no_way_back", "refund_sent"]
    record = evidence("O1")
    assert record is not None
    assert any("cheque 1042" in entry["what"] for entry in record["chronology"])


def test_money_that_the_card_did_not_take_back_is_listed_until_a_person_has_sent_it() -> None:
    open_shop(charge="order", card_payments=True)
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann", card="tok_visa"), at=at(0))
    carry_out_all(LocalProcessor(in_drill=True), at(0))
    pass_time(62)
    assert "refund_asked" in kinds()
    (owed,) = money_owed(date(2026, 6, 30), 10)
    assert (owed.order_ref, owed.amount) == ("O1", Decimal(80))
    assert (owed.due_on, owed.why) == (date(2026, 5, 12), "long_delay")
    with pytest.raises(Refused, match="wait for its answer"):
        refund_sent("O1", "money_order", "receipt 7", at=at(62))
    taken = take_request(at(62))
    assert taken is not None
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="the account is closed"), at(62))
    assert [row.trouble for row in money_owed(date(2026, 6, 30), 10)] == ["the account is closed"]
    refund_sent("O1", "money_order", "receipt 7", at=at(63), actor="sue")
    assert money_owed(date(2026, 6, 30), 10) == []
    assert rows("SELECT amount FROM payment WHERE kind = 'refund'") == [(80,)]
    assert audit() == []


def test_one_sum_that_is_due_back_for_two_products_is_listed_once() -> None:
    open_shop(charge="order", card_payments=True)
    save_sellers([NORTH], {"torch": "north"})
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann", card="tok_visa"), at=at(0))
    carry_out_all(LocalProcessor(in_drill=True), at(0))
    pass_time(62)
    for seller in ("", "north"):
        (owed,) = money_owed(date(2026, 6, 30), 10, seller)
        assert (owed.sku, owed.seller, owed.amount) == ("lamp, torch", "North Lights", Decimal(90))
    assert money_owed(date(2026, 6, 30), 10, "south") == []


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


def said_of(event: str) -> list[str]:
    """What messages of an event say, once they are worded."""
    drain(Mailbox(), at(100))
    return [body for (body,) in rows("SELECT body FROM notice WHERE event = %s ORDER BY id", [event])]


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


def test_money_that_is_asked_for_again_is_owed_once_and_listed_until_it_has_gone() -> None:
    open_shop(charge="order", card_payments=True)
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann", card="tok_visa"), at=at(0))
    carry_out_all(LocalProcessor(in_drill=True), at(0))
    cancel_order("O1", {"lamp": 1}, at(1))
    answer_refund(CardWord(is_approved=False, reason="the account is closed"), at(1))
    pass_time(62)
    assert [(row.amount, row.trouble) for row in money_owed(date(2026, 6, 30), 10)] == [(Decimal(80), "")]
    answer_refund(CardWord(is_approved=True, reference="re_1"), at(62))
    assert money_owed(date(2026, 6, 30), 10) == []
    take_processor_event(ProcessorNews("local", "ev_1", "refund_failed", at(63), "re_1"))
    (owed,) = money_owed(date(2026, 6, 30), 10)
    assert (owed.amount, owed.trouble) == (Decimal(80), "the bank sent it back")


def answer_refund(word: CardWord, now: datetime) -> None:
    taken = take_request(now)
    assert taken is not None
    assert taken[0].kind == "refund"
    take_card_answer(taken[0].key, word, now)


def of_lamps(columns: str) -> list[tuple[object, ...]]:
    """What stands in the clocks of lamps, the earliest first."""
    return rows(
        f"""SELECT {columns} FROM law_clock k JOIN order_line l ON l.id = k.line_id
            JOIN product p ON p.id = l.product_id WHERE p.sku = 'lamp' ORDER BY k.id"""  # noqa: S608 - our own columns
    )


def lamps_are_ordered_anew_after_the_card_took_no_refund_of_them() -> None:
    """Of a lamp and a torch only the torch could be sent; of three lamps that were paid for one is ordered anew."""
    open_shop(charge="order", card_payments=True)
    receive(Receipt({"torch": 1}, {}, site="east"), at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 3), AskedLine("torch", 1)), "ann", card="tok_visa"), at=at(0))
    carry_out_all(LocalProcessor(in_drill=True), at(0))
    pass_time(62)
    answer_refund(CardWord(is_approved=False, reason="the account is closed"), at(62))
    change_order("O1", {"lamp": 4}, at=at(63))
    answer_refund(CardWord(is_approved=False, reason="the account is closed"), at(63))
    assert of_lamps("vested_by, k.ended_at IS NULL") == [("long_delay", False), ("", True)]


def test_money_for_what_was_cancelled_goes_another_way_also_where_it_was_ordered_anew() -> None:
    lamps_are_ordered_anew_after_the_card_took_no_refund_of_them()
    (owed,) = money_owed(date(2026, 6, 30), 10)
    assert owed.amount == Decimal(80)
    refund_otherwise("O1", "the card was closed", "cheque", at=at(64), actor="sue")
    assert of_lamps("refund_due_on") == [(date(2026, 5, 14),), (None,)]
    refund_sent("O1", "cheque", "cheque 1042, registered", at=at(65), actor="sue")
    assert kinds()[-2:] == ["no_way_back", "refund_sent"]
    assert money_owed(date(2026, 6, 30), 10) == []
    assert rows("SELECT amount FROM payment WHERE kind = 'refund'") == [(80,)]
    with pytest.raises(Refused, match="asks for no refund"):
        refund_otherwise("O1", "the card was closed", "cheque", at=at(66))
    assert audit() == []


def test_the_way_that_a_law_does_not_know_stays_refused_where_it_was_ordered_anew() -> None:
    lamps_are_ordered_anew_after_the_card_took_no_refund_of_them()
    with pytest.raises(Refused, match="not as a transfer"):
        pay_back("O1", ByHand("transfer", "no. 7", "the card was closed"), at=at(64))
    pay_back("O1", ByHand("cheque", "1042", "the card was closed"), at=at(64))
    assert kinds()[-2:] == ["no_way_back", "refund_sent"]


def test_money_that_the_card_took_back_is_not_sent_another_way_with_what_came_later() -> None:
    """The first refund went to the card, in time; the lamps that were ordered anew could not be sent either."""
    open_shop(charge="order", card_payments=True)
    receive(Receipt({"torch": 1}, {}, site="east"), at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 3), AskedLine("torch", 1)), "ann", card="tok_visa"), at=at(0))
    carry_out_all(LocalProcessor(in_drill=True), at(0))
    pass_time(62)
    answer_refund(CardWord(is_approved=True, reference="re_1"), at(62))
    change_order("O1", {"lamp": 4}, at=at(63))
    carry_out_all(LocalProcessor(in_drill=True), at(63))
    pass_time(140)
    answer_refund(CardWord(is_approved=False, reason="the account is closed"), at(140))
    refund_otherwise("O1", "the card was closed", "cheque", at=at(140))
    ((first_due,), (second_due,)) = of_lamps("refund_due_on")
    assert first_due == date(2026, 5, 12), "it stands as it was"
    assert second_due == date(2026, 7, 29)
