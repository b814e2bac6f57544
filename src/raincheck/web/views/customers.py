"""One customer: their orders, messages, money, what was promised to them and kept, what is open."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.write_note import note_on_customer, note_on_order
from raincheck.store.preferences import read_preferences
from raincheck.store.reads.customer import customer_view, messages_to, orders_of, promises_to
from raincheck.store.reads.notes import notes_of_customer
from raincheck.store.reads.tasks import tasks_about_customer
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_safe
@permitted("customer.view")
def customer(request: "ConsoleRequest", code: str) -> HttpResponse:
    """The whole page, or its live part alone when that asks for itself."""
    found = customer_view(code)
    if found is None:
        raise Http404(f"customer {code!r} does not exist")
    context = {
        "customer": found,
        "orders": orders_of(found.id),
        "promises": promises_to(found.id, company_today(request)),
        "messages_to_them": messages_to(found.id),
        "preferences": read_preferences(found.id),
        "notes": notes_of_customer(found.id),
        "tasks": tasks_about_customer(found.id),
        "now": timezone.now(),
        "note_address": reverse("note_customer", args=[code]),
    }
    return render(
        request, "web/customer_record/live.html" if request.htmx else "web/customer_record/page.html", context
    )


@require_POST
@permitted("note.write")
def note_customer(request: "ConsoleRequest", code: str) -> HttpResponse:
    """Writes a note on a customer."""
    text, actor = request.POST.get("text", ""), request.user.get_username()
    page = reverse("customer", args=[code])
    return act(request, lambda: note_on_customer(code, text, actor=actor), "The note is on record.", page)


@require_POST
@permitted("note.write")
def note_order(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Writes a note on an order, and goes back to the page where it was written."""
    text, actor = request.POST.get("text", ""), request.user.get_username()
    at_desk = request.POST.get("from") == "service" and request.person.may("service.view")
    page = reverse("service_order" if at_desk else "order", args=[ref])
    return act(request, lambda: note_on_order(ref, text, actor=actor), "The note is on record.", page)
