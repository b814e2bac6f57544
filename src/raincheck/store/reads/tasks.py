"""Open tasks: mine, my teams', everybody's."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from raincheck.store.reads.named import named_row, named_rows

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task for `assignee`, else for anybody of the `team` (empty: for anybody). `due_at` None: when there is time.

    `closed_at` None: it is open. `closed_by` empty: the software saw that it was settled.
    """

    id: int
    kind: str
    text: str
    ref: str
    customer_code: str
    customer: str
    sku: str
    assignee: str
    team: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: str


_ANY_TASK: Final = """SELECT t.id, t.kind, t.text, coalesce(o.ref, '') AS ref, coalesce(u.code, '') AS customer_code,
                         coalesce(nullif(u.name, ''), u.code, '') AS customer, coalesce(p.sku, '') AS sku,
                         t.assignee, t.team, t.opened_at, t.due_at, t.closed_at, t.closed_by
                  FROM task t LEFT JOIN sales_order o ON o.id = t.order_id
                  LEFT JOIN customer u ON u.id = coalesce(t.customer_id, o.customer_id)
                  LEFT JOIN product p ON p.id = t.product_id"""
_TASK: Final = f"{_ANY_TASK} WHERE t.closed_at IS NULL"
_SOONEST: Final = "ORDER BY t.due_at NULLS LAST, t.opened_at, t.id LIMIT %(most)s"


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """How many are open: one person's, those that nobody of their teams has taken yet, everybody's."""

    mine: int
    team: int
    all: int


_MINE: Final = "t.assignee = %(who)s"
_FOR_ANYBODY: Final = "t.assignee = '' AND (t.team = '' OR t.team = ANY(%(teams)s))"


def open_tasks(username: str, teams: Sequence[str]) -> OpenTasks:
    """How many tasks there are to do."""
    (counts,) = named_rows(
        OpenTasks,
        f"""SELECT count(*) FILTER (WHERE {_MINE}) AS mine, count(*) FILTER (WHERE {_FOR_ANYBODY}) AS team,
                   count(*) AS all
            FROM task t WHERE t.closed_at IS NULL""",
        {"who": username, "teams": list(teams)},
    )
    return counts


def my_tasks(username: str) -> list[TaskView]:
    """What was given to one person, what is due first coming first."""
    return named_rows(TaskView, f"{_TASK} AND {_MINE} {_SOONEST}", {"who": username, "most": MOST})


def team_tasks(teams: Sequence[str]) -> list[TaskView]:
    """What nobody has taken yet, of these teams and of no team in particular."""
    return named_rows(TaskView, f"{_TASK} AND {_FOR_ANYBODY} {_SOONEST}", {"teams": list(teams), "most": MOST})


def all_tasks() -> list[TaskView]:
    """Everything that is open."""
    return named_rows(TaskView, f"{_TASK} {_SOONEST}", {"most": MOST})


def tasks_about_order(order: int) -> list[TaskView]:
    """What is open about an order."""
    return named_rows(TaskView, f"{_TASK} AND t.order_id = %(order)s {_SOONEST}", {"order": order, "most": MOST})


def tasks_about_customer(customer: int) -> list[TaskView]:
    """What is open about a customer or one of their orders."""
    where = "AND (t.customer_id = %(customer)s OR o.customer_id = %(customer)s)"
    return named_rows(TaskView, f"{_TASK} {where} {_SOONEST}", {"customer": customer, "most": MOST})


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; empty is everything. `is_open` None: those that are settled too."""

    is_open: bool | None = True
    assignee: str = ""
    team: str = ""
    kind: str = ""
    order_ref: str = ""
    customer: str = ""


def task_rows(wanted: TaskFilter, after: int | None, limit: int) -> list[TaskView]:
    """Tasks, what is due first coming first: behind the one with this id, at most so many."""
    place = "coalesce({0}.due_at, 'infinity'), {0}.opened_at, {0}.id"
    return named_rows(
        TaskView,
        f"""{_ANY_TASK}
            WHERE (%(is_open)s::bool IS NULL OR (t.closed_at IS NULL) = %(is_open)s)
              AND (%(assignee)s = '' OR t.assignee = %(assignee)s) AND (%(team)s = '' OR t.team = %(team)s)
              AND (%(kind)s = '' OR t.kind = %(kind)s) AND (%(order_ref)s = '' OR o.ref = %(order_ref)s)
              AND (%(customer)s = '' OR u.code = %(customer)s)
              AND (%(after)s::bigint IS NULL
                   OR ({place.format("t")}) > (SELECT {place.format("b")} FROM task b WHERE b.id = %(after)s))
            ORDER BY {place.format("t")} LIMIT %(limit)s""",
        {**asdict(wanted), "after": after, "limit": limit},
    )


def task_view(task: int) -> TaskView:
    """A task that is there, open or not."""
    return named_row(TaskView, f"{_ANY_TASK} WHERE t.id = %(id)s", {"id": task})
