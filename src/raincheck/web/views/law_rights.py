"""Rights of buyers that a person puts on record: refunds by another way, a further period, a withdrawal."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from raincheck.actions.law_delivery import set_fitting_period, withdraw
from raincheck.actions.law_refund import refund_otherwise, refund_sent
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.quantities import posted_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_POST
@permitted("order.cancel")
def otherwise(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The way on which was paid is closed: the money goes by another."""
    reason, method, actor = request.POST.get("reason", ""), request.POST.get("method", ""), _actor(request)
    return act(
        request,
        lambda: refund_otherwise(ref, reason, method, actor=actor),
        f"{ref}: on record. The law counts anew from today.",
        _page(ref),
    )


@require_POST
@permitted("order.cancel")
def sent(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """A person sent the money."""
    proof, method, actor = request.POST.get("proof", ""), request.POST.get("method", ""), _actor(request)
    return act(
        request,
        lambda: refund_sent(ref, method, proof, actor=actor),
        f"{ref}: on record that the money went, with its proof.",
        _page(ref),
    )


@require_POST
@permitted("order.change")
def fitting_period(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The buyer set a further period to deliver in."""
    try:
        until_on = date.fromisoformat(request.POST.get("until_on", ""))
    except ValueError:
        raise BadRequest("Say until which day, such as 2026-05-01.") from None
    is_essential, actor = request.POST.get("essential") == "yes", _actor(request)
    return act(
        request,
        lambda: set_fitting_period(ref, until_on, actor=actor, is_essential=is_essential),
        f"{ref}: the further period is on record.",
        _page(ref),
    )


@require_POST
@permitted("order.cancel")
def withdrawal(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The buyer withdraws from the units posted for each line; from everything where none were."""
    units = posted_units(request.POST, "units:") or None
    how, actor = request.POST.get("how", ""), _actor(request)
    return act(
        request,
        lambda: withdraw(ref, units, how, actor=actor),
        f"{ref}: the withdrawal is on record. What is open is cancelled; what was sent is paid back as it returns.",
        _page(ref),
    )


def _actor(request: "ConsoleRequest") -> str:
    return request.user.get_username()


def _page(ref: str) -> str:
    return reverse("order", args=[ref])
