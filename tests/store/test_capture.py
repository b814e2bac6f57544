"""Captured orders on a real session: what fails leaves nothing behind, and the session takes the next order."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg
import pytest
from django.db import connection

from raincheck.actions import catalogue
from raincheck.actions.capture_order import capture_order
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import NotFound, Refused
from raincheck.core.settings import Settings
from raincheck.store.db import one, raw
from raincheck.store.records import ProductRecord, SiteRecord


@pytest.fixture
def shop(fresh_database: str) -> None:
    """Ten lamps in a shop whose warehouse ships by hand."""
    catalogue.save_settings(Settings(warehouse="manual"))
    catalogue.save_sites([SiteRecord("east")])
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch", price=Decimal(10))])
    catalogue.set_stock("east", {"lamp": 10})


def asked(ref: str, units: int = 1, sku: str = "lamp") -> OrderRequest:
    return OrderRequest(ref, (AskedLine(sku, units),))


def rests(ref: str) -> None:
    """Nothing of an order is there, and nothing is left open or locked by this session."""
    assert raw().info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert one("SELECT count(*) FROM sales_order WHERE ref = %s", [ref]) == (0,)


def test_a_product_that_is_not_there_leaves_the_session_free(shop: None) -> None:
    with pytest.raises(NotFound, match="'lmap'"):
        place_order(asked("O1", sku="lmap"))
    rests("O1")
    assert place_order(asked("O1")).is_new


def test_an_order_that_the_database_refuses_leaves_nothing_and_the_next_one_is_taken(shop: None) -> None:
    too_long = "R" * 101
    with pytest.raises(psycopg.errors.StringDataRightTruncation):
        place_order(asked(too_long))
    rests(too_long)
    assert place_order(asked("O2")).is_new
    assert one("SELECT reserved FROM stock_level") == (1,)


def test_one_reference_at_the_same_instant_is_one_order(shop: None) -> None:
    def place(_: int) -> bool:
        try:
            return place_order(asked("O3", units=2)).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        made = list(hands.map(place, range(16)))

    assert made.count(True) == 1
    assert one("SELECT count(*), (SELECT reserved FROM stock_level) FROM sales_order") == (1, 2)


def test_one_reference_with_other_products_at_the_same_instant_is_refused_or_first(shop: None) -> None:
    """No lock is shared by the two, so only the reference itself can tell them apart."""

    def place(sku: str) -> str:
        try:
            return "placed" if place_order(asked("O4", sku=sku)).is_new else "same"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        outcomes = sorted(hands.map(place, ["lamp", "torch"]))

    assert outcomes == ["placed", "refused"]
    assert one("SELECT count(*) FROM order_line") == (1,)


def test_a_plain_order_takes_the_short_way(shop: None) -> None:
    placed = capture_order(asked("O5", units=12), "content", None, "", None)

    assert placed is not None
    assert placed.outcome is not None
    (line,) = placed.outcome.lines
    assert (line.reserved, line.backordered, line.reason) == (10, 2, "no_date")
