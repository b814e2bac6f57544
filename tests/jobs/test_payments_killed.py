"""The worker dies (-9) while it asks the card processor, again and again: nothing is lost, and nothing done twice."""

import random
import time
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from tests.jobs.workers import wait_until, working

from raincheck.actions.catalogue import save_products, save_settings, save_sites, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.slow

ORDERS, KILLS = 60, 5


def pending() -> int:
    return int(one("SELECT count(*) FROM card_request WHERE state = 'pending'")[0])


def answers() -> int:
    return int(one("SELECT count(*) FROM card_request WHERE state <> 'pending'")[0])


def has_answered_more_than(before: int) -> bool:
    return answers() > before or not pending()


def is_done() -> bool:
    return not pending() and one("SELECT sum(shipped) FROM order_line")[0] == ORDERS


def end_leases() -> None:
    """As if the time were over for which a worker that died had its request in hand."""
    run("UPDATE card_request SET next_try_at = created_at WHERE state = 'pending'")


def test_whenever_the_worker_is_killed_each_request_is_done_once(fresh_database: str) -> None:
    save_settings(Settings(card_payments=True), at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    save_sites([SiteRecord("east")])
    save_products([ProductRecord("lamp", price=Decimal(40))])
    set_stock("east", {"lamp": ORDERS})
    chance = random.Random(7)
    for number in range(ORDERS):
        card = chance.choice(["tok_visa", "tok_mastercard", "tok_amex"])
        place_order(OrderRequest(f"O{number}", (AskedLine("lamp", 1),), card=card))
    for _ in range(KILLS):
        with working(fresh_database):  # It ends with kill -9.
            wait_until(partial(has_answered_more_than, answers()), "the worker asks")
            time.sleep(chance.random() * 0.1)
        end_leases()
    with working(fresh_database):
        wait_until(is_done, "every order has left and is paid")
    assert rows("SELECT kind, count(*), sum(amount)::int FROM payment GROUP BY kind ORDER BY kind") == [
        ("authorise", ORDERS, 40 * ORDERS),
        ("capture", ORDERS, 40 * ORDERS),
    ]
    asked = rows("SELECT key, kind, amount FROM card_request ORDER BY key")
    done = rows("SELECT key, kind, amount FROM test_processor_entry ORDER BY key")
    assert [(key, kind, amount) for key, kind, amount in done] == asked, "the processor's own books say the same"
    assert audit() == []
