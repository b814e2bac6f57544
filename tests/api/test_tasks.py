"""What waits for a person, over the API: listed, chosen, settled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from tests.api.caller import Caller, content

from raincheck.actions.give_task import give_task
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
