"""Many hands at once, and hands that are cut off: nothing is sold twice, nothing is half done."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from raincheck.actions import catalogue
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_order import Placed
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord, SupplierRecord

pytestmark = pytest.mark.slow

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def shop(fresh_database: str) -> str:
    """A shop with ten lamps and ten torches, where the floor works by hand; the name of its database."""
    catalogue.save_settings(Settings(warehouse="manual"), at=STARTS_AT)
    catalogue.save_sites([SiteRecord("east")])
    catalogue.save_suppliers([SupplierRecord("acme")])
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch")], at=STARTS_AT)
    catalogue.set_stock("east", {"lamp": 10, "torch": 10}, at=STARTS_AT)
    return fresh_database


def in_threads(work: list[object], call: object) -> list[object]:
    """Calls with every item, eight at a time, each thread on a connection of its own."""

    def alone(item: object) -> object:
        try:
            return call(item)  # type: ignore[operator]
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, work))


def test_a_hundred_claims_on_ten_units_give_ten_and_ninety_backorders(shop: str) -> None:
    def place(number: object) -> Placed:
        return place_order(OrderRequest(f"O{number}", (AskedLine("lamp", 1),)))

    in_threads(list(range(100)), place)

    reserved, backordered, orders = one("SELECT sum(reserved), sum(backordered), count(*) FROM order_line")
    assert (reserved, backordered, orders) == (10, 90, 100)
    assert audit() == []


def test_who_is_served_first_also_stands_first_in_the_queue(shop: str) -> None:
    in_threads(list(range(40)), lambda number: place_order(OrderRequest(f"O{number}", (AskedLine("lamp", 1),))))

    served = rows("SELECT c.joined_at, l.reserved FROM claim c JOIN order_line l ON l.id = c.line_id ORDER BY 1")
    assert [reserved for _, reserved in served] == [1] * 10 + [0] * 30


def test_one_reference_sent_many_times_at_once_makes_one_order(shop: str) -> None:
    placed = in_threads([0] * 16, lambda _: place_order(OrderRequest("SAME", (AskedLine("lamp", 2),))))

    assert one("SELECT count(*) FROM sales_order") == (1,)
    assert sum(isinstance(result, Placed) and result.is_new for result in placed) == 1
    assert audit() == []


def test_orders_that_name_products_in_opposite_order_do_not_block_each_other(shop: str) -> None:
    def place(number: object) -> Placed:
        skus = ("lamp", "torch") if int(str(number)) % 2 else ("torch", "lamp")
        ship = "complete" if int(str(number)) % 3 == 0 else None
        return place_order(OrderRequest(f"O{number}", tuple(AskedLine(sku, 1) for sku in skus), ship=ship))

    placed = in_threads(list(range(60)), place)

    assert all(isinstance(result, Placed) for result in placed)
    assert audit() == []


def test_cancels_receipts_and_orders_at_once_leave_the_books_balanced(shop: str) -> None:
    for number in range(20):
        place_order(OrderRequest(f"O{number}", (AskedLine("lamp", 1), AskedLine("torch", 1))))
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 40}, date(2026, 4, 1), "confirmed"))

    def act(number: object) -> object:
        which = int(str(number))
        if which % 3 == 0:
            cancel_order(f"O{which % 20}")
            return None
        if which % 3 == 1:
            return receive(Receipt({"lamp": 1}, {}, ref="P1"))
        return place_order(OrderRequest(f"N{which}", (AskedLine("lamp", 2),), ship="complete"))

    in_threads(list(range(60)), act)

    assert audit() == []


PLACE_FOR_EVER = """
import os, sys, django
django.setup()
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_order import Placed
number = 0
while True:
    place_order(OrderRequest(f"{sys.argv[1]}-{number}", (AskedLine("lamp", 1), AskedLine("torch", 2))))
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_processes_killed_while_they_place_orders_leave_whole_orders_only(shop: str) -> None:
    environment = os.environ | {"RAINCHECK_DATABASE": shop, "DJANGO_SETTINGS_MODULE": "raincheck.config.settings"}
    for round_number in range(4):
        worker = subprocess.Popen(
            [sys.executable, "-c", PLACE_FOR_EVER, f"R{round_number}"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(5 + 3 * round_number)]
        time.sleep(0.003 * round_number)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        told = len([line for line in said if line.strip()])
        there = one("SELECT count(*) FROM sales_order WHERE ref LIKE %s", [f"R{round_number}-%"])[0]
        assert there >= told, "an order that was confirmed to its sender is gone"
    assert one("SELECT count(*) FROM order_line") == (2 * one("SELECT count(*) FROM sales_order")[0],)
    assert audit() == []
