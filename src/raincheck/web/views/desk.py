"""The Desk: what waits, for what, since when, and what needs a person now."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from raincheck.store.reads.activity import recent_facts
from raincheck.store.reads.attention import attention
from raincheck.store.reads.desk import desk as read_desk
from raincheck.web.access import permitted
from raincheck.web.pictures.days import days_picture
from raincheck.web.today import company_today
from raincheck.web.todo import todos

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_safe
@permitted("desk.view")
def desk(request: "ConsoleRequest") -> HttpResponse:
    """The whole page, or its live part alone when that asks for itself."""
    now = timezone.now()
    today = company_today(request)
    found = read_desk(today)
    needs = attention(today, now, is_manual_warehouse=request.company.is_manual_warehouse)
    template = "web/desk/live.html" if request.htmx else "web/desk/page.html"
    return render(
        request,
        template,
        {
            "desk": found,
            "todos": todos(needs, request.person, today),
            "most_units": max((product.units for product in found.products), default=0),
            "days": days_picture(found.days, today),
            "facts": recent_facts(),
        },
    )
