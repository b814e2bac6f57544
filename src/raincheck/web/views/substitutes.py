"""Substitutes: named on a product's page, offered and taken back on an order's."""

import re
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from raincheck.actions.name_substitutes import name_substitutes
from raincheck.actions.offer_substitute import offer_substitute, withdraw_offer
from raincheck.store.reads.product import product_view
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.quantities import counted

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_POST
@permitted("product.change")
def name(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """The SKUs that were typed in, one a line or between commas, are the product's substitutes and no others."""
    if product_view(sku) is None:
        raise Http404(f"product {sku!r} does not exist")
    skus = [text.strip() for text in re.split(r"[,;\n]", request.POST.get("skus", "")) if text.strip()]
    actor = request.user.get_username()
    done = f"{sku}: {counted(len(skus), 'substitute')} named." if skus else f"{sku} has no named substitute any more."
    return act(request, lambda: name_substitutes(sku, skus, actor=actor), done, reverse("product", args=[sku]))


@require_POST
@permitted("order.change")
def offer(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Offers the product that was chosen for a line, or the SKU that was typed in."""
    sku, _, chosen = request.POST.get("offer", "").partition("|")
    instead = request.POST.get("instead", "").strip() or chosen
    if not sku or not instead:
        raise BadRequest("Say for which product, and which other one is offered.")
    actor = request.user.get_username()
    return act(
        request,
        lambda: offer_substitute(ref, sku, instead, actor=actor),
        f"{ref}: {instead} is offered instead of {sku}. The customer is told; nothing moves until they answer.",
        reverse("order", args=[ref]),
    )


@require_POST
@permitted("order.change")
def withdraw(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Takes an open offer back."""
    sku, actor = request.POST.get("sku", ""), request.user.get_username()
    return act(
        request,
        lambda: withdraw_offer(ref, sku, actor=actor),
        f"{ref}: the offer for {sku} is taken back.",
        reverse("order", args=[ref]),
    )
