"""The audit of money: what it finds wrong."""

import pytest
from tests.actions.card_steps import open_shop, order, process

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
