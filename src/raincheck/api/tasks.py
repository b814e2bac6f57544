"""Tasks: what waits for a person; giving one, handing it on, settling it."""

from typing import Annotated, Any, Final

from ninja import Path, Query, Router

from raincheck.actions.close_task import close_task
from raincheck.actions.give_task import give_task, hand_on
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.cursor import cut, number_in
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.tasks import HandOnBody, TaskAnswer, TaskBody, TasksAnswer, TasksQuery
from raincheck.store.reads.tasks import TaskFilter, TaskView, task_rows, task_view

router = Router(tags=["Tasks"], by_alias=True)
_OPEN: Final = {"": True, "open": True, "closed": False, "all": None}
TaskInPath = Annotated[int, Path(ge=1, le=2**63 - 1, description="The `id` of a task.")]


@router.get(
    "/tasks",
    auth=ApiKey("task.close"),
    response=TasksAnswer,
    operation_id="listTasks",
    summary="What waits for a person",
)
@reads
def show(request: ApiRequest, asked: Query[TasksQuery]) -> Answer:  # noqa: ARG001 - a call takes its request
    """What is due first coming first, what has no time last. Pages by cursor; one whose time is moved meanwhile moves
    with it.
    """
    wanted = TaskFilter(
        is_open=_OPEN[asked.state],
        assignee=asked.assignee or "",
        team=asked.team or "",
        kind=asked.kind or "",
        order_ref=asked.order or "",
        customer=asked.customer or "",
    )
    found = task_rows(wanted, number_in(asked.cursor, "tasks"), asked.limit + 1)
    rows, cursor = cut("tasks", found, asked.limit, lambda row: (row.id,))
    return Answer({"tasks": [_shown(row) for row in rows], "next_cursor": cursor})


@router.post(
    "/tasks",
    auth=ApiKey("task.give"),
    response={201: TaskAnswer},
    operation_id="giveTask",
    summary="Give a task to a person or a team",
)
@writes()
def give(request: ApiRequest, body: TaskBody) -> Answer:
    """It stands among their tasks, and on the page of what it is about. Sent twice it is given twice: name the call by
    its Idempotency-Key.
    """
    given = give_task(
        body.text,
        ref=body.order or "",
        customer=body.customer or "",
        assignee=body.assignee or "",
        team=body.team or "",
        due_at=body.due_at,
        actor=request.auth.actor,
    )
    return Answer(_shown(task_view(given)), 201)


@router.patch(
    "/tasks/{int:task}",
    auth=ApiKey("task.give"),
    response=TaskAnswer,
    operation_id="handOnTask",
    summary="Hand a task on, or back to its team",
)
@writes()
def pass_on(request: ApiRequest, task: TaskInPath, body: HandOnBody) -> Answer:
    """To a colleague, with another time if you like. 409 for one that is closed."""
    hand_on(task, body.assignee or "", body.due_at, actor=request.auth.actor)
    return Answer(_shown(task_view(task)))


@router.post(
    "/tasks/{int:task}/close",
    auth=ApiKey("task.close"),
    response=TaskAnswer,
    operation_id="closeTask",
    summary="Settle a task",
)
@writes()
def close(request: ApiRequest, task: TaskInPath) -> Answer:
    """It is settled, on record. 409 for one that was closed already."""
    close_task(task, actor=request.auth.actor)
    return Answer(_shown(task_view(task)))


def _shown(task: TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "text": task.text,
        "order": task.ref or None,
        "customer": task.customer_code or None,
        "sku": task.sku or None,
        "assignee": task.assignee or None,
        "team": task.team or None,
        "opened_at": task.opened_at,
        "due_at": task.due_at,
        "closed_at": task.closed_at,
        "closed_by": task.closed_by or None,
    }
