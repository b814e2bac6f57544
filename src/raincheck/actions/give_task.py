"""Give a task to a colleague or a team, with a time; take one, or hand it on."""

from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.close_task import text_of_open_task
from raincheck.actions.permissions import Role
from raincheck.core.errors import Malformed, NotFound
from raincheck.store import notes, tasks
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.reads.people import is_person
from raincheck.store.tasks import NewTask

CALL_BACK: Final = "call_back"
EXPEDITE: Final = "expedite"
MOVE: Final = "move_units"
NO_ANSWER: Final = "no_answer"
ASKED: Final = "asked"
LONGEST: Final = 500
LAST_YEAR: Final = 9998
"""Of a later time not every zone has a date."""
TEAMS: Final = frozenset(role.value for role in Role)


def give_task(
    text: str,
    *,
    kind: str = ASKED,
    ref: str = "",
    customer: str = "",
    assignee: str = "",
    team: str = "",
    due_at: datetime | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> int:
    """Opens a task about an order, a customer or neither, for a person or a team; its id.

    Raises Malformed without words, for somebody who is nobody here or a time too far off, NotFound for an unknown order
    or customer.
    """
    said = " ".join(text.split()).replace("\x00", "")[:LONGEST]
    if not said:
        raise Malformed("a task says what is to be done")
    _check_who(assignee, team)
    _check_when(due_at)
    with transaction.atomic():
        order = known_order(ref).id if ref else None
        buyer = notes.customer_id(customer) if customer else None
        if customer and buyer is None:
            raise NotFound(f"customer {customer!r} does not exist", "customer", customer)
        subject = f"order:{ref}" if ref else f"customer:{customer}" if customer else "company"
        detail = {"text": said, "kind": kind, "for": assignee or team}
        outbox = Outbox(at or database_now(), "task_given", subject, actor, detail)
        _ = outbox.fact
        return tasks.open_task(NewTask(kind, said, order, buyer, assignee, team, due_at), outbox.at)


def hand_on(
    task_id: int, assignee: str, due_at: datetime | None = None, at: datetime | None = None, actor: str = ""
) -> None:
    """Gives an open task to somebody, or back to its team (an empty name); `due_at` None: its time stays.

    Raises NotFound, Refused for one that is closed, Malformed for somebody who is nobody here or a time too far off.
    """
    _check_who(assignee, "")
    _check_when(due_at)
    with transaction.atomic():
        text = text_of_open_task(task_id)
        outbox = Outbox(
            at or database_now(), "task_handed_on", f"task:{task_id}", actor, {"text": text, "for": assignee}
        )
        _ = outbox.fact
        tasks.assign(task_id, assignee, due_at)


def _check_who(assignee: str, team: str) -> None:
    if assignee and not is_person(assignee):
        raise Malformed(f"nobody here is called {assignee!r}")
    if team and team not in TEAMS:
        raise Malformed(f"a team is one of {', '.join(sorted(TEAMS))}, not {team!r}")


def _check_when(due_at: datetime | None) -> None:
    if due_at is not None and not 1 < due_at.year <= LAST_YEAR:
        raise Malformed(f"a task is due by a time such as 2026-05-01 10:00, not in the year {due_at.year}")
