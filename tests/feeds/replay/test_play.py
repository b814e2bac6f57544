"""A history through the real actions: what is served, promised, cancelled, corrected, and how it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.feeds.replay.retail import retail

from raincheck.feeds.replay.figures import figures_of, lines_of
from raincheck.feeds.replay.play import play
from raincheck.store.db import one, rows

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def played(directory: Path, transactions: str, **others: str) -> dict[str, Any]:
    """The figures of a history, as printed."""
    history = retail(directory, transactions, **others)
    seen: list[int] = []
    play(history, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(history.happenings)
    figures = figures_of(history)
    assert figures.violations == []
    assert figures.in_words().endswith("Audit: clean.")
    return figures.as_json()


def line(ref: str, sku: str) -> dict[str, Any]:
    names = ("ordered", "shipped", "backordered", "cancelled", "returned", "first_promise_on")
    found = one(
        f"""SELECT {", ".join(f"l.{name}" for name in names)} FROM order_line l
            JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
            WHERE o.ref = %s AND p.sku = %s""",
        [ref, sku],
    )
    return dict(zip(names, found, strict=True))


def on_hand(sku: str) -> int:
    found = one(
        "SELECT sum(l.on_hand) FROM stock_level l JOIN product p ON p.id = l.product_id WHERE p.sku = %s", [sku]
    )
    return int(found[0])


LATE = "536500,85123A,WHITE HEART,70,2010-12-07T10:00:00,2.55,17850,United Kingdom\n"


def test_a_late_truck_makes_late_promises_and_a_short_one_leaves_some_waiting(tmp_path: Path) -> None:
    figures = played(tmp_path, LATE + "536501,85123A,WHITE HEART,30,2010-12-08T10:00:00,2.55,13047,United Kingdom\n")
    # 34 of 70 lay there; the truck due on the 13th came on the 15th with 48 of 60.
    assert line("536500", "85123A")["shipped"] == 70
    assert (line("536501", "85123A")["shipped"], line("536501", "85123A")["backordered"]) == (12, 18)
    assert figures["placed"] == {
        "orders": 3,
        "orders_filled": 1,
        "lines": 3,
        "lines_filled": 1,
        "lines_waiting": 2,
        "lines_refused": 0,
        "units": 106,
        "units_filled": 40,
        "units_waiting": 66,
        "units_refused": 0,
    }
    assert figures["fill_rate"] == {"units": round(40 / 106, 4), "lines": 0.3333, "orders": 0.3333}
    promises = figures["promises"]
    assert promises["promised"] == promises["kept"] + promises["late"] + promises["broken"] + promises["waiting"] == 3
    assert (promises["kept"], promises["late"], promises["late_days"]) == (1, 1, 2.0)
    assert figures["promises_of_lines_that_waited"]["promised"] == 2
    assert figures["end"]["still_waiting"] == 18
    assert figures["dirt"]["purchase orders that came short, closed"]["count"] == 1


def test_a_cancellation_takes_open_units_first_then_shipped_ones_come_back(tmp_path: Path) -> None:
    figures = played(
        tmp_path,
        LATE + "C536600,85123A,WHITE HEART,-40,2010-12-07T11:00:00,2.55,17850,United Kingdom\n"
        "C536601,85123A,WHITE HEART,-100,2010-12-07T12:00:00,2.55,17850,United Kingdom\n",
    )
    # Of the later order 36 waited and 34 had shipped; of the first all 6 had.
    assert (line("536500", "85123A")["cancelled"], line("536500", "85123A")["returned"]) == (36, 34)
    assert line("536365", "85123A")["returned"] == 6
    dirt = figures["dirt"]
    assert (dirt["cancellations of open units"]["units"], dirt["cancellations of open units"]["count"]) == (36, 1)
    assert dirt["cancellations of shipped units, returned"]["units"] == 40
    assert dirt["units cancelled that no order has, ignored"]["units"] == 64
    assert on_hand("85123A") == 40 + 48


def test_corrections_move_the_stock_and_never_below_nothing(tmp_path: Path) -> None:
    figures = played(
        tmp_path,
        "537001,85123A,damaged,-10,2010-12-02T10:00:00,0.0,,United Kingdom\n"
        "537002,85123A,found,4,2010-12-02T10:01:00,0.0,,United Kingdom\n"
        "537003,85123A,thrown away,-500,2010-12-02T10:02:00,0.0,,United Kingdom\n",
    )
    assert on_hand("85123A") == 48  # what the truck brought later
    assert figures["dirt"]["corrections beyond what was there, taken as far as it went"]["units"] == 472
    kinds = dict(rows("SELECT kind, sum(on_hand_units)::bigint FROM stock_entry GROUP BY kind"))
    assert kinds["counted"] == -10 + 4 - 28


def test_guests_and_unknown_products_are_served_like_others(tmp_path: Path) -> None:
    figures = played(tmp_path, "539001,23999,NEW LAMP,1,2010-12-02T10:00:00,4.95,,EIRE\n")
    assert line("539001", "23999")["backordered"] == 1
    assert line("539001", "23999")["first_promise_on"] is None
    assert one("SELECT customer_id, country FROM sales_order WHERE ref = '539001'") == (None, "IE")
    assert figures["end"]["lines_never_dated"] == 1


def test_a_history_begins_and_ends_in_company_time(tmp_path: Path) -> None:
    summer = "539001,85123A,WHITE HEART,2,2011-07-01T00:10:00,2.55,,United Kingdom\n"
    assert played(tmp_path, summer)["to"] == "2011-07-01T00:10:00+01:00"


def test_stock_of_a_product_is_there_from_its_first_day(tmp_path: Path) -> None:
    played(tmp_path, "539001,22423,CAKE STAND,2,2011-01-10T10:00:00,12.75,,United Kingdom\n")
    assert (line("539001", "22423")["shipped"], on_hand("22423")) == (2, 3)


def test_a_directory_of_import_files_is_played_as_well(tmp_path: Path) -> None:
    from raincheck.feeds.replay.find import find_mapping
    from raincheck.feeds.replay.history import read_history

    files = {
        "sites": "site\nEAST\n",
        "suppliers": "supplier,lead_time_days\nS1,10\n",
        "products": "sku,name,price,supplier\nLAMP,Lamp,40,S1\n",
        "customers": "customer,email\nann,ann@example.com\n",
        "stock": "site,sku,on_hand\nEAST,LAMP,2\n",
        "orders": "ref,sku,quantity,placed_at,customer\nO1,LAMP,5,2026-03-02 09:00,ann\n",
        "cancellations": "ref,sku,quantity,cancelled_at\nO1,LAMP,1,2026-03-03 09:00\nO9,,,2026-03-03 10:00\n",
        "purchase-orders": (
            "po,supplier,site,sku,quantity,ordered_on,due_on,state\nP1,S1,EAST,LAMP,9,2026-03-02,2026-03-09,confirmed\n"
        ),
        "receipts": "po,site,sku,quantity,received_at,damaged\nP1,EAST,LAMP,9,2026-03-09,1\n,EAST,LAMP,1,2026-03-10,\n",
    }
    for kind, text in files.items():
        (tmp_path / f"{kind}.csv").write_text(text)
    history = read_history(*find_mapping(tmp_path))
    assert lines_of(history) == 1
    play(history, lambda _: None)
    figures = figures_of(history)
    assert figures.ok
    assert (line("O1", "LAMP")["shipped"], line("O1", "LAMP")["cancelled"]) == (4, 1)
    assert figures.all_promises.kept == 1
    assert on_hand("LAMP") == 2 + 9 + 1 - 4
    assert history.dirt.count("cancellations of unknown orders, ignored") == 1
    assert rows("SELECT 1 FROM notice WHERE event = 'order_confirmed' AND channel = 'email'")
