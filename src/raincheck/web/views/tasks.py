"""Tasks: mine, my teams', everybody's; closing one, handing one on, giving one; and posting a count."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.close_task import close_task as close
from raincheck.actions.give_task import give_task as give
from raincheck.actions.give_task import hand_on as hand
from raincheck.actions.move_stock import count
from raincheck.actions.permissions import Role
from raincheck.core.errors import Malformed
from raincheck.store.reads.people import active_people
from raincheck.store.reads.product import product_view
from raincheck.store.reads.tasks import all_tasks, my_tasks, open_tasks, team_tasks
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.paging import choice
from raincheck.web.quantities import whole_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

PREFIX = "units:"
WHOSE = {"mine": "Mine", "team": "My teams’", "all": "Everybody’s"}


@require_safe
@permitted("task.close")
def tasks(request: "ConsoleRequest") -> HttpResponse:
    """What is to be done, what is due first coming first."""
    whose = choice(request, "whose", tuple(WHOSE)) or "mine"
    found = {
        "mine": lambda: my_tasks(request.user.get_username()),
        "team": lambda: team_tasks(request.person.roles),
        "all": all_tasks,
    }[whose]()
    counts = open_tasks(request.user.get_username(), request.person.roles)
    context = {
        "tasks": found,
        "whose": whose,
        "choices": [(key, word, getattr(counts, key)) for key, word in WHOSE.items()],
        "people": active_people(),
        "teams": [role.value for role in Role],
        "now": timezone.now(),
    }
    return render(request, "web/task/live.html" if request.htmx else "web/task/page.html", context)


@require_POST
@permitted("task.give")
def give_task(request: "ConsoleRequest") -> HttpResponse:
    """Gives a task to a person or a team."""
    form = request.POST
    kind, _, name = form.get("for", "").partition(":")
    return act(
        request,
        lambda: give(
            form.get("text", ""),
            ref=form.get("ref", "").strip()[:100],
            assignee=name if kind == "person" else "",
            team=name if kind == "team" else "",
            due_at=_due_at(request),
            actor=request.user.get_username(),
        ),
        "The task is given.",
        reverse("tasks"),
    )


@require_POST
@permitted("task.give")
def hand_on(request: "ConsoleRequest", task_id: int) -> HttpResponse:
    """Takes a task, hands it to a colleague, or gives it back to its team."""
    to = request.POST.get("to", "").strip()[:150]
    return act(
        request,
        lambda: hand(task_id, to, _due_at(request), actor=request.user.get_username()),
        f"{to} has it now." if to else "It is its team’s again.",
        reverse("tasks"),
    )


def _due_at(request: "ConsoleRequest") -> datetime | None:
    """The time that was posted, in the person's zone. Raises BadRequest for what is none."""
    text = request.POST.get("due", "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=request.zone) if text else None
    except ValueError as error:
        raise BadRequest(f"{text[:30]!r} is no date with a time.") from error


@require_POST
@permitted("task.close")
def close_task(request: "ConsoleRequest", task_id: int) -> HttpResponse:
    """Marks a task as settled."""
    return act(request, lambda: close(task_id, actor=request.user.get_username()), "Settled.", reverse("desk"))


@require_POST
@permitted("stock.count")
def count_stock(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """Posts what was counted at the sites that were filled in."""
    if product_view(sku) is None:
        raise Http404(f"product {sku!r} does not exist")
    counted = {
        name.removeprefix(PREFIX): whole_units(text, name.removeprefix(PREFIX))
        for name, text in request.POST.dict().items()
        if name.startswith(PREFIX) and text.strip()
    }
    return act(
        request,
        lambda: _count(sku, counted, request.user.get_username()),
        f"{sku} is counted at {', '.join(counted)}. The queue has been served from it.",
        reverse("product", args=[sku]),
    )


def _count(sku: str, counted: dict[str, int], actor: str) -> None:
    if not counted:
        raise Malformed("enter what was counted at one site at least")
    for site, units in counted.items():
        count(site, {sku: units}, actor=actor)
