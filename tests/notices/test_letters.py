"""What a customer reads: the right items, days and amounts, and nothing that does not belong there."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.notices.facts import LAMP, STOVE, facts, line_now, said

from raincheck.notices import page_of, render, style_source
from raincheck.notices.wording import EVENTS, WITHOUT_ORDER
from raincheck.store.outbox_read import SaidLine

THURSDAY, NEXT_THURSDAY = date(2026, 3, 12), date(2026, 3, 19)
PRICE = Decimal("40.0000")
SAID = {
    "charged": SaidLine(amount=Decimal("80.0000"), currency="EUR"),
    "refunded": SaidLine(amount=Decimal("80.0000"), currency="EUR"),
}


def test_every_event_that_customers_hear_of_has_words() -> None:
    for event in EVENTS.keys() - WITHOUT_ORDER:
        message = render(facts(event, SAID.get(event, said(on=THURSDAY, was_on=NEXT_THURSDAY))))
        assert "1042" in message.subject
        assert message.text.startswith("Hello Ann Verbeek,")
        assert "Field & Hearth" in message.text
        assert "Field &amp; Hearth" in message.html


@pytest.mark.parametrize("event", sorted(EVENTS.keys() - WITHOUT_ORDER))
def test_no_event_speaks_the_warehouse_s_language(event: str) -> None:
    line = SAID.get(event, said(on=None, was_on=THURSDAY))
    message = render(facts(event, line, order=(line_now(promise_on=None, ship="complete"),)))
    for word in ("peg", "backorder", "allocat", "inbound", "SKU", "None", "null", ".0000", "{", "}"):
        assert word not in message.subject + message.text


def test_a_confirmation_says_what_comes_when_and_what_it_costs() -> None:
    waiting = said(units=5, reserved_units=2, waiting_units=3, on=THURSDAY, unit_price=PRICE)
    refused = said("STOVE", STOVE, 1, refused_units=1, unit_price=Decimal("89.50"))
    text = render(facts("order_confirmed", waiting, refused)).text
    assert f"5 x {LAMP}, €200.00" in text
    assert "2 ready to ship; 3 to follow, expected Thursday 12 March" in text
    assert "cannot be supplied" in text
    assert "Total €200.00" in text


def test_an_order_that_is_all_here_is_not_called_late() -> None:
    text = render(facts("order_confirmed", said(reserved_units=3, unit_price=PRICE, on=THURSDAY))).text
    assert "getting it ready" in text
    assert "ready to ship, expected Thursday 12 March" in text
    assert "not in stock" not in text


def test_what_is_not_on_sale_yet_is_not_called_out_of_stock() -> None:
    text = render(facts("order_confirmed", said(waiting_units=3), order=(line_now(preordered_units=3),))).text
    assert "It is not on sale yet; below you see when we expect it." in text
    assert "not in stock" not in text


def test_an_order_that_waits_for_all_of_it_says_so() -> None:
    order = (line_now(ship="complete"),)
    lines = said(units=1, reserved_units=1), said("STOVE", STOVE, 1, waiting_units=1, on=THURSDAY)
    text = render(facts("order_confirmed", *lines, order=order)).text
    assert "We send everything together" in text
    assert "set aside for you" in text
    assert "ready to ship" not in text


def test_an_order_in_two_parcels_at_most_says_so() -> None:
    order = (line_now(ship="up_to:2"), line_now("STOVE", STOVE, 1, ship="up_to:2"))
    lines = said(units=1, reserved_units=1, on=THURSDAY), said("STOVE", STOVE, 1, waiting_units=1, on=THURSDAY)
    text = render(facts("order_confirmed", *lines, order=order)).text
    assert "We send it in at most 2 parcels; each day is its parcel's." in text


def test_without_a_date_we_say_that_we_will_write() -> None:
    text = render(facts("backordered", said(on=None))).text
    assert "no date yet, we will write as soon as we have one" in text


def test_one_thing_is_spoken_of_in_the_singular() -> None:
    text = render(facts("backordered", said(units=1, on=THURSDAY), order=(line_now(ordered=1),))).text
    assert "This item is not in stock at the moment. You need to do nothing: we send it as soon as we can." in text
    assert "we cancel it and you pay nothing for it" in text


def test_who_paid_in_advance_gets_money_back() -> None:
    text = render(facts("backordered", said(on=THURSDAY), charge="order")).text
    assert "you get your money back" in text
    assert "pay nothing" not in text


def test_a_delay_names_both_days() -> None:
    message = render(facts("delayed", said(on=NEXT_THURSDAY, was_on=THURSDAY)))
    assert message.subject == "Your order 1042 comes later: Thursday 19 March"
    assert "now expected Thursday 19 March instead of Thursday 12 March" in message.text


def test_a_day_that_was_lost_is_not_named_as_the_new_one() -> None:
    message = render(facts("delayed", said(on=None, was_on=THURSDAY)))
    assert message.subject == "Your order 1042 is delayed"
    assert "not on Thursday 12 March; no date yet" in message.text
    assert "We write again as soon as we know the new date." in message.text


def test_a_day_of_another_year_has_its_year() -> None:
    assert "expected Monday 4 January 2027" in render(facts("date_expected", said(on=date(2027, 1, 4)))).text


@pytest.mark.parametrize(
    ("country", "day", "amount"),
    [
        ("US", "Thursday, March 12", "$120.00"),
        ("", "Thursday, March 12", "$120.00"),
        ("GB", "Thursday 12 March", "US$120.00"),
        ("NL", "Thursday 12 March", "US$120.00"),
    ],
)
def test_days_and_money_are_written_as_the_customer_s_country_does(country: str, day: str, amount: str) -> None:
    line = said(waiting_units=3, on=THURSDAY, unit_price=PRICE)
    text = render(facts("order_confirmed", line, customer_country=country, currency="USD")).text
    assert f"expected {day}" in text
    assert f"Total {amount}" in text


def test_a_currency_without_cents_is_written_without() -> None:
    payment = SaidLine(amount=Decimal("1200.0000"), currency="JPY")
    assert "JP¥1,200 " in render(facts("charged", payment)).subject


def test_two_payments_of_one_parcel_day_are_added_up_and_named() -> None:
    payments = (SaidLine(amount=Decimal(amount), currency="EUR") for amount in ("80.0000", "40.5"))
    message = render(facts("charged", *payments))
    assert message.subject == "Your payment of €120.50 for order 1042"
    assert "2 payments: €80.00 and €40.50" in message.text


def test_a_parcel_says_what_is_in_it_and_what_is_still_to_come() -> None:
    order = (line_now(ordered=5, open_units=3, shipped_units=2, promise_on=THURSDAY),)
    message = render(facts("shipped", said(units=2), order=order, arrives_on=date(2026, 3, 4)))
    assert message.subject == "A part of your order 1042 is on its way"
    assert "We expect it with you on Wednesday 4 March." in message.text
    there, to_come = message.text.split("Still to come")
    assert f"2 x {LAMP}" in there
    assert f"3 x {LAMP}\n      expected Thursday 12 March" in to_come


def test_the_last_parcel_is_the_rest() -> None:
    order = (line_now(ordered=5, open_units=0, shipped_units=5),)
    assert render(facts("shipped", said(units=3), order=order)).subject == "The rest of your order 1042 is on its way"


def test_one_product_in_two_parcels_is_listed_once() -> None:
    message = render(facts("shipped", said(units=1), said(units=2), parcels=2))
    assert "2 parcels are on their way to you." in message.text
    assert f"3 x {LAMP}" in message.text
    assert message.text.count(LAMP) == 2  # Once sent, once still to come.


@pytest.mark.parametrize(
    ("by_customer", "words"), [(True, "As you asked, we have cancelled"), (False, "We are sorry: we cannot supply")]
)
def test_a_cancellation_says_whose_wish_it_was(by_customer: bool, words: str) -> None:
    order = (line_now(ordered=1, open_units=0, cancelled_units=1),)
    message = render(facts("cancelled", said(units=1), by_customer=by_customer, order=order))
    assert message.subject == "Your order 1042 is cancelled"
    assert words in message.text
    assert "The rest of your order" not in message.text


def test_what_is_not_cancelled_stays() -> None:
    order = (line_now(ordered=5, open_units=3, cancelled_units=2),)
    message = render(facts("cancelled", said(units=2), by_customer=True, order=order))
    assert message.subject == "A part of your order 1042 is cancelled"
    assert "The rest of your order stays as it is." in message.text


def test_what_the_floor_still_has_to_stop_is_not_said_to_stay() -> None:
    order = (line_now(ordered=2, open_units=2, stopping_units=2), line_now("STOVE", STOVE, 1, cancelled_units=1))
    order = (order[0], replace(order[1], open_units=0))
    text = render(facts("cancelled", said("STOVE", STOVE, 1), by_customer=True, order=order)).text
    assert "The rest is being packed already: we are stopping it" in text
    assert "stays as it is" not in text


def test_who_did_not_answer_is_not_blamed_when_the_law_ends_an_order() -> None:
    order = (line_now(ordered=1, open_units=0, cancelled_units=1),)
    text = render(facts("cancelled", said(units=1), by_law=True, order=order)).text
    assert "By law we may not keep it open any longer without your consent, so we have cancelled it." in text


def test_silence_speaks_of_what_was_asked_about_and_not_of_the_whole_order() -> None:
    asked = said(units=1, on=NEXT_THURSDAY, ships_on=NEXT_THURSDAY, by_on=THURSDAY, stage="answer_needed")
    order = (line_now(ordered=1), line_now("STOVE", STOVE, 1))
    text = render(facts("option_notice", asked, order=order)).text
    assert "have not shipped by Thursday 12 March, we cancel it by ourselves, and you pay nothing for it." in text
    assert "cancel your order by ourselves" not in text
    paid = render(facts("option_notice", asked, order=order, charge="order")).text
    assert "we cancel it by ourselves, and you get back what you have paid for it." in paid


def test_lines_that_end_on_the_same_day_are_spoken_of_together() -> None:
    terms: dict[str, Any] = {"ships_on": NEXT_THURSDAY, "by_on": THURSDAY, "stage": "answer_needed"}
    lamps, stove = said(on=NEXT_THURSDAY, **terms), said("STOVE", STOVE, 1, on=NEXT_THURSDAY, **terms)
    text = render(facts("option_notice", lamps, stove)).text
    assert text.count("If we do not hear from you") == 1
    later = replace(stove, by_on=NEXT_THURSDAY)
    text = render(facts("option_notice", lamps, later)).text
    assert f"we cancel {LAMP} by ourselves, and you pay nothing for them." in text
    assert f"we cancel {STOVE} by ourselves, and you pay nothing for it." in text


def test_a_line_that_was_raised_is_asked_about_once() -> None:
    terms: dict[str, Any] = {
        "ships_on": NEXT_THURSDAY,
        "by_on": NEXT_THURSDAY,
        "stage": "silence_consents",
        "on": NEXT_THURSDAY,
    }
    text = render(facts("option_notice", said(units=2, **terms), said(units=1, **terms))).text
    assert f"3 x {LAMP}" in text
    assert text.count("we will ship them by Thursday 19 March") == 1


def test_each_further_delay_that_is_asked_about_is_named_with_its_product() -> None:
    terms: dict[str, Any] = {"ships_on": THURSDAY, "by_on": THURSDAY, "stage": "silence_consents", "on": THURSDAY}
    lamps = said(**terms, further_on=NEXT_THURSDAY)
    stove = said("STOVE", STOVE, 1, **terms, further_on=date(2026, 3, 26))
    text = render(facts("option_notice", lamps, stove)).text
    assert f"until Thursday 19 March ({LAMP}), Thursday 26 March ({STOVE})" in text


def test_a_day_that_comes_too_late_without_a_yes_says_so() -> None:
    asked: dict[str, Any] = {"ships_on": NEXT_THURSDAY, "by_on": THURSDAY, "stage": "answer_needed"}
    text = render(facts("date_expected", said(on=NEXT_THURSDAY, **asked))).text
    assert "If you agree to wait until Thursday 19 March" in text
    assert "have not shipped by Thursday 12 March, we cancel them by ourselves" in text
    plain = render(facts("date_expected", said(on=NEXT_THURSDAY))).text
    assert "If we do not hear from you" not in plain


def test_a_parcel_on_the_road_that_is_late_is_counted_and_ended_by_a_reply() -> None:
    late = said(units=2, on=NEXT_THURSDAY, was_on=THURSDAY, stage="passed", on_the_way=True)
    text = render(facts("option_notice", late, page_url="https://shop.example/my/x")).text
    assert f"2 x {LAMP}" in text
    assert "agreed for Thursday 12 March; on their way to you, expected Thursday 19 March" in text
    assert "reply to this message with the word CANCEL" in text
    assert "choose Cancel" not in text


def test_a_declined_payment_may_be_of_what_waits_or_of_what_has_left() -> None:
    kept = "after that it goes to others who wait, and you keep your place"
    waits, gone = facts("payment_failed"), facts("payment_failed", order=(line_now(open_units=0, shipped_units=3),))
    for notice in (waits, gone):
        assert "declined the payment for your order. Nothing was charged this time." in render(notice).text
    assert kept in render(waits).text
    assert kept not in render(gone).text
    assert "We try again every day." in render(gone).text


def test_a_changed_order_is_shown_as_it_stands() -> None:
    changed = line_now(
        ordered=6, open_units=2, cancelled_units=1, shipped_units=2, refused_units=1, promise_on=THURSDAY
    )
    text = render(facts("order_changed", said(units=6), order=(changed,))).text
    assert "2 sent; 2 expected Thursday 12 March; 1 cannot be supplied" in text
    assert "Total €160.00" in text


def test_names_cannot_pass_for_markup_or_headers() -> None:
    hostile = "<script>alert(1)</script>\r\nBcc: all@example.com"
    message = render(replace(facts("backordered", said(name=hostile, on=THURSDAY)), customer_name=hostile))
    assert "<script" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "\n" not in message.subject
    assert "\r" not in message.text
    assert "Hello <script>alert(1)</script> Bcc: all@example.com," in message.text


def test_an_endless_name_leaves_a_subject_that_fits() -> None:
    assert len(render(facts("backordered", said(name="x" * 300, on=THURSDAY), order_ref="y" * 100)).subject) <= 200


def test_a_customer_without_a_name_is_greeted_all_the_same() -> None:
    assert render(facts("shipped", said(), customer_name="")).text.startswith("Hello,\n")


def test_html_carries_its_style_sheet_and_nothing_from_elsewhere() -> None:
    message = render(facts("backordered", said(on=THURSDAY)))
    page = page_of(message.subject, message.html)
    assert "prefers-color-scheme: dark" in page
    assert " style=" not in page
    for foreign in ("http:", "https:", "<img", "<script", "<link", "url("):
        assert foreign not in page


def test_the_style_sheet_s_hash_is_that_of_the_page() -> None:
    import base64
    import hashlib

    sheet = page_of("s", "h").split("<style>")[1].split("</style>")[0]
    assert style_source() == f"'sha256-{base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()}'"


def test_the_same_facts_give_the_same_message() -> None:
    notice = facts("delayed", said(on=NEXT_THURSDAY, was_on=THURSDAY))
    assert render(notice) == render(notice)
