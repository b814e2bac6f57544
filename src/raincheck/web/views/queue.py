"""The backorder queue: in serving order, or summed up by product, order, customer or supplier."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from raincheck.store.reads.queue import QueueFilter, queue_page
from raincheck.store.reads.queue_groups import GROUPINGS, queue_groups
from raincheck.web.access import permitted
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

TIMINGS = {"": "All", "late": "Past their promise", "slipping": "Will be late", "undated": "Without a date"}
TIERS = {"": "Every tier", "gold": "Gold", "silver": "Silver", "standard": "Standard"}
NARROWED = {"sku": "product", "order": "order", "customer": "customer", "supplier": "supplier"}


@require_safe
@permitted("queue.view")
def queue(request: "ConsoleRequest") -> HttpResponse:
    """Filters come in the query string, so that a view of the queue can be bookmarked and shared."""
    by = request.GET.get("by", "")
    if by in GROUPINGS:
        return _grouped(request, by)
    asked = _asked(request)
    try:
        page = queue_page(asked, company_today(request), request.GET.get("after") or None)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return render(
        request,
        "web/queue/live.html" if request.htmx else "web/queue/page.html",
        {
            "page": page,
            "asked": asked,
            "timings": TIMINGS,
            "tiers": TIERS,
            "narrowed": [(key, word, getattr(asked, key)) for key, word in NARROWED.items() if getattr(asked, key)],
            "is_first_page": "after" not in request.GET,
        },
    )


def _grouped(request: "ConsoleRequest", by: str) -> HttpResponse:
    key = {"product": "sku"}.get(by, by)
    groups = [
        (group, f"{reverse('queue')}?{urlencode({key: group.code})}" if group.code else "")
        for group in queue_groups(by, company_today(request))
    ]
    template = "web/queue/groups_live.html" if request.htmx else "web/queue/groups.html"
    return render(request, template, {"groups": groups, "by": by})


def _asked(request: "ConsoleRequest") -> QueueFilter:
    """What the query string asks; a timing or tier that does not exist asks nothing."""
    given = {key: request.GET.get(key, "").strip()[:100] for key in NARROWED}
    timing, tier = request.GET.get("timing", ""), request.GET.get("tier", "")
    return QueueFilter(**given, timing=timing if timing in TIMINGS else "", tier=tier if tier in TIERS else "")
