"""The audit of money: what it finds wrong."""

from decimal import Decimal

import pytest
from tests.actions.card_steps import at, ledger, open_shop, order, process

from raincheck.actions.catalogue import save_settings
from raincheck.actions.move_stock import count
from raincheck.core.settings import Settings
from raincheck.store.db import run
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db


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


def test_a_variance_that_is_lowered_later_makes_no_lawful_capture_a_fault() -> None:
    """What was allowed is on record with the capture: today's setting says nothing of yesterday."""
    open_shop(capture_variance=Decimal("0.15"))
    order(1)
    run("UPDATE card_request SET amount = 38")
    process()
    count("east", {"lamp": 1}, at(1))
    process(1)
    assert ledger() == [("authorise", "38.00"), ("capture", "40.00")]
    save_settings(Settings(card_payments=True), at=at(2))
    assert audit() == []


def test_a_variance_that_is_raised_later_excuses_no_capture() -> None:
    open_shop(stock=1)
    order(1)
    process()
    save_settings(Settings(card_payments=True, capture_variance=Decimal("0.15")), at=at(1))
    run("UPDATE card_request SET amount = 41 WHERE kind = 'capture'")
    assert "captures stay within what was authorised" in {violation.invariant for violation in audit()}
