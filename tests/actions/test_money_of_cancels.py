"""What a cancel says of the money is what becomes of it: on the law's record, in the message, of a charge that is being
asked for, and where another product stands in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.actions.law_shop import at, events, open_shop, order_lamps

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_products
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord
from raincheck.words.law import event_sentence

pytestmark = pytest.mark.django_db
NEVER = "Nothing was charged for them, and nothing will be"
COMES_BACK = "You get your money back; a message about it follows"


def order(card: str = "", **paid: Any) -> None:
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann", card=card, **paid), at=at(0))


def process(until: datetime) -> None:
    carry_out_all(LocalProcessor(in_drill=True), until)


def on_record() -> list[tuple[str, Any]]:
    """What the law's record says of the money."""
    return rows(
        """SELECT kind, (detail->>'amount')::numeric FROM law_event
           WHERE kind IN ('refunded', 'refund_asked', 'not_charged') ORDER BY id"""
    )


def cancelled_body() -> str:
    drain(Mailbox(), at(500))
    return str(one("SELECT body FROM notice WHERE event = 'cancelled' ORDER BY id DESC LIMIT 1")[0])


def test_the_record_says_what_came_back_with_tax_and_fee_as_the_ledger_does() -> None:
    open_shop(charge="order")
    order(shipping_fee=Decimal("4.90"), tax=Decimal("7.77"))
    cancel_order("O1", {"lamp": 1}, at(1))
    cancel_order("O1", {"lamp": 1}, at(2))
    assert on_record() == [("refunded", Decimal("43.88")), ("refunded", Decimal("48.79"))]
    assert rows("SELECT amount FROM payment WHERE kind = 'refund' ORDER BY id") == [
        (Decimal("43.8800"),), (Decimal("48.7900"),)]  # fmt: skip
    assert COMES_BACK in cancelled_body().replace("\n", " ")


def test_what_the_floor_gives_back_for_several_reasons_is_told_by_each_and_names_the_fee_once() -> None:
    """The customer cancels the torch; the lamp, in a tote too, is ended by law. The floor gives both back at once."""
    open_shop(charge="order", warehouse="manual")
    count("east", {"lamp": 1, "torch": 1}, at(0))
    both = (AskedLine("lamp", 1), AskedLine("torch", 1))
    place_order(OrderRequest("O1", both, "ann", shipping_fee=Decimal("4.90")), at=at(0))
    floor.pick("O1", at=at(0.1))
    cancel_order("O1", {"torch": 1}, at(0.2))
    run_due(at(2))
    confirm_cancel("O1", at(2))
    assert rows("SELECT sum(amount) FROM payment WHERE kind = 'refund'") == [(Decimal("94.90"),)]
    assert [kind for kind, _ in on_record()] == ["refunded", "refunded"]
    assert sum(amount for _, amount in on_record()) == Decimal("94.90")
    told = rows("SELECT detail->>'by', detail->'lines'->0->>'sku' FROM notice WHERE event = 'cancelled' ORDER BY id")
    assert told == [("law", "lamp"), ("customer", "torch")]
    assert audit() == []


def test_what_a_card_declined_was_never_charged_and_the_customer_is_told_so() -> None:
    open_shop(charge="order", card_payments=True)
    order(card="tok_declined")
    process(at(0))
    cancel_order("O1", None, at(1))
    assert on_record() == [("not_charged", Decimal(0))]
    assert NEVER in cancelled_body().replace("\n", " ")
    assert rows("SELECT kind FROM payment") == []
    assert audit() == []


def test_so_it_is_when_the_law_ends_what_was_never_paid() -> None:
    open_shop(charge="order", card_payments=True)
    order(card="tok_declined")
    process(at(0))
    processor = LocalProcessor(in_drill=True)
    run_due(at(70), lambda until: carry_out_all(processor, until) > 0)
    assert "cancelled" in events()
    assert [kind for kind, _ in on_record()] == ["not_charged"]
    assert NEVER in cancelled_body().replace("\n", " ")


def test_nobody_is_told_that_a_payment_failed_for_what_is_cancelled_already() -> None:
    open_shop(charge="order", card_payments=True)
    order(card="tok_declined")
    cancel_order("O1", None, at(0))
    process(at(0))
    assert "payment_failed" not in events()
    assert rows("SELECT kind, state FROM card_request ORDER BY id") == [("capture", "declined"), ("refund", "lapsed")]
    assert rows("SELECT amount_due FROM payment_decline WHERE amount_due > 0 OR next_try_at IS NOT NULL") == []
    assert audit() == []


def test_of_a_charge_that_fails_after_a_part_was_cancelled_the_rest_is_owed() -> None:
    open_shop(charge="order", card_payments=True)
    order(card="tok_declined")
    cancel_order("O1", {"lamp": 1}, at(0))
    process(at(0))
    assert rows("SELECT amount_due FROM payment_decline") == [(Decimal(40),)]
    assert audit() == []


def test_what_is_paid_by_line_says_of_each_what_is_true() -> None:
    open_shop(charge="deposit:0.25")
    order_lamps()
    cancel_order("O1", None, at(1))
    assert on_record() == [("refunded", Decimal(20))]
    assert "comes back to you" in cancelled_body()


@pytest.mark.parametrize("charge", ["shipment", "order"])
def test_what_stands_in_is_paid_when_the_line_was_to_be_paid(charge: str) -> None:
    """The torch is paid at once, the lamps as was agreed; the chairs that stand in for them would be the other way."""
    open_shop(law="none", charge=charge)
    save_products([ProductRecord("chair", price=Decimal(90))], at=at(0))
    add_policy({"product": "torch"}, {"charge": "order" if charge == "shipment" else "deposit:0.5"}, at(0))
    add_policy({"product": "chair"}, {"charge": "order" if charge == "shipment" else "shipment"}, at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 1)), "ann"), at=at(0))
    before = rows("SELECT kind, amount FROM payment")
    answer_order("O1", Answer("substitute", {"lamp": "chair"}), at=at(1))
    assert rows("SELECT kind, amount FROM payment") == before
    assert audit() == []
    count("east", {"chair": 2, "torch": 1}, at(2))
    assert sum(amount for (amount,) in rows("SELECT amount FROM payment WHERE kind = 'capture'")) == 130
    assert rows("SELECT amount FROM payment WHERE kind = 'refund'") == []
    assert audit() == []


def test_an_amount_on_the_law_s_record_has_its_currency_s_decimals() -> None:
    said = [
        event_sentence("refunded", {"amount": amount, "currency": currency})
        for amount, currency in (("80", "JPY"), ("43.880", "KWD"), ("43.88", "USD"), ("40.0000", "USD"), (None, "USD"))
    ]
    assert said == [
        "Refunded 80 JPY.", "Refunded 43.880 KWD.", "Refunded 43.88 USD.", "Refunded 40.00 USD.", "Refunded 0 USD.",
    ]  # fmt: skip
