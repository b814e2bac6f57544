"""By hand: units moved from one order to another, a shortage shared, and both taken back."""

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.looked_at import LookedAt
from raincheck.actions.move_units import Move, move_units, revoke_given
from raincheck.actions.share_shortage import preview_share, revoke_share, share_shortage
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.quantities import counted, whole_units
from raincheck.web.winners import winners_and_losers

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

LONGEST_REASON = 300
SHARINGS = {"even": "Evenly", "proportional": "In proportion to what each needs"}


@require_POST
@permitted("queue.rebalance")
def move(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Moves units of this order to another, or from another to it."""
    other = request.POST.get("other", "").strip()[:100]
    sku = request.POST.get("sku", "").strip()[:100]
    units = whole_units(request.POST.get("units", ""), sku)
    if not other or not sku:
        raise BadRequest("Say which product, and which other order.")
    giver, taker = (other, ref) if request.POST.get("direction") == "here" else (ref, other)
    wanted = Move(giver, taker, sku, units, _reason(request))
    return act(
        request,
        lambda: move_units(wanted, actor=request.user.get_username()),
        f"{counted(units, 'unit')} of {sku} moved from {giver} to {taker}. They stay there until that is revoked.",
        reverse("order", args=[ref]),
    )


@require_POST
@permitted("queue.rebalance")
def revoke(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """What the order was given is the queue's again."""
    return act(
        request,
        lambda: revoke_given(ref, reason=_reason(request), actor=request.user.get_username()),
        f"What {ref} was given is revoked: it is served by its rank again.",
        reverse("order", args=[ref]),
    )


@require_safe
@permitted("queue.rebalance")
def sharing(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """Who would win and who would lose if the product's supply were shared."""
    how = request.GET.get("how", "even")
    try:
        found, problem = preview_share(sku, how if how in SHARINGS else "even"), ""
    except NotFound as error:
        raise Http404(str(error)) from error
    except (Refused, Malformed) as error:
        found, problem = LookedAt([], ""), sentence(error)
    context = {
        "sku": sku,
        "how": how,
        "sharings": SHARINGS,
        "parts": winners_and_losers(found.changes),
        "seen": found.digest,
        "problem": problem,
    }
    return render(request, "web/rebalance/sharing.html", context)


@require_POST
@permitted("queue.rebalance")
def share(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """Shares a product's supply, exactly as it was looked at."""
    how, seen = request.POST.get("how", ""), request.POST.get("seen", "")
    return act(
        request,
        lambda: share_shortage(sku, how, _reason(request), actor=request.user.get_username(), seen=seen),
        f"What there is of {sku} is shared. It stays so until that is revoked.",
        reverse("product", args=[sku]),
    )


@require_POST
@permitted("queue.rebalance")
def unshare(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """Ends the sharing of a product."""
    return act(
        request,
        lambda: revoke_share(sku, reason=_reason(request), actor=request.user.get_username()),
        f"{sku} is no longer shared: it goes by rank again.",
        reverse("product", args=[sku]),
    )


def _reason(request: "ConsoleRequest") -> str:
    return " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
