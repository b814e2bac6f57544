"""The local test processor answers as a card processor would, whatever it is sent and however often."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.gateways.requests import MONDAY, authorise, capture, refund, void

from raincheck.gateways.cards import CardGateway, CardRequestRefused, ProcessorAway, card_gateway
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.processor_books import draws_on, entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def processor() -> LocalProcessor:
    """A processor with empty books."""
    return LocalProcessor()


def test_without_a_key_for_another_processor_it_is_the_one_in_use() -> None:
    assert isinstance(card_gateway(), LocalProcessor)


def test_an_authorisation_says_its_scheme_and_until_when_it_holds(processor: CardGateway) -> None:
    visa = processor.carry_out(authorise("a"), MONDAY)
    mastercard = processor.carry_out(authorise("b", method="tok_mastercard"), MONDAY)
    assert (visa.outcome, visa.scheme, visa.expires_at) == ("approved", "visa", MONDAY + timedelta(days=7))
    assert (mastercard.scheme, mastercard.expires_at) == ("mastercard", MONDAY + timedelta(days=30))


def test_the_same_key_has_the_same_answer_and_acts_once(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY).reference
    first = processor.carry_out(capture("c", "40.00", held), MONDAY)
    again = processor.carry_out(capture("c", "40", held), MONDAY + timedelta(days=90))
    assert again == first == processor.find("c")
    assert len(draws_on(held)) == 1


def test_the_same_key_for_something_else_is_refused(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY).reference
    processor.carry_out(capture("c", "40.00", held), MONDAY)
    with pytest.raises(CardRequestRefused, match="used for capture of 40"):
        processor.carry_out(capture("c", "41.00", held), MONDAY)


def test_parcel_after_parcel_is_captured_until_the_last_releases_the_rest(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY).reference
    assert processor.carry_out(capture("c1", "40.00", held), MONDAY).fee == Decimal("1.46")
    assert processor.carry_out(capture("c2", "30.00", held, is_final=True), MONDAY).outcome == "approved"
    late = processor.carry_out(capture("c3", "10.00", held), MONDAY)
    assert (late.outcome, late.reason) == ("declined", "the authorisation has had its final capture")


def test_visa_lets_captures_go_fifteen_percent_above_and_mastercard_nothing(processor: CardGateway) -> None:
    visa = processor.carry_out(authorise("a"), MONDAY).reference
    assert processor.carry_out(capture("c1", "115.00", visa), MONDAY).outcome == "approved"
    assert processor.carry_out(capture("c2", "0.01", visa), MONDAY).reason == "more than was authorised"
    other = processor.carry_out(authorise("b", method="tok_mastercard"), MONDAY).reference
    assert processor.carry_out(capture("c3", "100.01", other), MONDAY).reason == "more than was authorised"


def test_what_is_held_is_given_back_in_part_and_never_twice(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY).reference
    processor.carry_out(capture("c", "40.00", held), MONDAY)
    assert processor.carry_out(void("v1", "25.00", held), MONDAY).outcome == "approved"
    assert processor.carry_out(void("v2", "35.01", held), MONDAY).reason == "more than is held"
    assert processor.carry_out(void("v3", "35.00", held), MONDAY).outcome == "approved"


def test_refunds_never_come_to_more_than_the_capture(processor: CardGateway) -> None:
    charge = processor.carry_out(capture("c", "40.00"), MONDAY).reference
    assert processor.carry_out(refund("r1", "15.00", charge), MONDAY).outcome == "approved"
    assert processor.carry_out(refund("r2", "25.01", charge), MONDAY).reason == "more than was captured"
    assert processor.carry_out(refund("r3", "25.00", charge), MONDAY).outcome == "approved"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("tok_declined", "the bank says no"),
        ("tok_insufficient_funds", "insufficient funds"),
        ("tok_lost_card", "the card was reported lost"),
        ("tok_expired_card", "the card has expired"),
        ("4242424242424242", "the processor does not know this card"),
    ],
)
def test_a_bad_card_is_declined_and_says_why(processor: CardGateway, token: str, reason: str) -> None:
    for answer in (
        processor.carry_out(authorise("a", method=token), MONDAY),
        processor.carry_out(capture("c", "5.00", method=token), MONDAY),
    ):
        assert (answer.outcome, answer.reason, answer.fee) == ("declined", reason, Decimal(0))


def test_a_card_that_declines_once_is_good_the_next_time(processor: CardGateway) -> None:
    card = {"method": "tok_declines_once"}
    assert processor.carry_out(authorise("a", **card), MONDAY).outcome == "declined"
    assert processor.carry_out(authorise("a", **card), MONDAY).outcome == "declined", "the same request again"
    assert processor.carry_out(authorise("b", **card), MONDAY).outcome == "approved"


def test_a_card_that_declines_later_cannot_be_renewed_but_captured(processor: CardGateway) -> None:
    card = {"method": "tok_declines_later"}
    held = processor.carry_out(authorise("a", **card), MONDAY).reference
    assert processor.carry_out(authorise("b", **card), MONDAY).reason == "the card has expired"
    assert processor.carry_out(capture("c", "10.00", held, **card), MONDAY).outcome == "approved"


def test_nothing_is_captured_of_an_authorisation_that_has_ended(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY)
    assert held.expires_at is not None
    assert processor.carry_out(capture("c1", "1.00", held.reference), held.expires_at).reason == (
        "the authorisation has ended"
    )
    early = processor.carry_out(authorise("b", method="tok_expires_early"), MONDAY)
    assert early.expires_at == MONDAY + timedelta(days=7), "it says seven days"
    after_a_day = capture("c2", "1.00", early.reference)
    assert processor.carry_out(after_a_day, MONDAY + timedelta(days=1)).outcome == "declined"


@pytest.mark.parametrize(("token", "has_acted"), [("tok_away_before", False), ("tok_away_after", True)])
def test_whether_a_silent_processor_has_acted_is_found_out(processor: CardGateway, token: str, has_acted: bool) -> None:
    request = capture("c", "40.00", method=token)
    with pytest.raises(ProcessorAway):
        processor.carry_out(request, MONDAY)
    assert (processor.find("c") is not None) is has_acted
    answer = processor.carry_out(request, MONDAY + timedelta(hours=1))
    assert answer.outcome == "approved"
    assert processor.find("c") == answer
    assert len(list(entries(None, None))) == 1, "charged once"


@pytest.mark.parametrize(
    "request_fields",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("1.001")},
        {"amount": Decimal("1.50"), "currency": "JPY"},
        {"key": ""},
        {"key": "k" * 65},
        {"kind": "steal"},
        {"kind": "void"},
        {"kind": "refund"},
        {"authorisation": "au_nothing"},
    ],
)
def test_a_malformed_request_is_refused_and_leaves_no_trace(
    processor: CardGateway, request_fields: dict[str, Any]
) -> None:
    request = replace(capture("c", "40.00"), **request_fields)
    with pytest.raises(CardRequestRefused):
        processor.carry_out(request, MONDAY)
    assert processor.find(request.key) is None


def test_another_currency_than_was_authorised_is_refused(processor: CardGateway) -> None:
    held = processor.carry_out(authorise("a"), MONDAY).reference
    with pytest.raises(CardRequestRefused, match="USD, not EUR"):
        processor.carry_out(capture("c", "40.00", held, currency="EUR"), MONDAY)


def test_in_a_drill_what_another_processor_holds_is_taken_for_good() -> None:
    drill = LocalProcessor(in_drill=True)
    assert drill.carry_out(capture("c", "40.00", "pi_of_stripe"), MONDAY).outcome == "approved"
    assert drill.carry_out(refund("r", "40.00", "pi_of_stripe"), MONDAY).outcome == "approved"
