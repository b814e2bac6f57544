"""A customer who does not answer becomes a task for the person who sold, in time to call them."""

import pytest
from django.contrib.auth.models import User
from tests.actions.law_shop import OPENED_AT, at, open_shop, pass_time, truck

from raincheck.actions.answer_order import WAIT, Answer, answer_order
from raincheck.actions.close_task import close_task
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import reschedule
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.db import one, rows

pytestmark = pytest.mark.django_db
TASKS = "SELECT assignee, team FROM task WHERE kind = 'no_answer' AND closed_at IS NULL"


def a_late_order(sold_by: str = "mia") -> None:
    """Two lamps promised for 12 March come two months later: without an answer the law cancels on 12 April."""
    open_shop()
    truck(10)
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann", sold_by=sold_by), at=OPENED_AT)
    pass_time(2)
    reschedule("P1", at(70).date(), at=at(2))
    pass_time(5)


def test_whoever_sold_it_gets_the_task_days_before_the_time_runs_out() -> None:
    User.objects.create_user("mia")
    a_late_order()
    pass_time(36)
    assert rows(TASKS) == []
    pass_time(40)
    assert rows(TASKS) == [("mia", "service")]
    text, due_at = one("SELECT text, due_at FROM task WHERE kind = 'no_answer'")
    assert "Ann Lee has not said whether to wait for O1" in text
    assert due_at > at(40)


@pytest.mark.parametrize("sold_by", ["", "the web shop"])
def test_where_nobody_here_sold_it_the_service_team_gets_it(sold_by: str) -> None:
    a_late_order(sold_by)
    pass_time(40)
    assert rows(TASKS) == [("", "service")]


def test_somebody_who_has_left_gets_no_task() -> None:
    User.objects.create_user("mia", is_active=False)
    a_late_order()
    pass_time(40)
    assert rows(TASKS) == [("", "service")]


def test_the_answer_closes_the_task() -> None:
    a_late_order()
    pass_time(40)
    answer_order("O1", Answer(WAIT), at=at(40))
    assert rows(TASKS) == []


def test_a_task_that_was_settled_does_not_come_again_for_the_same_question() -> None:
    a_late_order()
    pass_time(39)
    task = one("SELECT id FROM task WHERE kind = 'no_answer'")[0]
    close_task(task, at=at(39), actor="mia")
    pass_time(40)
    assert rows(TASKS) == []


def test_when_the_law_has_cancelled_there_is_nothing_to_ask_any_more() -> None:
    a_late_order()
    pass_time(45)
    assert one("SELECT state FROM sales_order WHERE ref = 'O1'") == ("cancelled",)
    assert rows(TASKS) == []
