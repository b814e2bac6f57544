"""Another card: it pays what the first one did not, and what is still to ship; the first one holds nothing more."""

from decimal import Decimal

import pytest
from tests.actions.card_steps import STARTS_AT, at, ledger, open_shop, order, pay_until, process, shipped

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import take_request
from raincheck.actions.give_card import give_card
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.run_timers import run_due
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.core.errors import Malformed, Refused
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.order import order_view
from raincheck.store.reads.paying import Paying, paying

pytestmark = pytest.mark.django_db


def stands(ref: str = "O1", days: float = 0) -> Paying:
    found = order_view(ref)
    assert found is not None
    return paying(found.id, at(days))


def requests() -> list[tuple[str, str, str, str]]:
    found = rows("SELECT kind, amount, card, state FROM card_request ORDER BY id")
    return [(kind, f"{amount:.2f}", card, state) for kind, amount, card, state in found]


def test_another_card_pays_at_once_what_the_first_one_declined() -> None:
    open_shop(stock=1)
    order(1, card="tok_declined")
    process()
    assert (stands().is_declined, stands().takes_card, stands().why) == (True, True, "the bank says no")
    give_card("O1", "tok_mastercard", at(0.1), "customer")
    process(0.1)
    assert (shipped(), ledger()) == (1, [("authorise", "40.00"), ("capture", "40.00")])
    assert rows("SELECT verb, actor FROM fact WHERE verb = 'card_given'") == [("card_given", "customer")]
    assert not stands().is_declined
    assert audit() == []


def test_a_customer_may_change_the_card_before_anything_went_wrong() -> None:
    """A lost card is blocked: what it held is let go, the new one is authorised for as long as at placing."""
    open_shop()
    order(2)
    process()
    give_card("O1", "tok_mastercard", at(1))
    process(1)
    assert requests() == [
        ("authorise", "80.00", "tok_visa", "approved"),
        ("void", "80.00", "tok_visa", "approved"),
        ("authorise", "80.00", "tok_mastercard", "approved"),
    ]
    assert (stands(days=1).held, stands(days=1).held_until) == (Decimal(80), at(31))
    assert audit() == []


def test_an_authorisation_that_ran_out_can_be_renewed_with_another_card() -> None:
    open_shop()
    order(1)
    process()
    pay_until(8)
    now = stands(days=8)
    assert (now.held, now.to_come, now.asking, now.takes_card) == (Decimal(0), Decimal(40), False, True)
    give_card("O1", "tok_amex", at(8))
    process(8)
    count("east", {"lamp": 1}, at(9))
    process(9)
    assert shipped() == 1
    assert requests()[-1] == ("capture", "40.00", "tok_amex", "approved")
    assert audit() == []


def test_units_of_a_declined_line_wait_for_the_card_and_no_longer_than_the_grace() -> None:
    open_shop(stock=1, payment_grace_days=3)
    order(1, card="tok_declined")
    process()
    order(1, ref="O2", card="tok_visa")
    assert stands().kept_until == at(3)
    pay_until(4)
    assert (shipped("O1"), shipped("O2")) == (0, 1), "after three days they go to whoever is next"
    assert stands().kept_until is None, "nothing is kept any more"
    assert stands().is_declined
    give_card("O1", "tok_visa", at(4))
    process(4)
    count("east", {"lamp": 1}, at(5))
    process(5)
    assert shipped("O1") == 1
    assert audit() == []


def test_what_is_owed_for_a_parcel_that_has_gone_is_charged_to_the_new_card() -> None:
    open_shop(stock=1)
    order(1)
    process_authorisation()
    answer("capture", "the card was reported lost")
    assert [stands().owed, stands().due_now, stands().to_come] == [Decimal(40), Decimal(40), Decimal(0)]
    give_card("O1", "tok_mastercard", at(0.5))
    process(0.5)
    assert ledger() == [("authorise", "40.00"), ("capture", "40.00")]
    assert [stands().owed, stands().due_now, stands().paid] == [Decimal(0), Decimal(0), Decimal(40)]
    assert audit() == []


def process_authorisation() -> None:
    taken = take_request(STARTS_AT)
    assert taken is not None
    word = CardWord(is_approved=True, reference="au_1", scheme="visa")
    assert take_card_answer(taken[0].key, word, STARTS_AT)


def answer(kind: str, reason: str) -> None:
    taken = take_request(STARTS_AT)
    assert taken is not None
    assert taken[0].kind == kind
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason=reason), STARTS_AT)


def test_a_no_of_the_card_before_that_comes_late_holds_nothing_up() -> None:
    """The worker asks the first card while the customer gives another one: only the new one's answer counts."""
    open_shop(stock=1)
    order(1, card="tok_visa")
    taken = take_request(STARTS_AT)
    assert taken is not None
    give_card("O1", "tok_mastercard", at(0))
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="the bank says no"), at(0))
    assert rows("SELECT count(*) FROM notice WHERE event = 'payment_failed'") == [(0,)]
    process()
    assert (shipped(), ledger()) == (1, [("authorise", "40.00"), ("capture", "40.00")])
    assert audit() == []


def test_a_capture_that_the_card_before_declines_late_is_asked_of_the_new_one() -> None:
    open_shop(stock=1)
    order(2)
    process_authorisation()
    taken = take_request(STARTS_AT)
    assert taken is not None
    assert taken[0].kind == "capture"
    give_card("O1", "tok_mastercard", at(0))
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="the bank says no"), at(0))
    process()
    approved = [(kind, amount, card) for kind, amount, card, state in requests() if state == "approved"]
    assert ("capture", "40.00", "tok_mastercard") in approved
    assert ("authorise", "40.00", "tok_mastercard") in approved
    assert stands().paid == 40
    assert audit() == []


def test_the_same_card_again_is_asked_again_and_lets_nothing_go() -> None:
    open_shop(stock=1)
    order(1, card="tok_declines_once")
    process()
    give_card("O1", "tok_declines_once", at(0.1))
    process(0.1)
    assert (shipped(), [kind for kind, _ in ledger()]) == (1, ["authorise", "capture"])


def test_two_cards_given_at_once_are_charged_once() -> None:
    open_shop(stock=1)
    order(1, card="tok_declined")
    process()
    give_card("O1", "tok_mastercard", at(0.1))
    give_card("O1", "tok_amex", at(0.1))
    process(0.1)
    assert shipped() == 1
    assert one("SELECT sum(amount) FROM payment WHERE kind = 'capture'") == (Decimal(40),)
    assert [card for kind, _, card, state in requests() if (kind, state) == ("capture", "approved")] == ["tok_amex"]
    assert audit() == []


@pytest.mark.parametrize(
    ("card", "error", "said"),
    [
        ("4242424242424242", Malformed, "not a number"),
        ("", Malformed, "token"),
        ("tok visa", Malformed, "token"),
        ("tok_visa\n", Malformed, "token"),
        ("t" * 201, Malformed, "token"),
    ],
)
def test_what_is_no_token_is_refused(card: str, error: type[Exception], said: str) -> None:
    open_shop()
    order(1)
    with pytest.raises(error, match=said):
        give_card("O1", card, at(0))
    assert rows("SELECT card FROM order_payment") == [("tok_visa",)]


def test_a_card_of_stripe_with_its_customer_is_a_token() -> None:
    open_shop()
    order(1, card="cus_ann/pm_good")
    give_card("O1", "cus_ann/pm_better", at(0))
    assert rows("SELECT card FROM order_payment") == [("cus_ann/pm_better",)]


def test_nobody_gives_a_card_for_what_is_paid_cancelled_or_charged_elsewhere() -> None:
    open_shop(stock=1)
    order(1, ref="PAID")
    process()
    order(1, ref="GONE")
    process()
    cancel_order("GONE", at=at(0))
    order(1, ref="ELSEWHERE", card="")
    for ref, said in (("PAID", "owed or still"), ("GONE", "owed or still"), ("ELSEWHERE", "pays by no card")):
        with pytest.raises(Refused, match=said):
            give_card(ref, "tok_amex", at(0))
        assert not stands(ref).takes_card


def test_what_was_charged_to_the_first_card_goes_back_to_it() -> None:
    open_shop(stock=1)
    order(2)
    process()
    give_card("O1", "tok_amex", at(0))
    process()
    return_goods("O1", {"lamp": 1}, at=at(1))
    process(1)
    assert [card for kind, _, card, _ in requests() if kind == "refund"] == ["tok_visa"]
    assert audit() == []


def test_a_late_yes_of_the_card_before_pays_for_nothing_and_counts_no_days_anew() -> None:
    open_shop(stock=1, payment_grace_days=3)
    order(1)
    answer_next(is_approved=False)
    run_due(at(1))
    give_card("O1", "tok_declined", at(1.1))
    answer_next(1.2)
    assert stands(days=1.2).is_declined
    answer_next(1.2)
    answer_next(1.2, is_approved=False)
    assert [(kind, state) for kind, _, _, state in requests()] == [
        ("authorise", "declined"),
        ("authorise", "approved"),
        ("void", "approved"),
        ("authorise", "declined"),
    ]
    assert stands(days=1.2).kept_until == at(3)
    assert rows("SELECT count(*) FROM notice WHERE event = 'payment_failed'") == [(1,)]
    assert audit() == []


def answer_next(days: float = 0, *, is_approved: bool = True) -> None:
    """The processor answers the next request."""
    taken = take_request(at(days))
    assert taken is not None
    take_card_answer(taken[0].key, CardWord(is_approved, f"re_{taken[0].id}", "visa"), at(days))
