"""The Lab's runs: a worker rehearses what was asked in a process of its own, and the company never notices."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.jobs.shop import open_shop, order_lamps
from tests.jobs.workers import wait_until, working

from raincheck.actions.ask_lab import MOST_UNDER_WAY, ask_book_optimum, ask_comparison
from raincheck.actions.catalogue import save_suppliers
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.run_lab import MOST_ATTEMPTS, put_run_back, say_how_far, take_run
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.settings import Settings
from raincheck.jobs.laboratory import Laboratory
from raincheck.store.db import rows, run
from raincheck.store.locks import database_now
from raincheck.store.reads.lab import LabRunView, lab_run
from raincheck.store.records import SupplierRecord
from raincheck.web.lab_drills import live_drill

DRILL = """\
drill: 1
title: Two lamps
starts: 2026-03-02T09:00:00Z
sites: {east: {}}
products: {lamp: {price: "4.00"}}
stock: {east: {lamp: 1}}
events:
  - {at: 0h, order: {ref: O1, lines: {lamp: 2}}}
  - {at: 5d, wait: {}}
"""
VARIANTS = "- {title: As it is}\n- {title: No backorders, settings: {backorders: deny}}\n"


def ended(id_: int) -> Callable[[], bool]:
    return lambda: seen(id_).state in ("done", "failed")


def seen(id_: int) -> LabRunView:
    found = lab_run(id_)
    assert found is not None
    return found


@pytest.mark.slow
def test_a_worker_rehearses_what_was_asked_and_leaves_the_company_alone(fresh_database: str) -> None:
    open_shop(lamps=3)
    tables = ("sales_order", "stock_level", "fact", "notice", "company")
    before = {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    id_ = ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False, actor="ann")
    assert seen(id_).state == "queued"
    with working(fresh_database):
        wait_until(ended(id_), "the rehearsal ends")
    found = seen(id_)
    assert (found.state, found.error, found.asked_by) == ("done", "", "ann")
    assert found.result is not None
    assert [variant["title"] for variant in found.result["variants"]] == ["As it is", "No backorders"]
    assert [variant["measures"]["units_refused"] for variant in found.result["variants"]] == [0, 1]
    assert {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables} == before


@pytest.mark.slow
def test_from_the_live_company_it_starts_with_what_there_is(fresh_database: str) -> None:
    open_shop(lamps=3)
    drill = (
        "drill: 1\nstarts: 2026-03-03T00:00:00Z\nevents:\n  - {at: 9h, order: {ref: X1, lines: {lamp: 5}}}\n"
        "  - {at: 30d, wait: {}}\n"
    )
    id_ = ask_comparison("A surge", drill, VARIANTS, from_live=True)
    with working(fresh_database):
        wait_until(ended(id_), "the rehearsal ends")
    result = seen(id_).result
    assert result is not None, seen(id_).error
    assert [variant["measures"]["units_refused"] for variant in result["variants"]] == [0, 2]
    assert rows("SELECT count(*) FROM sales_order") == [(0,)]


@pytest.mark.slow
def test_the_company_s_next_days_play_as_they_are_proposed(fresh_database: str) -> None:
    """Ann waits for two lamps, five come in four days: in the rehearsal they arrive, and hers leave."""
    open_shop(Settings())
    today = database_now().date()
    save_suppliers([SupplierRecord("acme")])
    order_lamps(["O1"], units=2, at=database_now())
    purchase(PurchaseRequest("P-1", "acme", "east", {"lamp": 5}, today + timedelta(days=4), "confirmed"))
    drill = live_drill(Settings().calendar, today)
    assert '{at: 80h, receive: {po: "P-1", lines: {"lamp": 5}}}' in drill
    id_ = ask_comparison("The next days", drill, VARIANTS, from_live=True)
    with working(fresh_database):
        wait_until(ended(id_), "the rehearsal ends")
    result = seen(id_).result
    assert result is not None, seen(id_).error
    first = result["variants"][0]
    assert list(first["carried"].values()) == [2]
    assert (first["measures"]["on_time"], first["measures"]["oldest_waiting_days"]) == (1.0, 0.0)


@pytest.mark.slow
def test_a_fault_in_the_drill_is_told_with_its_line_and_nothing_of_this_machine(fresh_database: str) -> None:
    id_ = ask_comparison("Wrong", DRILL.replace("lamp: 2", "lmap: 2"), VARIANTS, from_live=False)
    with working(fresh_database):
        wait_until(ended(id_), "the rehearsal ends")
    assert (seen(id_).state, seen(id_).result) == ("failed", None)
    assert seen(id_).error == (
        "drill.yaml:8: events[0].order.lines.lmap: there is no product 'lmap' here (nearest valid name: lamp)"
    )


@pytest.mark.slow
def test_the_optimum_of_a_product_is_found_beside_the_rule(fresh_database: str) -> None:
    open_shop()
    order_lamps(["O1", "O2"])
    id_ = ask_book_optimum("lamp", actor="ann")
    with working(fresh_database):
        wait_until(ended(id_), "the optimum is found")
    result = seen(id_).result
    assert result is not None, seen(id_).error
    assert [(book["products"], book["claims"]) for book in result["books"]] == [(["lamp"], 2)]


@pytest.mark.slow
def test_a_run_that_takes_too_long_is_stopped_and_says_so(fresh_database: str) -> None:
    id_ = ask_comparison("Long", DRILL, VARIANTS, from_live=False)
    Laboratory(lambda: False, longest_seconds=0.0).step()
    assert seen(id_).error == "It took longer than 0 seconds and was stopped."


@pytest.mark.slow
def test_a_worker_that_stops_leaves_its_run_to_another_one(fresh_database: str) -> None:
    id_ = ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False)
    Laboratory(lambda: True).step()
    assert seen(id_).state == "queued"


@pytest.mark.django_db
def test_a_run_whose_worker_was_killed_is_done_again_and_given_up_after_twice() -> None:
    id_ = ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False)
    for _ in range(MOST_ATTEMPTS):
        task = take_run()
        assert task is not None
        assert task.id == id_
        assert take_run() is None, "nobody else takes it while its worker says that it is there"
        run("UPDATE lab_run SET seen_at = seen_at - %s", [timedelta(minutes=5)])
    assert take_run() is None
    assert (seen(id_).state, seen(id_).error) == ("failed", "The worker that ran it was stopped, twice.")


@pytest.mark.django_db
def test_progress_shows_and_a_run_put_back_does_not_count_as_tried() -> None:
    id_ = ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False)
    task = take_run()
    assert task is not None
    say_how_far(task, 1, 4)
    assert (seen(id_).state, seen(id_).percent) == ("running", 25)
    put_run_back(task)
    assert rows("SELECT state, attempts FROM lab_run") == [("queued", 0)]


@pytest.mark.django_db
def test_what_is_asked_is_bounded() -> None:
    with pytest.raises(Malformed, match="the drill may have 1,000,000 bytes at most, not 1,000,001"):
        ask_comparison("Large", "x" * 1_000_001, VARIANTS, from_live=False)
    with pytest.raises(NotFound):
        ask_book_optimum("lmap")
    for _ in range(MOST_UNDER_WAY):
        ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False)
    with pytest.raises(Refused, match="come back when some have ended"):
        ask_comparison("Two lamps", DRILL, VARIANTS, from_live=False)
