"""Whatever becomes of a shop's orders: what was moved is what is owed, counted from what was agreed."""

import os
from fractions import Fraction

import pytest
from tests.actions.random_money import RandomShop

from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.paying import paying

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FACTS = 40
SEEDS = range(*(int(bound) for bound in os.environ.get("RAINCHECK_SHOPS", "0:6").split(":")))
"""Which shops are played: RAINCHECK_SHOPS=6:100 plays others."""


@pytest.mark.parametrize("seed", SEEDS)
def test_money_is_what_was_agreed_whatever_becomes_of_the_orders(seed: int) -> None:
    shop = RandomShop(seed)
    for _ in range(FACTS):
        shop.step()
        check(shop)
    shop.finish()
    check(shop)
    check_end(shop)


def check(shop: RandomShop) -> None:
    """What was moved, is being moved or was declined comes to what is owed; the order's own figures add up to it."""
    history = f"{shop.currency}\n" + "\n".join(shop.told)
    assert audit() == [], history
    for ref, order in rows("SELECT ref, id FROM sales_order ORDER BY id"):
        found = paying(order, shop.at)
        assert Fraction(found.captured - found.refunded + found.due_now) == shop.owed(ref), f"{ref}: {history}"
        assert found.total - found.to_come == found.captured - found.refunded + found.due_now, f"{ref}: {history}"


def check_end(shop: RandomShop) -> None:
    """Nothing is open: the processor has moved what the ledger says, that is what is owed, and it holds nothing."""
    history = f"{shop.currency}\n" + "\n".join(shop.told)
    assert rows("SELECT o.ref FROM sales_order o JOIN order_line l ON l.order_id = o.id "
                "WHERE l.reserved + l.backordered + l.preordered > 0") == [], history  # fmt: skip
    by_processor = rows(
        """SELECT order_ref, kind, sum(amount) FROM test_processor_entry WHERE outcome = 'approved'
           GROUP BY order_ref, kind ORDER BY order_ref, kind"""
    )
    in_ledger = rows(
        """SELECT o.ref, m.kind, sum(m.amount) FROM payment m JOIN sales_order o ON o.id = m.order_id
           WHERE m.request_id IS NOT NULL GROUP BY o.ref, m.kind ORDER BY o.ref, m.kind"""
    )
    assert by_processor == in_ledger, history
    for ref, moved in rows(
        """SELECT o.ref, sum(CASE m.kind WHEN 'capture' THEN m.amount WHEN 'refund' THEN -m.amount ELSE 0 END)
           FROM payment m JOIN sales_order o ON o.id = m.order_id GROUP BY o.ref"""
    ):
        assert Fraction(moved) == shop.owed(ref), f"{ref}: {history}"
    assert held(shop) == [], history


def held(shop: RandomShop) -> list[tuple[object, ...]]:
    """What the processor holds for orders, also where our own days were over before its own."""
    return rows(
        """SELECT a.order_ref, a.reference FROM test_processor_entry a
           WHERE a.kind = 'authorise' AND a.outcome = 'approved' AND a.ends_at > %s
             AND a.amount > (SELECT coalesce(sum(CASE WHEN d.is_final THEN a.amount ELSE d.amount END), 0)
                             FROM test_processor_entry d
                             WHERE d.authorisation = a.reference AND d.outcome = 'approved')""",
        [shop.at],
    )
