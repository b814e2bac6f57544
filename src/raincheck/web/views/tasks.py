"""Closing what the software handed to a person, and posting a count."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from raincheck.actions.close_task import close_task as close
from raincheck.actions.move_stock import count
from raincheck.core.errors import Malformed
from raincheck.store.reads.product import product_view
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.quantities import whole_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

PREFIX = "units:"


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
