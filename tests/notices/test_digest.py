"""Several notices of one order in one message: everything that still counts, once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.notices.facts import STOVE, facts, line_now, said

from raincheck.notices import render, render_digest
from raincheck.store.message_templates import OwnWords
from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine

THURSDAY, NEXT_THURSDAY = date(2026, 3, 12), date(2026, 3, 19)
ORDER = (
    line_now(ordered=5, open_units=3, shipped_units=2, promise_on=NEXT_THURSDAY),
    line_now("STOVE", STOVE, 1, promise_on=THURSDAY),
)


def notice(nr: int, event: str, *lines: SaidLine, order: tuple[LineNow, ...] = ORDER, **more: Any) -> NoticeFacts:
    at = datetime(2026, 3, 2, 9, nr, tzinfo=UTC)
    return facts(event, *lines, id=nr, at=at, order=order, page_url="https://shop.example/my/x", **more)


def parcel(nr: int, event: str, shipment: int) -> NoticeFacts:
    return notice(nr, event, said(units=2), detail={"lines": [{"sku": "LAMP", "shipment": shipment}]})


CONFIRMED = notice(1, "order_confirmed", said(units=3, waiting_units=3, on=THURSDAY, unit_price=Decimal(40)))
WAITS = notice(2, "backordered", said(on=THURSDAY))


def test_one_notice_is_the_message_that_it_is_anyway() -> None:
    assert render_digest([WAITS]) == render(WAITS)


def test_what_was_confirmed_is_not_told_a_second_time_but_the_way_out_is() -> None:
    message = render_digest([CONFIRMED, WAITS])
    assert message.subject == "Thank you for your order 1042"
    assert message.text.count("Camp lamp Ember") == 1
    assert "If you would rather not wait" in message.text
    assert [event for event, _ in message.versions] == ["order_confirmed", "backordered"]


def test_a_day_that_moved_twice_is_told_from_where_it_was_to_where_it_is() -> None:
    first = notice(1, "delayed", said(on=NEXT_THURSDAY, was_on=THURSDAY))
    second = notice(2, "delayed", said(on=date(2026, 3, 26), was_on=NEXT_THURSDAY))
    text = render_digest([second, first]).text
    assert "now expected Thursday 26 March instead of Thursday 12 March" in text
    assert "19 March" not in text


def test_a_product_that_was_claimed_twice_is_told_with_all_its_units() -> None:
    paid = notice(3, "charged", SaidLine(amount=Decimal(80), currency="EUR"))
    order = (line_now(ordered=5, open_units=5),)
    both = notice(
        1,
        "delayed",
        said(on=NEXT_THURSDAY, was_on=THURSDAY),
        said(units=2, on=date(2026, 3, 26), was_on=THURSDAY),
        order=order,
    )
    assert "5 x Camp lamp Ember\n      now expected Thursday 26 March" in render_digest([both, paid]).text
    one = notice(1, "delayed", said(on=NEXT_THURSDAY, was_on=THURSDAY), order=order)
    other = notice(2, "delayed", said(units=2, on=date(2026, 3, 26), was_on=THURSDAY), order=order)
    assert "5 x Camp lamp Ember\n      now expected Thursday 26 March" in render_digest([one, other]).text


def test_a_day_that_is_back_for_some_units_alone_is_still_told_of_the_others() -> None:
    order = (line_now(ordered=5, open_units=5),)
    there = notice(1, "delayed", said(units=5, on=NEXT_THURSDAY, was_on=THURSDAY), order=order)
    back = notice(2, "brought_forward", said(units=2, on=THURSDAY, was_on=NEXT_THURSDAY), order=order)
    assert "now expected Thursday 19 March instead of Thursday 12 March" in render_digest([there, back]).text


def test_a_day_that_is_back_where_it_was_is_not_told_at_all() -> None:
    there = notice(1, "delayed", said(on=NEXT_THURSDAY, was_on=THURSDAY))
    back = notice(2, "brought_forward", said(on=THURSDAY, was_on=NEXT_THURSDAY))
    paid = notice(3, "charged", SaidLine(amount=Decimal(80), currency="EUR"))
    message = render_digest([there, back, paid])
    assert message.subject == "Your payment of €80.00 for order 1042"
    assert "later" not in message.text
    assert "sooner" not in message.text


def test_a_parcel_that_has_arrived_is_not_on_its_way() -> None:
    text = render_digest([parcel(1, "shipped", 7), parcel(2, "delivered", 7)]).text
    assert "on its way" not in text
    assert "should be with you now" in text
    both = render_digest([parcel(1, "shipped", 7), parcel(2, "shipped", 8), parcel(3, "delivered", 7)]).text
    assert "Your parcel is on its way to you." in both


def test_payments_are_added_up_and_what_is_still_to_come_stands_once_at_the_end() -> None:
    pay = [notice(nr, "charged", SaidLine(amount=Decimal(nr * 10), currency="EUR")) for nr in (2, 4)]
    message = render_digest([parcel(1, "shipped", 7), pay[0], parcel(3, "delivered", 8), pay[1]])
    assert "We have charged €60.00" in message.text
    assert "2 payments: €20.00 and €40.00" in message.text
    assert message.text.count("Still to come") == 1
    assert message.text.count("See your order") == 1
    assert message.text.count("Hello Ann Verbeek") == 1


def test_an_option_is_given_in_full_and_names_the_message() -> None:
    terms: dict[str, Any] = {
        "ships_on": NEXT_THURSDAY,
        "by_on": NEXT_THURSDAY,
        "stage": "silence_consents",
        "why": "lead_time",
    }
    option = notice(2, "option_notice", said(on=NEXT_THURSDAY, was_on=THURSDAY, **terms))
    alone, message = render(option), render_digest([parcel(1, "shipped", 7), option, parcel(3, "delivered", 8)])
    assert message.subject == alone.subject
    for paragraph in ("at no cost to you: choose Cancel", "If you agree to wait until", "If we do not hear from you"):
        assert paragraph in message.text
    assert "we will ship them by Thursday 19 March" in message.text


def test_the_same_sentence_stands_once() -> None:
    other = notice(2, "date_expected", said("STOVE", STOVE, 1, on=THURSDAY))
    text = render_digest([notice(1, "backordered", said(on=NEXT_THURSDAY)), other]).text
    assert text.count("If you would rather not wait, cancel them on the page of your order") == 1


def test_words_of_your_own_are_used_and_named() -> None:
    words = (OwnWords("digest", 3, {"heading": "Kurz gesagt"}), OwnWords("charged", 2, {"heading": "Bezahlt"}))
    paid = notice(2, "charged", SaidLine(amount=Decimal(80), currency="EUR"), words=words)
    message = render_digest([parcel(1, "shipped", 7), paid])
    assert "<h1>Kurz gesagt</h1>" in message.html
    assert "BEZAHLT" in message.text
    assert message.version_of("charged") == 2
    assert message.version_of("shipped") == 0


def test_notices_of_two_orders_are_no_digest() -> None:
    with pytest.raises(ValueError, match="one order"):
        render_digest([WAITS, notice(3, "shipped", said(), order_ref="1043")])
