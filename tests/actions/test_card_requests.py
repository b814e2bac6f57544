"""What the card processor is asked: once each, in order, and again until it has answered."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from tests.actions.card_steps import STARTS_AT, at, ledger, open_shop, order, process

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import postpone, take_request
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.gateways.card_work import carry_out_all, carry_out_next
from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused, ProcessorAway
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows

pytestmark = pytest.mark.django_db


def test_a_processor_that_is_away_is_asked_again_under_the_same_key() -> None:
    class Away(LocalProcessor):
        keys: ClassVar[list[str]] = []

        def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:
            self.keys.append(request.key)
            if len(self.keys) < 3:
                raise ProcessorAway("no answer")
            return super().carry_out(request, at)

    open_shop()
    order(1)
    gateway = Away(in_drill=True)
    assert carry_out_next(gateway, STARTS_AT)
    assert not carry_out_next(gateway, STARTS_AT), "it rests for a while"
    carry_out_all(gateway, at(1))
    assert len(gateway.keys) == 3
    assert len(set(gateway.keys)) == 1
    assert ledger() == [("authorise", "40.00")]


def test_what_the_processor_does_not_understand_becomes_a_task_and_is_not_lost() -> None:
    class Strict(LocalProcessor):
        def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:
            raise CardRequestRefused("this account takes no USD")

    open_shop()
    order(1)
    assert carry_out_next(Strict(in_drill=True), STARTS_AT)
    assert rows("SELECT kind, text FROM task") == [("card", "Card: authorise 40.00 USD: this account takes no USD")]
    process(1)
    assert ledger() == [("authorise", "40.00")]


def test_a_worker_that_died_with_a_request_in_hand_leaves_it_to_the_next() -> None:
    open_shop()
    order(1)
    taken = take_request(STARTS_AT)
    assert taken is not None
    LocalProcessor(in_drill=True).carry_out(
        CardRequest(taken[0].key, "authorise", "O1", Decimal(40), "USD", "tok_visa"), STARTS_AT
    )
    assert take_request(STARTS_AT) is None, "it is still in that worker's hand"
    process(1)
    assert ledger() == [("authorise", "40.00")]
    assert rows("SELECT attempts FROM card_request") == [(2,)]


def test_an_unanswered_request_rests_longer_each_time() -> None:
    open_shop()
    order(1)
    waits = []
    now = STARTS_AT
    for _ in range(6):
        taken = take_request(now)
        assert taken is not None
        postpone(taken[0], now)
        (later,) = one("SELECT next_try_at FROM card_request")
        waits.append((later - now).total_seconds())
        now = later
    assert waits == [5, 30, 120, 600, 3600, 3600]


def test_requests_of_an_order_go_one_after_the_other() -> None:
    open_shop()
    order(2)
    cancel_order("O1", {"lamp": 1}, at(0))
    assert take_request(STARTS_AT) is not None
    assert take_request(STARTS_AT) is None, "the void waits for the authorisation's answer"


def test_an_answer_that_comes_twice_has_its_effect_once() -> None:
    open_shop(stock=1)
    order(1)
    taken = take_request(STARTS_AT)
    assert taken is not None
    word = CardWord(is_approved=True, reference="au_1", scheme="visa")
    assert take_card_answer(taken[0].key, word, STARTS_AT)
    assert not take_card_answer(taken[0].key, word, STARTS_AT)
    assert not take_card_answer(taken[0].key, CardWord(is_approved=False), at(1))
    assert not take_card_answer("a key that nobody has", word, STARTS_AT)
    assert ledger() == [("authorise", "40.00")]
