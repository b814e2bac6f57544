"""Orders for one product that come at the same time share a transaction, and each is answered as if it came alone."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from raincheck.actions import catalogue, purchase
from raincheck.actions.asking import content_of
from raincheck.actions.capture_order import Asked, capture_order, capture_orders
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_order import Placed
from raincheck.core.errors import NotFound, RaincheckError, Refused
from raincheck.core.settings import Settings
from raincheck.store import capture
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODELS = [model for model in apps.get_app_config("store").get_models() if model._meta.pk.column == "id"]
TABLES = sorted(model._meta.db_table for model in MODELS)


def stock_up(warehouse: str = "manual") -> None:
    """Ten lamps and four torches here; five more lamps are coming."""
    catalogue.save_settings(Settings(warehouse=warehouse), at=NOON)
    catalogue.save_sites([SiteRecord("east")], NOON)
    catalogue.save_suppliers([SupplierRecord("acme", lead_time_days=14)])
    catalogue.save_customers([CustomerRecord("ann", email="ann@example.com"), CustomerRecord("bob")])
    catalogue.save_products(
        [
            ProductRecord("lamp", price=Decimal(40), supplier="acme"),
            ProductRecord("torch", price=Decimal(10), backorder="deny"),
        ],
        at=NOON,
    )
    catalogue.set_stock("east", {"lamp": 10, "torch": 4}, at=NOON)
    coming = purchase.PurchaseRequest("P1", "acme", "east", {"lamp": 5}, date(2026, 3, 9), "confirmed")
    purchase.purchase(coming, at=NOON)


def request(ref: str, lines: dict[str, int], customer: str | None = "ann") -> OrderRequest:
    return OrderRequest(ref, tuple(AskedLine(sku, units) for sku, units in lines.items()), customer)


def asked(ref: str, lines: dict[str, int], customer: str | None = "ann", at: datetime | None = NOON) -> Asked:
    wanted = request(ref, lines, customer)
    return Asked(wanted, content_of(wanted), "", at)


def answer_of(asked: Asked) -> Placed | None:
    assert asked.answer is not None
    return asked.answer()


@contextmanager
def fresh_numbers() -> Iterator[None]:
    """Rows are numbered from 1; nothing stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1, false)", [table])
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}


def outcomes() -> list[tuple[Any, ...]]:
    """What each line got, whatever the numbers of the rows."""
    return rows(
        """SELECT o.ref, o.state, p.sku, l.reserved, l.backordered, l.shipped, l.refused, l.reason, l.promise_on,
                  c.joined_at, g.kind, g.units, g.ships_on, g.inbound_line_id
           FROM sales_order o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id
           LEFT JOIN claim c ON c.line_id = l.id LEFT JOIN peg g ON g.claim_id = c.id ORDER BY o.ref, p.sku, g.kind"""
    )


@pytest.mark.parametrize("warehouse", ["manual", "automatic"])
def test_together_they_get_what_they_get_one_after_the_other(db: None, warehouse: str) -> None:
    chance = random.Random(warehouse)
    orders = [
        (f"O{nr:02}", {sku: chance.randint(1, 3) for sku in chance.sample(["lamp", "torch"], chance.randint(1, 2))})
        for nr in range(12)
    ]
    with fresh_numbers():
        stock_up(warehouse)
        round_ = [asked(ref, lines) for ref, lines in orders]
        capture_orders(round_)
        assert all(answer_of(one_of_them) for one_of_them in round_)
        together = outcomes() if warehouse == "automatic" else everything()
    with fresh_numbers():
        stock_up(warehouse)
        for nr, (ref, lines) in enumerate(orders):
            wanted = request(ref, lines)
            assert capture_order(wanted, content_of(wanted), NOON + timedelta(microseconds=nr), "", None) is not None
        alone = outcomes() if warehouse == "automatic" else everything()
    assert together == alone


def test_who_asks_for_what_is_not_there_fails_alone(db: None) -> None:
    stock_up()
    round_ = [
        asked("O1", {"lamp": 1}),
        asked("O2", {"lmap": 1}),
        asked("O3", {"lamp": 1}, "nobody"),
        asked("O4", {"lamp": 2}),
    ]
    capture_orders(round_)
    assert answer_of(round_[0]) is not None
    assert answer_of(round_[3]) is not None
    with pytest.raises(NotFound, match="'lmap'"):
        answer_of(round_[1])
    with pytest.raises(NotFound, match="'nobody'"):
        answer_of(round_[2])
    assert one("SELECT count(*), (SELECT sum(reserved) FROM stock_level) FROM sales_order") == (2, 3)


def test_a_reference_sent_twice_in_one_round_is_one_order(db: None) -> None:
    stock_up()
    round_ = [asked("O1", {"lamp": 1}), asked("O1", {"lamp": 1}), asked("O1", {"lamp": 2})]
    capture_orders(round_)
    assert answer_of(round_[0]) is not None
    assert [again.answer for again in round_[1:]] == [None, None]
    for again in round_[1:]:
        capture_orders([again])
    placed = answer_of(round_[1])
    assert placed is not None
    assert not placed.is_new
    with pytest.raises(Refused, match="other content"):
        answer_of(round_[2])


def test_what_the_database_refuses_leaves_the_others_to_be_asked_alone(fresh_database: str) -> None:
    stock_up()
    round_ = [asked(ref, {"lamp": 1}, at=None) for ref in ("O1", "R" * 101, "O3")]
    capture_orders(round_)
    assert [one_of_them.answer for one_of_them in round_] == [None, None, None]
    assert one("SELECT count(*) FROM sales_order") == (0,)
    for nr in (0, 2):
        capture_orders([round_[nr]])
    with pytest.raises(psycopg.errors.StringDataRightTruncation):
        capture_orders([round_[1]])
    assert one("SELECT count(*) FROM sales_order") == (2,)


@pytest.mark.parametrize("in_a_larger_transaction", [False, True])
def test_a_reference_that_is_taken_between_reading_and_writing_is_the_same_order(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, in_a_larger_transaction: bool
) -> None:
    stock_up()
    place_order(request("O1", {"lamp": 1}))
    look = capture.look
    monkeypatch.setattr(capture, "look", lambda *given: replace(look(*given), orders={}))
    with transaction.atomic() if in_a_larger_transaction else nullcontext():
        assert not place_order(request("O1", {"lamp": 1})).is_new
        assert place_order(request("O2", {"lamp": 1})).is_new
    assert one("SELECT count(*), (SELECT sum(reserved) FROM stock_level) FROM sales_order") == (2, 2)


@pytest.mark.slow
def test_a_crowd_at_one_product_gets_what_there_is_in_the_order_in_which_it_joined(fresh_database: str) -> None:
    """Forty at once: ten get a lamp, five the coming ones, all others a day; whoever asks wrongly disturbs nobody."""
    stock_up()

    def place(nr: int) -> str:
        wanted = request(f"O{nr}" if nr % 10 else "R" * 101, {"lamp": 1}, "nobody" if nr % 10 == 5 else "ann")
        try:
            return "placed" if place_order(wanted).is_new else "same"
        except RaincheckError:
            return "refused"
        except psycopg.errors.StringDataRightTruncation:
            return "too long"
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as hands:
        answers = list(hands.map(place, range(50)))

    assert (answers.count("placed"), answers.count("refused"), answers.count("too long")) == (40, 5, 5)
    kinds = [
        kind for (kind,) in rows("SELECT p.kind FROM peg p JOIN claim c ON c.id = p.claim_id ORDER BY c.joined_at")
    ]
    assert kinds == ["stock"] * 10 + ["inbound"] * 5 + ["lead_time"] * 25
    assert one("SELECT count(DISTINCT joined_at) FROM claim") == (40,)
    assert audit() == []
