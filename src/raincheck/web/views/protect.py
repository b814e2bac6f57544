"""Keeping units of a product for a group of customers."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from raincheck.actions.protect import protect
from raincheck.core.errors import Malformed
from raincheck.core.protect import TIERS
from raincheck.store.reads.product import product_view
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.quantities import whole_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

PREFIX = "keep:"


@require_POST
@permitted("stock.protect")
def protect_units(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """Keeps as many units for each group as were typed in; a group that was left empty stays as it is."""
    if product_view(sku) is None:
        raise Http404(f"product {sku!r} does not exist")
    typed = {tier: request.POST.get(PREFIX + tier, "").strip() for tier in TIERS}
    kept = {tier: whole_units(text, tier) for tier, text in typed.items() if text}
    return act(
        request,
        lambda: _protect(sku, kept, request.user.get_username()),
        f"{sku}: {', '.join(f'{units} kept for {tier}' for tier, units in kept.items())}.",
        reverse("product", args=[sku]),
    )


def _protect(sku: str, kept: dict[str, int], actor: str) -> None:
    if not kept:
        raise Malformed("enter how many units are to be kept for one group at least; 0 keeps none any more")
    for tier, units in kept.items():
        protect(sku, tier, units, actor=actor)
