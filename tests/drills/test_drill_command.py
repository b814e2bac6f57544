"""`raincheck drill` as it is called from a shell: what it prints, where, and with which exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.drills.calling import Call

from raincheck.config.databases import default_database, throwaway_database
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play
from raincheck.store.db import rows

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent / "cases"
GOOD = CASES / "burst_of_orders_never_oversells.yaml"
FAILED = """\
drill: 1
title: Expects too much
starts: 2026-03-02T09:00:00Z
sites: {east: {}}
products: {lamp: {}}
stock: {east: {lamp: 2}}
events:
  - {at: 0h, order: {ref: O1, lines: {lamp: 3}}}
expect:
  orders: {O1: {lines: {lamp: {shipped: 3}}}}
"""


def test_a_drill_that_comes_out_prints_its_orders_and_ends_with_0(call: Call) -> None:
    called = call(GOOD)
    assert (called.status, called.err) == (0, "")
    assert "Twelve orders at the same instant" in called.out
    assert "backordered" in called.out
    assert called.out.rstrip().endswith("ok")


def test_an_expectation_that_is_not_met_is_named_and_ends_with_1(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "failed.yaml"
    file.write_text(FAILED)
    called = call(file)
    assert called.status == 1
    assert "orders.O1.lines.lamp.shipped: expected 3, was 2" in called.out
    assert called.out.rstrip().endswith("failed")


def test_json_is_one_document_in_the_order_of_the_contract(call: Call) -> None:
    called = call(GOOD, "--json")
    document = json.loads(called.out)
    assert list(document) == [
        "title", "ok", "failures", "orders", "quotes", "shipments", "notices", "purchase_orders", "stock", "payments",
        "refused_events", "audit",
    ]  # fmt: skip
    assert list(document["orders"]["O01"]["lines"]["lamp"]) == [
        "ordered", "reserved", "backordered", "preordered", "shipped", "cancelled", "refused",
        "first_promise_on", "promise_on", "expected_on", "reason",
    ]  # fmt: skip
    assert document["shipments"][0]["at"] == "2026-03-02T09:00:00Z"


def test_the_same_file_prints_the_same_bytes_every_time(call: Call) -> None:
    assert call(GOOD, "--json").out == call(GOOD, "--json").out


def test_a_malformed_file_is_refused_on_standard_error_and_ends_with_2(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(FAILED.replace("lamp: 3}}", "lmap: -3}}"))
    called = call(file, "--json")
    assert (called.status, called.out) == (2, "")
    assert called.err.splitlines() == [
        f"{file}:8: events[0].order.lines.lmap: there is no product 'lmap' here (nearest valid name: lamp)",
        f"{file}:8: events[0].order.lines.lmap: -3 is not between 1 and 1000000000",
    ]


def test_a_directory_plays_its_files_in_the_order_of_their_names(call: Call, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(FAILED)
    (tmp_path / "a.yaml").write_text(GOOD.read_text())
    (tmp_path / "notes.txt").write_text("no drill")
    called = call(tmp_path, "--json")
    document = json.loads(called.out)
    assert called.status == 1
    assert document["ok"] is False
    assert [(drill["file"], drill["ok"]) for drill in document["drills"]] == [("a.yaml", True), ("b.yaml", False)]


def test_one_malformed_file_of_a_directory_lets_none_be_played(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAILED)
    (tmp_path / "b.yaml").write_text("drill: 9\nstarts: 2026-03-02T09:00:00Z\n")
    called = call(tmp_path)
    assert (called.status, called.out) == (2, "")
    assert "this version reads drills of format 1" in called.err


def test_a_directory_without_drills_is_a_malformed_call(call: Call, tmp_path: Path) -> None:
    assert call(tmp_path).status == 2


def test_a_missing_file_is_named(call: Call, tmp_path: Path) -> None:
    called = call(tmp_path / "none.yaml")
    assert called.status == 2
    assert "none.yaml: cannot be read" in called.err


def test_the_report_is_written_beside_what_is_printed(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    called = call(GOOD, "--json", "--report", page)
    assert json.loads(called.out)["ok"] is True
    assert "Everything as expected" in page.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_a_malformed_call(call: Call, tmp_path: Path) -> None:
    called = call(GOOD, "--report", tmp_path / "missing" / "report.html")
    assert called.status == 2
    assert "the report cannot be written" in called.err


def test_a_shipment_that_there_is_not_is_the_file_s_fault(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "drill.yaml"
    file.write_text(
        "drill: 1\nstarts: 2026-03-02T09:00:00Z\nsettings: {warehouse: manual}\nsites: {east: {}}\n"
        "products: {lamp: {}}\nstock: {east: {lamp: 1}}\nevents:\n"
        "  - {at: 0h, order: {ref: O1, lines: {lamp: 1}}}\n  - {at: 1h, pick: {order: O1}}\n"
        "  - {at: 2h, ship: {order: O1, shipment: '999'}}\n"
    )
    called = call(file)
    assert called.status == 2
    assert called.err.startswith(f"{file}:10: ship: ")


LIVE = """\
drill: 1
starts: 2026-03-02T09:00:00Z
sites: {east: {}}
suppliers: {acme: {}}
products: {lamp: {price: "4.00"}}
stock: {east: {lamp: 5}}
customers: {ann: {}}
purchase_orders:
  P1: {supplier: acme, site: east, due: 10d, state: confirmed, lines: {lamp: 4}}
events:
  - {at: 0h, order: {ref: OLD, customer: ann, lines: {lamp: 2}}}
  - {at: 1h, order: {ref: O1, customer: ann, lines: {lamp: 5}}}
"""

REHEARSAL = """\
drill: 1
title: A surge on what there is
starts: 2026-03-03T09:00:00Z
events:
  - {at: 0h, order: {ref: O2, customer: ann, lines: {lamp: 4}}}
  - {at: 1d, reschedule: {po: P1, due: 20d}}
  - {at: 2d, change: {order: O1, lines: {lamp: 4}}}
expect:
  orders:
    O1: {state: open, lines: {lamp: {ordered: 4, shipped: 3, backordered: 1, promise_on: 2026-03-23}}}
    O2: {state: open, lines: {lamp: {backordered: 4}}}
  shipments: []
  audit: ok
"""


def whole(table: str) -> list[tuple[Any, ...]]:
    return rows(f"SELECT * FROM {table} ORDER BY id")


def test_a_drill_on_a_copy_sees_the_company_and_leaves_it_alone(call: Call, tmp_path: Path) -> None:
    live, rehearsal = tmp_path / "live.yaml", tmp_path / "rehearsal.yaml"
    live.write_text(LIVE)
    rehearsal.write_text(REHEARSAL)
    play(read_drill(live))
    tables = ("sales_order", "order_line", "claim", "peg", "stock_level", "inbound_line", "notice", "timer", "fact")
    before = {table: whole(table) for table in tables}

    called = call(rehearsal, "--from-live", "--json")

    document = json.loads(called.out)
    assert document["failures"] == []
    assert called.status == 0
    assert "OLD" not in document["orders"], "what was over before the drill began is not printed"
    assert {table: whole(table) for table in tables} == before


def test_a_drill_on_a_copy_cannot_start_in_the_company_s_past(call: Call, tmp_path: Path) -> None:
    live, rehearsal = tmp_path / "live.yaml", tmp_path / "rehearsal.yaml"
    live.write_text(LIVE)
    rehearsal.write_text(REHEARSAL.replace("2026-03-03", "2026-03-01"))
    play(read_drill(live))
    called = call(rehearsal, "--from-live")
    assert called.status == 2
    assert "the company's last fact is of 2026-03-02T10:00:00Z" in called.err


def test_nothing_of_a_drill_is_left_behind(call: Call) -> None:
    call(GOOD)
    assert rows("SELECT count(*) FROM sales_order") == [(0,)]
    with throwaway_database() as name, default_database(name):
        assert rows("SELECT count(*) FROM sales_order") == [(0,)]
