"""Cards: what a shop that takes them goes through, step by step, with the test processor."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from raincheck.actions import floor
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import postpone, take_request
from raincheck.actions.catalogue import save_products, save_settings, save_sites, set_stock
from raincheck.actions.change_order import change_order
from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.place_order import place_order
from raincheck.actions.refund_otherwise import refund_otherwise
from raincheck.actions.run_timers import run_due
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, Refused
from raincheck.core.settings import Settings
from raincheck.gateways.card_work import carry_out_all, carry_out_next
from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused, ProcessorAway
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.reads.paying import refunds_to_pay
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.django_db
STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(days: float) -> datetime:
    return STARTS_AT + timedelta(days=days)


def open_shop(stock: int = 0, price: str = "40.00", **settings: Any) -> None:
    """A shop with lamps that takes cards."""
    save_settings(Settings(**{"card_payments": True, **settings}), at=STARTS_AT)
    save_sites([SiteRecord("east")])
    save_products([ProductRecord("lamp", price=Decimal(price))], at=STARTS_AT)
    if stock:
        set_stock("east", {"lamp": stock}, at=STARTS_AT)


def order(units: int, card: str = "tok_visa", ref: str = "O1", **paid: Any) -> None:
    place_order(OrderRequest(ref, (AskedLine("lamp", units),), card=card, **paid), at=STARTS_AT)


def process(days: float = 0) -> int:
    """The processor answers everything that it is asked."""
    return carry_out_all(LocalProcessor(in_drill=True), at(days))


def pay_until(days: float) -> None:
    """Time passes, with what falls due and what the processor answers."""
    processor = LocalProcessor(in_drill=True)
    run_due(at(days), lambda until: carry_out_all(processor, until) > 0)


def ledger(ref: str = "O1") -> list[tuple[str, str]]:
    """What moved, in order."""
    found = rows(
        "SELECT kind, amount FROM payment m JOIN sales_order o ON o.id = m.order_id WHERE o.ref = %s ORDER BY m.id",
        [ref],
    )
    return [(kind, f"{amount:.2f}") for kind, amount in found]


def shipped(ref: str = "O1") -> int:
    return int(
        one("SELECT shipped FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.ref = %s", [ref])[0]
    )


def test_nothing_leaves_before_the_card_has_answered() -> None:
    open_shop(stock=2)
    order(2)
    assert (shipped(), ledger()) == (0, [])
    assert rows("SELECT reserved, reason FROM order_line") == [(2, "on_hand")]
    process()
    assert (shipped(), ledger()) == (2, [("authorise", "80.00"), ("capture", "80.00")])
    assert audit() == []


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


def test_requests_of_an_order_go_one_after_the_other() -> None:
    open_shop()
    order(2)
    cancel_order("O1", {"lamp": 1}, at(0))
    assert take_request(STARTS_AT) is not None
    assert take_request(STARTS_AT) is None, "the void waits for the authorisation's answer"


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


def test_a_refund_that_the_card_does_not_take_is_paid_back_by_hand() -> None:
    open_shop(stock=1)
    order(1)
    process()
    return_goods("O1", {"lamp": 1}, at=at(1))
    taken = take_request(at(1))
    assert taken is not None
    assert taken[0].kind == "refund"
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="the account is closed"), at(1))
    assert rows("SELECT kind, text FROM task") == [
        ("refund", "The card takes no refund of 40.00 USD: the account is closed")
    ]
    assert [violation.invariant for violation in audit()] == ["money follows goods"]
    with pytest.raises(Malformed, match="cash, cheque, money_order, transfer"):
        refund_otherwise("O1", "store credit", at(2))
    refund_otherwise("O1", "transfer", at(2), "sam")
    assert rows("SELECT closed_by FROM task") == [("sam",)]
    assert audit() == []
    with pytest.raises(Refused, match="nothing is left"):
        refund_otherwise("O1", "cash", at(2))


def test_a_price_cut_is_passed_on_and_a_rise_never() -> None:
    open_shop(pass_on_cuts=True)
    order(3)
    process()
    for days, price in ((1, "35.00"), (2, "55.00")):
        save_products([ProductRecord("lamp", price=Decimal(price))], at=at(days))
        count("east", {"lamp": 1}, at(days))
        process(days)
    cancel_order("O1", at=at(3))
    process(3)
    assert ledger() == [
        ("authorise", "120.00"),
        ("capture", "35.00"),
        ("void", "5.00"),
        ("capture", "40.00"),
        ("void", "40.00"),
    ]
    return_goods("O1", {"lamp": 2}, at=at(4))
    process(4)
    assert sum((Decimal(amount) for kind, amount in ledger() if kind == "refund"), Decimal(0)) == Decimal("75.00")
    assert audit() == []


def test_a_cut_of_what_was_paid_in_advance_comes_back_with_the_parcel() -> None:
    open_shop(pass_on_cuts=True, charge="order", card_payments=False)
    order(1, card="")
    save_products([ProductRecord("lamp", price=Decimal("35.00"))], at=at(1))
    count("east", {"lamp": 1}, at(1))
    assert ledger() == [("capture", "40.00"), ("refund", "5.00")]
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


@pytest.mark.parametrize(
    ("break_it", "invariant"),
    [
        ("UPDATE order_line SET returned = 1", "money follows goods"),
        ("UPDATE card_request SET amount = 41 WHERE kind = 'capture'", "captures stay within what was authorised"),
        ("UPDATE card_request SET amount = 41 WHERE kind = 'capture'", "what the processor did is in the ledger once"),
        (
            "UPDATE card_request SET expires_at = created_at WHERE kind = 'authorise'",
            "parcels leave under a live authorisation",
        ),
        (
            "UPDATE card_request SET state = 'declined' WHERE kind = 'capture'",
            "what the processor did is in the ledger once",
        ),
        (
            "UPDATE card_request SET state = 'pending', next_try_at = created_at, attempts = 99 WHERE kind = 'capture'",
            "no card request is stuck",
        ),
        (
            """INSERT INTO payment (order_id, kind, amount, currency, at)
               SELECT id, 'refund', 90, 'USD', placed_at FROM sales_order""",
            "nothing is refunded over what was captured",
        ),
        (
            """INSERT INTO payment (order_id, kind, amount, currency, at)
               SELECT id, 'capture', 1, 'EUR', placed_at FROM sales_order""",
            "money of an order is of one currency",
        ),
        (
            """INSERT INTO card_request (key, order_id, kind, amount, currency, card, authorisation_id, is_final, state,
                                         created_at)
               SELECT 'late', order_id, 'capture', 1, currency, card, authorisation_id, false, 'declined', created_at
               FROM card_request WHERE is_final""",
            "the final capture is the last",
        ),
        ("UPDATE card_request SET ended_at = NULL; DELETE FROM timer", "authorisations that hold have their timers"),
    ],
)
def test_the_audit_names_what_is_wrong_with_the_money(break_it: str, invariant: str) -> None:
    open_shop(stock=1)
    order(1)
    process()
    assert audit() == []
    for statement in break_it.split(";"):
        run(statement)
    assert invariant in {violation.invariant for violation in audit()}


def test_a_refund_that_is_declined_again_with_more_is_one_sum_to_pay_by_hand() -> None:
    open_shop(stock=2)
    order(2)
    process()
    for days in (1, 2):
        return_goods("O1", {"lamp": 1}, at=at(days))
        assert [one.amount for one in refunds_to_pay(9)] == [], "the card is being asked"
        taken = take_request(at(days))
        assert taken is not None
        assert taken[0].amount == 40 * days
        take_card_answer(taken[0].key, CardWord(is_approved=False, reason=f"no {days}"), at(days))
        (owed,) = refunds_to_pay(9)
        assert (owed.amount, owed.at, owed.reason) == (Decimal(40 * days), at(1), f"no {days}")
    refund_otherwise("O1", "cheque", at(3), "sam")
    assert refunds_to_pay(9) == []
    assert rows("SELECT amount FROM payment WHERE kind = 'refund'") == [(80,)]


def test_a_refund_that_the_card_takes_later_after_all_closes_its_task() -> None:
    open_shop(stock=2)
    order(2)
    process()
    return_goods("O1", {"lamp": 1}, at=at(1))
    taken = take_request(at(1))
    assert taken is not None
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason="not now"), at(1))
    assert rows("SELECT kind FROM task WHERE closed_at IS NULL") == [("refund",)]
    return_goods("O1", {"lamp": 1}, at=at(2))
    process(2)
    assert rows("SELECT kind FROM task WHERE closed_at IS NULL") == []
    assert (refunds_to_pay(9), audit()) == ([], [])
