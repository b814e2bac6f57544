"""Authorisations that our own days end before the bank lets go: the customer is not held twice."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.actions.card_steps import at, ledger, open_shop, order, pay_until, process, shipped

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.give_card import give_card
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.take_processor_event import ENDED, ProcessorNews, take_processor_event
from raincheck.core.cards import Use, let_go_by
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards import CardAnswer, CardRequest
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class TakesNoVoid(LocalProcessor):
    """A processor that gives nothing back."""

    def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:
        if request.kind == "void":
            return CardAnswer("declined", "vo_1", reason="nothing is held")
        return super().carry_out(request, at)


def test_what_the_bank_may_hold_is_what_the_processor_says_else_the_longer_of_the_scheme_s_days_and_ours() -> None:
    def days(scheme: str, use: Use, ours: dict[str, int], says: int | None = None) -> int:
        said = None if says is None else MONDAY + timedelta(days=says)
        return (let_go_by(scheme, use, MONDAY, ours, said) - MONDAY).days

    assert days("visa", Use.CUSTOMER, {"visa": 3}) == 7
    assert days("visa", Use.CUSTOMER, {"visa": 10}) == 10
    assert days("visa", Use.MERCHANT, {}) == 5
    assert days("visa", Use.MERCHANT, {}, says=7) == 7
    assert days("mastercard", Use.CUSTOMER, {"mastercard": 20}, says=4) == 4


def test_what_our_own_days_ended_is_given_back_once_another_one_is_approved() -> None:
    """Three days by contract, seven by the processor's word: from the fourth day on the card would be held twice."""
    open_shop(authorisation_days=(("visa", 3),))
    order(2)
    process()
    pay_until(4)
    assert ledger() == [("authorise", "80.00")], "nothing can go, so nothing is asked, and nothing is held twice"
    count("east", {"lamp": 1}, at(4))
    process(4)
    assert ledger()[1:] == [("authorise", "40.00"), ("capture", "40.00"), ("void", "80.00")]
    assert audit() == []


def test_what_the_bank_has_let_go_by_itself_is_not_given_back() -> None:
    open_shop(authorisation_days=(("visa", 3),))
    order(1)
    process()
    count("east", {"lamp": 1}, at(8))
    process(8)
    assert ledger() == [("authorise", "40.00"), ("authorise", "40.00"), ("capture", "40.00")]


def test_what_the_scheme_ended_is_not_given_back() -> None:
    open_shop()
    order(1)
    process()
    count("east", {"lamp": 1}, at(7))
    process(7)
    assert ledger() == [("authorise", "40.00"), ("authorise", "40.00"), ("capture", "40.00")]


def test_only_what_is_left_of_it_is_given_back() -> None:
    open_shop(stock=1, authorisation_days=(("visa", 3),))
    order(2)
    process()
    count("east", {"lamp": 1}, at(4))
    process(4)
    assert ledger() == [
        ("authorise", "80.00"),
        ("capture", "40.00"),
        ("authorise", "40.00"),
        ("capture", "40.00"),
        ("void", "40.00"),
    ]
    assert audit() == []


def test_a_renewal_that_is_declined_leaves_the_old_one_until_nothing_is_open() -> None:
    open_shop(authorisation_days=(("visa", 3),))
    order(1, card="tok_declines_later")
    process()
    count("east", {"lamp": 1}, at(4))
    process(4)
    assert (shipped(), ledger()) == (0, [("authorise", "40.00")])
    assert rows("SELECT count(*) FROM card_request WHERE kind = 'void'") == [(0,)]
    cancel_order("O1", at=at(5))
    process(5)
    assert ledger() == [("authorise", "40.00"), ("void", "40.00")]
    assert audit() == []


def test_a_cancel_after_our_own_days_gives_back_what_the_bank_may_hold() -> None:
    open_shop(authorisation_days=(("visa", 3),))
    order(2)
    process()
    pay_until(4)
    cancel_order("O1", {"lamp": 1}, at(4))
    process(4)
    assert ledger() == [("authorise", "80.00")], "one is open still: only a new authorisation or the end gives it back"
    cancel_order("O1", at=at(5))
    process(5)
    assert ledger() == [("authorise", "80.00"), ("void", "80.00")]
    assert audit() == []


def test_another_card_that_is_approved_ends_what_the_first_one_may_hold() -> None:
    open_shop(authorisation_days=(("visa", 3),))
    order(1)
    process()
    pay_until(4)
    give_card("O1", "tok_mastercard", at(4))
    process(4)
    assert ledger() == [("authorise", "40.00"), ("authorise", "40.00"), ("void", "40.00")]
    assert rows("SELECT card FROM card_request WHERE kind = 'void'") == [("tok_visa",)]


def test_a_void_that_comes_too_late_or_is_declined_does_no_harm() -> None:
    open_shop(authorisation_days=(("visa", 3),))
    order(1)
    process()
    count("east", {"lamp": 1}, at(4))
    carry_out_all(TakesNoVoid(in_drill=True), at(4))
    assert (shipped(), ledger()) == (1, [("authorise", "40.00"), ("authorise", "40.00"), ("capture", "40.00")])
    assert rows("SELECT kind, state FROM card_request WHERE kind = 'void'") == [("void", "declined")]
    assert rows("SELECT count(*) FROM task") == [(0,)]
    assert audit() == []


def test_what_the_processor_says_it_let_go_is_not_given_back() -> None:
    """It calls that the authorisation has ended: then there is nothing to void, whatever it had said before."""
    now = datetime.now(UTC).replace(microsecond=0)
    open_shop(authorisation_days=(("visa", 3),))
    order(1)
    process()
    run("UPDATE card_request SET expires_at = %s, let_go_by = %s", [now + timedelta(days=3), now + timedelta(days=7)])
    (key,) = one("SELECT key FROM card_request WHERE kind = 'authorise'")
    take_processor_event(ProcessorNews("local", "ev_1", ENDED, now, key=key))
    later = datetime.now(UTC) + timedelta(minutes=1)
    count("east", {"lamp": 1}, later)
    carry_out_all(LocalProcessor(in_drill=True), later)
    assert ledger() == [("authorise", "40.00"), ("authorise", "40.00"), ("capture", "40.00")]


def test_what_a_final_capture_released_is_not_given_back() -> None:
    open_shop(stock=1, authorisation_days=(("visa", 3),))
    order(1)
    process()
    run("UPDATE card_request SET amount = 45, expires_at = %s WHERE kind = 'authorise'", [at(1)])
    return_goods("O1", {"lamp": 1}, at=at(2))
    process(2)
    assert [kind for kind, _ in ledger()] == ["authorise", "capture", "refund"]
