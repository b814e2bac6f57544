"""What waits for a person, over the API: listed, chosen, settled."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from django.contrib.auth.models import User
from tests.api.caller import Caller, content

from raincheck.actions.give_task import give_task
from raincheck.actions.permissions import Role
from raincheck.api.shapes.tasks import Team
from raincheck.store.db import one

NOW = datetime.now(UTC)


@pytest.fixture
def desk(shop: Caller) -> Caller:
    """Three tasks: mia's is due last, service's first, one has no time."""
    User.objects.create_user("mia")
    shop.post("/orders", {"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 1}]})
    give_task("some day", customer="bob")
    give_task("tomorrow", kind="call_back", ref="O1", assignee="mia", due_at=NOW + timedelta(days=1))
    give_task("today", team="service", due_at=NOW + timedelta(hours=1))
    return shop


def texts(desk: Caller, query: str = "") -> list[str]:
    return [task["text"] for task in content(desk.get("/tasks", query))["tasks"]]


def test_what_is_due_first_comes_first_page_by_page(desk: Caller) -> None:
    assert texts(desk) == ["today", "tomorrow", "some day"]
    first = content(desk.get("/tasks", "limit=2"))
    assert texts(desk, f"limit=2&cursor={first['next_cursor']}") == ["some day"]
    task = first["tasks"][1]
    assert {name: task[name] for name in ("kind", "order", "customer", "assignee", "team", "closed_at")} == {
        "kind": "call_back",
        "order": "O1",
        "customer": "ann",
        "assignee": "mia",
        "team": None,
        "closed_at": None,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("assignee=mia", ["tomorrow"]),
        ("team=service", ["today"]),
        ("kind=call_back", ["tomorrow"]),
        ("order=O1", ["tomorrow"]),
        ("customer=ann", ["tomorrow"]),
        ("customer=bob", ["some day"]),
        ("state=closed", []),
        ("assignee=&team=&kind=&order=&customer=&state=", ["today", "tomorrow", "some day"]),
        ("assignee=zoe", []),
    ],
)
def test_tasks_are_chosen(desk: Caller, query: str, found: list[str]) -> None:
    assert texts(desk, query) == found


def test_a_task_is_settled_once(desk: Caller) -> None:
    task = content(desk.get("/tasks", "order=O1"))["tasks"][0]["id"]
    settled = content(desk.post(f"/tasks/{task}/close", Idempotency_Key="desk-1"))
    assert (settled["id"], settled["closed_by"], settled["text"]) == (task, "api:a shop", "tomorrow")
    assert settled["closed_at"] is not None
    assert content(desk.post(f"/tasks/{task}/close", Idempotency_Key="desk-1")) == settled
    again = desk.post(f"/tasks/{task}/close")
    assert (again.status_code, "closed by api:a shop already" in content(again)["detail"]) == (409, True)
    assert texts(desk, "state=closed") == ["tomorrow"]
    assert texts(desk) == ["today", "some day"]
    assert sorted(texts(desk, "state=all")) == ["some day", "today", "tomorrow"]
    assert one("SELECT actor FROM fact WHERE verb = 'task_closed'") == ("api:a shop",)


def test_what_is_no_task(desk: Caller) -> None:
    assert desk.post("/tasks/999999/close").status_code == 404
    assert desk.post(f"/tasks/{2**70}/close").status_code == 404
    for wrong in ("state=late", "cursor=x", "limit=501", "colour=red"):
        assert desk.get("/tasks", wrong).status_code == 422, wrong


def test_a_task_is_given_and_handed_on(desk: Caller) -> None:
    due = "2026-12-01T09:30:00+01:00"
    body = {"text": "Ring Ann", "order": "O1", "team": "service", "due_at": due}
    given = desk.post("/tasks", body, Idempotency_Key="ring")
    assert given.status_code == 201
    task = content(given)
    assert {name: task[name] for name in ("text", "order", "customer", "team", "assignee", "due_at", "kind")} == {
        "text": "Ring Ann",
        "order": "O1",
        "customer": "ann",
        "team": "service",
        "assignee": None,
        "due_at": "2026-12-01T08:30:00Z",
        "kind": "asked",
    }
    assert content(desk.post("/tasks", body, Idempotency_Key="ring"))["id"] == task["id"]
    taken = content(desk.patch(f"/tasks/{task['id']}", {"assignee": "mia"}))
    assert (taken["assignee"], taken["due_at"]) == ("mia", task["due_at"])
    later = content(desk.patch(f"/tasks/{task['id']}", {"assignee": None, "due_at": "2026-12-02T08:00:00Z"}))
    assert (later["assignee"], later["team"], later["due_at"]) == (None, "service", "2026-12-02T08:00:00Z")
    desk.post(f"/tasks/{task['id']}/close")
    assert desk.patch(f"/tasks/{task['id']}", {"assignee": "mia"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "/text: is missing"),
        ({"text": "  "}, "says what is to be done"),
        ({"text": "Ring", "assignee": "zoe"}, "Nobody here is called 'zoe'"),
        ({"text": "Ring", "team": "pirates"}, "/team: must be"),
        ({"text": "Ring", "assignee": "mia", "team": "service"}, "a person or for a team"),
        ({"text": "Ring", "order": "O1", "customer": "ann"}, "an order or a customer"),
        ({"text": "Ring", "order": "O9"}, "Order 'O9' does not exist"),
        ({"text": "Ring", "customer": "zoe"}, "Customer 'zoe' does not exist"),
        ({"text": "Ring", "due_at": "2026-12-01"}, "/due_at: must be a time with its zone"),
        ({"text": "Ring", "due_at": "2026-12-01T09:30:00"}, "/due_at: must be a time with its zone"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(desk: Caller, body: dict[str, str], said: str) -> None:
    answer = desk.post("/tasks", body)
    assert (answer.status_code, said in content(answer)["detail"]) == (422, True), content(answer)["detail"]
    assert len(texts(desk)) == 3


def test_the_teams_are_the_roles() -> None:
    assert get_args(Team) == tuple(role.value for role in Role)
