"""Receiving: what is to arrive, entering what came, what it frees before posting, and where it went after."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.post_receipt import post_receipt
from raincheck.actions.receive import Receipt
from raincheck.core.errors import RaincheckError
from raincheck.store.reads.choices import sites
from raincheck.store.reads.receiving import DockView, dock_view, expected_inbound
from raincheck.web.access import permitted
from raincheck.web.acting import sentence
from raincheck.web.quantities import posted_units, whole_units
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

LAST_RECEIPT = "last_receipt"
SHOWN = 200


@require_safe
@permitted("receiving.view")
def receiving(request: "ConsoleRequest") -> HttpResponse:
    """What is to arrive: overdue, today, later."""
    today = company_today(request)
    expected = expected_inbound()
    groups = [
        ("Overdue", "late", [inbound for inbound in expected if inbound.due_on and inbound.due_on < today]),
        ("Due today", "accent", [inbound for inbound in expected if inbound.due_on == today]),
        ("Later", "", [inbound for inbound in expected if inbound.due_on is None or inbound.due_on > today]),
    ]
    template = "web/receiving/live.html" if request.htmx else "web/receiving/page.html"
    return render(request, template, {"groups": groups, "expected": expected})


@require_safe
@permitted("receiving.view")
def receive_page(request: "ConsoleRequest", kind: str, ref: str) -> HttpResponse:
    """One purchase order or transfer, with a field for what came of each line."""
    return render(request, "web/receiving/receive.html", {"dock": _known(kind, ref)})


@require_POST
@permitted("receiving.post")
def preview_receipt(request: "ConsoleRequest", kind: str, ref: str) -> HttpResponse:
    """What posting would free, as a fragment under the form."""
    receipt = _receipt(request, kind, ref)
    context: dict[str, Any] = {}
    if receipt.units_by_sku or receipt.damaged:
        try:
            context = {"freed": post_receipt(receipt, dry_run=True), "shown": SHOWN}
        except RaincheckError as error:
            context = {"refused": sentence(error)}
    return render(request, "web/receiving/preview.html", context)


@require_POST
@permitted("receiving.post")
def post(request: "ConsoleRequest", kind: str, ref: str) -> HttpResponse:
    """Posts the receipt and shows where the units went."""
    return _post(request, _receipt(request, kind, ref), reverse("receive", args=[kind, ref]))


@require_POST
@permitted("receiving.post")
def post_blind(request: "ConsoleRequest") -> HttpResponse:
    """Posts units of one product that came without a purchase order."""
    sku = request.POST.get("sku", "").strip()
    if not sku:
        raise BadRequest("Name the product that came.")
    units = {sku: whole_units(request.POST.get("units", ""), sku)}
    damaged = {sku: whole_units(request.POST.get("damaged", ""), sku)}
    receipt = Receipt(units, damaged, site=request.POST.get("site", ""))
    return _post(request, receipt, reverse("receive_blind"))


@require_safe
@permitted("receiving.post")
def blind_page(request: "ConsoleRequest") -> HttpResponse:
    """A receipt without a purchase order."""
    return render(request, "web/receiving/blind.html", {"sites": sites()})


@require_safe
@permitted("receiving.view")
def received(request: "ConsoleRequest") -> HttpResponse:
    """Where the units of the last receipt that this person posted went."""
    last = request.session.get(LAST_RECEIPT)
    if last is None:
        return redirect("receiving")
    return render(request, "web/receiving/received.html", {"last": last})


def _post(request: "ConsoleRequest", receipt: Receipt, back: str) -> HttpResponse:
    try:
        freed = post_receipt(receipt, actor=request.user.get_username())
    except RaincheckError as error:
        messages.error(request, sentence(error))
        return redirect(back)
    request.session[LAST_RECEIPT] = {
        "name": receipt.ref or "blind receipt",
        "units": sum(receipt.units_by_sku.values()),
        "damaged": sum(receipt.damaged.values()),
        "released": [asdict(line) for line in freed.released[:SHOWN]],
        "released_lines": len(freed.released),
        "released_units": sum(line.units for line in freed.released),
        "putaway": [asdict(line) for line in freed.putaway],
    }
    return redirect("received")


def _receipt(request: "ConsoleRequest", kind: str, ref: str) -> Receipt:
    dock = _known(kind, ref)
    units, damaged = posted_units(request.POST, "units:"), posted_units(request.POST, "damaged:")
    return Receipt(units, damaged, kind=dock.kind, ref=dock.ref)


def _known(kind: str, ref: str) -> DockView:
    found = dock_view(kind, ref)
    if found is None:
        raise Http404(f"{kind} {ref!r} does not exist")
    return found
