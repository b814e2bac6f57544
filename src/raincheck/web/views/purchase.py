"""Purchase orders: the list, one of them, writing one, and the supplier's word."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raincheck.actions.purchase import PurchaseRequest, close_short, confirm, purchase, reschedule
from raincheck.core.errors import Malformed, RaincheckError
from raincheck.store.reads.choices import sites, suppliers
from raincheck.store.reads.feedback import feedback_about
from raincheck.store.reads.product import product_view
from raincheck.store.reads.purchase import PAGE, PurchaseView, purchase_rows, purchase_view
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.paging import before_id, choice, cut
from raincheck.web.purchase_form import PurchaseForm
from raincheck.web.quantities import posted_lines, posted_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

STATES = {
    "open": "Open",
    "": "All",
    "draft": "Draft",
    "sent": "Sent",
    "confirmed": "Confirmed",
    "part_received": "Part received",
    "received": "Received",
    "closed_short": "Closed short",
}


@require_safe
@permitted("purchase.view")
def purchase_orders(request: "ConsoleRequest") -> HttpResponse:
    """The list, the newest first."""
    state = choice(request, "state", tuple(STATES)) if "state" in request.GET else "open"
    rows, before = cut(purchase_rows(state, before_id(request)), PAGE)
    context = {"rows": rows, "before": before, "state": state, "states": STATES}
    return render(request, "web/purchase/list.html", context)


@require_safe
@permitted("purchase.view")
def purchase_order(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """One purchase order, with who counts on it."""
    return render(request, "web/purchase/page.html", {"order": _known(ref), "said": feedback_about(purchase_ref=ref)})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("purchase.change")
def new_purchase_order(request: "ConsoleRequest") -> HttpResponse:
    """Writes a purchase order; `?sku=` fills in the first line and its supplier."""
    if request.method == "POST":
        return _write(request)
    product = product_view(request.GET.get("sku", "")[:100])
    form = PurchaseForm(suppliers(), sites(), initial={"supplier": product.supplier if product else ""})
    lines = [(product.sku, product.moq or "")] if product else []
    return _form_page(request, form, lines)


@require_POST
@permitted("purchase.change")
def confirm_purchase(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The supplier's word: which units, and when."""
    known = {line.sku: 0 for line in _known(ref).lines}
    units = {**known, **posted_units(request.POST, "units:")}
    form = DueForm(request.POST)
    return act(
        request,
        lambda: confirm(ref, _due(form), units, actor=request.user.get_username()),
        f"{ref} is confirmed. Dates of those who wait for it follow.",
        _page(ref),
    )


@require_POST
@permitted("purchase.change")
def reschedule_purchase(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The supplier moves the date."""
    form = DueForm(request.POST)
    return act(
        request,
        lambda: reschedule(ref, _needed_due(form), actor=request.user.get_username()),
        f"{ref} has a new date. Promises that no longer hold are told once it has settled.",
        _page(ref),
    )


@require_POST
@permitted("purchase.change")
def close_purchase_short(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Nothing more will come."""
    return act(
        request,
        lambda: close_short(ref, actor=request.user.get_username()),
        f"{ref} is closed short. Who counted on the rest has gone back to the queue.",
        _page(ref),
    )


class DueForm(forms.Form):
    """A day of arrival."""

    due_on = forms.DateField(required=False)


def _due(form: DueForm) -> date | None:
    if not form.is_valid():
        raise Malformed("give the day of arrival as a date")
    due_on: date | None = form.cleaned_data["due_on"]
    return due_on


def _needed_due(form: DueForm) -> date:
    due_on = _due(form)
    if due_on is None:
        raise Malformed("give the day of arrival as a date")
    return due_on


def _write(request: "ConsoleRequest") -> HttpResponse:
    form = PurchaseForm(suppliers(), sites(), request.POST)
    lines = posted_lines(request.POST)
    if not form.is_valid():
        return _form_page(request, form, list(lines.items()))
    given = form.cleaned_data
    asked = PurchaseRequest(given["po"], given["supplier"], given["site"], lines, given["due_on"], given["state"])
    try:
        purchase(asked, actor=request.user.get_username())
    except RaincheckError as error:
        form.add_error(None, sentence(error))
        return _form_page(request, form, list(lines.items()))
    return redirect(_page(given["po"]))


def _form_page(request: "ConsoleRequest", form: PurchaseForm, lines: Sequence[tuple[str, object]]) -> HttpResponse:
    shown = [*lines, *[("", "")] * max(1, 5 - len(lines))]
    status = 422 if form.is_bound else 200
    return render(request, "web/purchase/new.html", {"form": form, "lines": shown}, status=status)


def _known(ref: str) -> PurchaseView:
    found = purchase_view(ref)
    if found is None:
        raise Http404(f"purchase order {ref!r} does not exist")
    return found


def _page(ref: str) -> str:
    return reverse("purchase_order", args=[ref])
