"""Products: the list, and one product with its supply and demand over time."""

from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raincheck.core.protect import TIERS
from raincheck.store.reads.catalogue import PAGE, product_rows
from raincheck.store.reads.feedback import feedback_about
from raincheck.store.reads.given import given_of_product
from raincheck.store.reads.kept import protections_of
from raincheck.store.reads.kit_availability import contents_of_kits
from raincheck.store.reads.product import ProductView, product_view
from raincheck.store.reads.queue import QueueFilter, queue_page
from raincheck.store.reads.supply_classes import supply_classes
from raincheck.web.access import permitted
from raincheck.web.pictures.supply import supply_picture
from raincheck.web.projection import ProjectedDay, projection
from raincheck.web.shopfront import SOLD_OUT, shopfront
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

ONLY = {"": "All", "waiting": "Orders wait for it", "short": "Nothing free"}
QUEUE_SHOWN = 10


@require_safe
@permitted("product.view")
def products(request: "ConsoleRequest") -> HttpResponse:
    """The list, by SKU."""
    text = request.GET.get("q", "").strip()[:100]
    only = request.GET.get("only", "")
    rows = product_rows(text, request.GET.get("after", "")[:100], only if only in ONLY else "")
    context = {
        "rows": rows[:PAGE],
        "after": rows[PAGE - 1].sku if len(rows) > PAGE else "",
        "text": text,
        "only": only,
        "choices": ONLY,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "web/product/list.html", context)


@require_safe
@permitted("product.view")
def product(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """The whole page, or its live part alone when that asks for itself."""
    found = product_view(sku)
    if found is None:
        raise Http404(f"product {sku!r} does not exist")
    today = company_today(request)
    days = projection(found, today)
    front = shopfront(sku)
    return render(
        request,
        "web/product/live.html" if request.htmx else "web/product/page.html",
        {
            "product": found,
            "days": days,
            "picture": supply_picture(days, today),
            "availability": _availability(found, days, today, is_sold_out=front.word == SOLD_OUT),
            "queue": queue_page(QueueFilter(sku=sku), today, limit=QUEUE_SHOWN),
            "is_shared": any(one.verb == "shortage_shared" for one in given_of_product(found.id)),
            "classes": supply_classes(found.id, today),
            "protections": protections_of(found.id),
            "tiers": TIERS,
            "live_topic": f"product:{found.id}",
            "said": feedback_about(sku=sku),
            "front": front,
            "parts": contents_of_kits([sku]).get(sku, ()),
        },
    )


def _availability(
    product: ProductView, days: list[ProjectedDay], today: date, *, is_sold_out: bool
) -> tuple[str, str, date | None]:
    """The word for a newcomer's chances, its tone, and the day on which units are free (None: not known).

    `is_sold_out`: an order would be refused, by whatever rule or limit; what the shop says holds here as well.
    """
    if product.available_from is not None and product.available_from > today:
        return "Pre-order", "pre", product.available_from
    if days[0].free:
        return ("In stock", "ok", today) if product.on_hand > product.reserved else ("Comes today", "wait", today)
    next_on = next((day.on for day in days if day.free), None)
    if is_sold_out:
        return SOLD_OUT, "late", next_on
    return "Backorder", "wait", next_on
