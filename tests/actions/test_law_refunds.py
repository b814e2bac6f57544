"""Money that a law wants back: by when, by which other way, listed until it has gone."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from tests.actions.law_shop import NORTH, at, kinds, open_shop, order_lamps, pass_time

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import take_request
from raincheck.actions.change_order import change_order
from raincheck.actions.law_refund import refund_otherwise, refund_sent
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.refund_otherwise import ByHand, pay_back
from raincheck.actions.sellers import save_sellers
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.actions.take_processor_event import ProcessorNews, take_processor_event
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, Refused
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law_evidence import evidence
from raincheck.store.reads.law_money import money_owed

pytestmark = pytest.mark.django_db


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
            JOIN product p ON p.id = l.product_id WHERE p.sku = 'lamp' ORDER BY k.id"""
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
