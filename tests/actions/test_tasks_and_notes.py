"""Colleagues: who sold an order, tasks for a person or a team, notes that stay as they were written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from psycopg.errors import RaiseException
from tests.actions.law_shop import OPENED_AT, at, open_shop

from raincheck.actions.close_task import close_task
from raincheck.actions.give_task import give_task, hand_on
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_note import LONGEST, note_on_customer, note_on_order
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store.db import one, rows, run
from raincheck.store.reads.notes import notes_for, notes_of_customer
from raincheck.store.reads.tasks import all_tasks, my_tasks, tasks_about_order, team_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    """A lamp shop with one order, and two people in it."""
    open_shop(law="none")
    User.objects.create_user("mia")
    User.objects.create_user("ben")
    place("O1")


def place(ref: str, sold_by: str = "", **more: object) -> bool:
    request = OrderRequest(ref, (AskedLine("lamp", 2),), "ann", sold_by=sold_by, **more)  # type: ignore[arg-type]
    return place_order(request, at=OPENED_AT).is_new


@pytest.mark.parametrize("ship", [None, "complete"], ids=["the short way", "with the whole book"])
def test_who_sold_an_order_is_kept_and_is_no_part_of_what_was_asked_for(ship: str | None) -> None:
    assert place("O2", "mia", ship=ship)
    assert not place("O2", "ben", ship=ship)
    assert one("SELECT sold_by FROM sales_order WHERE ref = 'O2'") == ("mia",)


def test_a_task_for_a_team_is_anybody_s_until_somebody_takes_it() -> None:
    task = give_task("Ring Ann", ref="O1", team="service", at=at(1), actor="mia")
    assert [one.id for one in team_tasks(["service", "sales"])] == [task]
    assert team_tasks(["buyer"]) == []
    hand_on(task, "ben", at(2), at=at(1), actor="ben")
    assert team_tasks(["service"]) == []
    assert [(one.text, one.ref, one.due_at) for one in my_tasks("ben")] == [("Ring Ann", "O1", at(2))]
    hand_on(task, "", at=at(1), actor="ben")
    assert [(one.id, one.due_at) for one in team_tasks(["service"])] == [(task, at(2))], "its time stays"
    with pytest.raises(Malformed, match="not in the year 9999"):
        hand_on(task, "ben", datetime(9999, 12, 31, tzinfo=UTC), at=at(1), actor="ben")


def test_what_is_due_first_comes_first_and_what_has_no_time_last() -> None:
    give_task("some day", assignee="mia", at=at(1))
    give_task("tomorrow", assignee="mia", due_at=at(2), at=at(1))
    give_task("today", assignee="mia", due_at=at(1) + timedelta(hours=2), at=at(1))
    assert [one.text for one in my_tasks("mia")] == ["today", "tomorrow", "some day"]


def test_a_task_is_on_record_with_its_order_and_gone_once_it_is_settled() -> None:
    task = give_task("Ring Ann", ref="O1", assignee="mia", at=at(1), actor="ben")
    assert [one.id for one in tasks_about_order(one("SELECT id FROM sales_order")[0])] == [task]
    assert rows("SELECT actor FROM fact WHERE verb = 'task_given' AND subject = 'order:O1'") == [("ben",)]
    close_task(task, at=at(2), actor="mia")
    assert all_tasks() == []
    with pytest.raises(Refused, match="closed by mia"):
        hand_on(task, "ben", at=at(2))


def test_a_task_names_somebody_who_is_here_and_something_to_do() -> None:
    with pytest.raises(Malformed, match="nobody here is called 'zoe'"):
        give_task("Ring Ann", assignee="zoe")
    with pytest.raises(Malformed, match="a team is one of"):
        give_task("Ring Ann", team="pirates")
    with pytest.raises(Malformed, match="what is to be done"):
        give_task("  ")
    with pytest.raises(NotFound):
        give_task("Ring Ann", ref="O99")
    with pytest.raises(NotFound):
        give_task("Ring Ann", customer="zoe")
    with pytest.raises(NotFound):
        hand_on(10**6, "mia")
    User.objects.filter(username="ben").update(is_active=False)
    with pytest.raises(Malformed, match="nobody here"):
        give_task("Ring Ann", assignee="ben")


def test_a_note_on_an_order_and_one_on_its_customer_are_read_together_the_latest_first() -> None:
    note_on_order("O1", "  Wants it by Friday\nsays her neighbour takes it in ", at=at(1), actor="mia")
    note_on_customer("ann", "Calls back after five", at=at(2), actor="ben")
    order, customer = one("SELECT id, customer_id FROM sales_order")
    said = [("Calls back after five", "ben"), ("Wants it by Friday\nsays her neighbour takes it in", "mia")]
    assert [(note.text, note.actor) for note in notes_for(order)] == said
    assert [(note.text, note.actor) for note in notes_of_customer(customer)] == said


def test_a_note_is_never_changed_and_never_taken_away() -> None:
    note_on_order("O1", "As it was", at=at(1), actor="mia")
    for statement in ("UPDATE note SET text = 'as it should have been'", "DELETE FROM note"):
        with pytest.raises(RaiseException, match="note"), transaction.atomic():
            run(statement)


def test_a_note_has_words_and_not_too_many() -> None:
    with pytest.raises(Malformed, match="needs words"):
        note_on_order("O1", " \x00 ")
    with pytest.raises(Malformed, match=f"at most {LONGEST}"):
        note_on_order("O1", "a" * (LONGEST + 1))
    with pytest.raises(NotFound):
        note_on_order("O99", "Hello")
    with pytest.raises(NotFound):
        note_on_customer("zoe", "Hello")
