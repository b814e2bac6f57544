"""Timers run live as they do in a drill, and one that fails stops no other."""

from datetime import datetime, timedelta

import pytest
from tests.jobs.shop import open_shop, order_lamps

from raincheck.actions import run_timers
from raincheck.core.settings import Settings
from raincheck.jobs.worker import work_once
from raincheck.store.db import one, rows
from raincheck.store.locks import database_now
from raincheck.store.reads.waiting_work import waiting_work
from raincheck.store.timers import Due, TimerKind

pytestmark = pytest.mark.django_db


def test_what_fell_due_while_no_worker_ran_is_done_by_the_next() -> None:
    open_shop(Settings(transit_days=2), lamps=1)
    order_lamps(["O1"])
    work_once()
    assert rows("SELECT event FROM notice ORDER BY id") == [
        ("order_confirmed",),
        ("shipped",),
        ("charged",),
        ("delivered",),
    ]


def test_days_begin_also_where_nobody_set_a_company_up() -> None:
    open_shop()
    work_once()
    work_once()
    ((due_at,),) = rows("SELECT due_at FROM timer WHERE kind = %s", [int(TimerKind.DAY)])
    assert database_now() < due_at <= database_now() + timedelta(days=1)


def test_a_timer_that_fails_is_tried_again_later_and_holds_up_none(monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop(Settings(transit_days=2), lamps=2)
    order_lamps(["O1", "O2"])
    deliver = run_timers._HANDLERS[TimerKind.DELIVER]
    (first,) = one("SELECT min(subject_id) FROM timer WHERE kind = %s", [int(TimerKind.DELIVER)])

    def fail_for_the_first(timer: Due, at: datetime) -> None:
        if timer.subject == first:
            raise ValueError("a fault")
        deliver(timer, at)

    monkeypatch.setitem(run_timers._HANDLERS, TimerKind.DELIVER, fail_for_the_first)
    work_once()
    assert rows("SELECT state FROM shipment ORDER BY id") == [("shipped",), ("delivered",)]
    ((due_at,),) = rows("SELECT due_at FROM timer WHERE kind = %s", [int(TimerKind.DELIVER)])
    assert due_at > database_now()


def test_figures_say_whether_the_work_gets_done() -> None:
    open_shop()
    order_lamps(["O1"])
    before = waiting_work()
    assert (before.workers, before.outbox_notices) == (0, 2)
    work_once()
    assert waiting_work().outbox_notices == 0
