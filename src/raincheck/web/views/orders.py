"""The list of orders."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raincheck.store.reads.orders import PAGE, order_rows
from raincheck.web.access import permitted
from raincheck.web.paging import before_id, choice, cut

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

STATES = {
    "": "All",
    "waiting": "Waiting",
    "open": "Open",
    "held": "On hold",
    "cancel_requested": "Cancel requested",
    "complete": "Complete",
    "cancelled": "Cancelled",
    "refused": "Refused",
}


@require_safe
@permitted("order.view")
def orders(request: "ConsoleRequest") -> HttpResponse:
    """Orders, the newest first; by state and customer."""
    state = choice(request, "state", tuple(STATES))
    customer = request.GET.get("customer", "").strip()[:100]
    rows, before = cut(order_rows(state, customer, before_id(request)), PAGE)
    context = {"rows": rows, "before": before, "state": state, "states": STATES, "customer": customer}
    return render(request, "web/order/list.html", context)
