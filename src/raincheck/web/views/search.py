"""Search by order, SKU or customer, from every page."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from raincheck.store.reads.search import Hit, find
from raincheck.web.access import permitted

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

SUGGESTIONS = 5
RESULTS = 50
MAX_TEXT = 100
ICONS = {"order": "shopping-cart", "product": "box", "customer": "user"}


@require_safe
@permitted("order.view")
def search(request: "ConsoleRequest") -> HttpResponse:
    """All hits. The exact code of one thing goes straight to it."""
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    hits = find(text, RESULTS)
    exact = [hit for hit in hits if hit.code.casefold() == text.casefold()]
    if len(exact) == 1:
        return redirect(address_of(exact[0]))
    return render(request, "web/search/results.html", {"search_text": text, "hits": _shown(hits)})


@require_safe
@permitted("order.view")
def search_suggestions(request: "ConsoleRequest") -> HttpResponse:
    """The first few hits, as a fragment under the search field."""
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    return render(
        request, "web/search/suggestions.html", {"search_text": text, "hits": _shown(find(text, SUGGESTIONS))}
    )


def address_of(hit: Hit) -> str:
    """The page of what was found; a customer's are their orders."""
    if hit.kind == "order":
        return reverse("order", args=[hit.code])
    if hit.kind == "product":
        return reverse("product", args=[hit.code])
    return f"{reverse('orders')}?{urlencode({'customer': hit.code})}"


def _shown(hits: list[Hit]) -> list[dict[str, str]]:
    return [
        {"address": address_of(hit), "icon": ICONS[hit.kind], "title": hit.title, "note": hit.note, "kind": hit.kind}
        for hit in hits
    ]
