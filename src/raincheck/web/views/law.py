"""The law in the console: what falls due and why, an order's record to hand over, answers and exemptions."""

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import orjson
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.answer_order import CHOICES, SUBSTITUTE, Answer, answer_order
from raincheck.actions.law_exemption import exempt_order, exempt_product
from raincheck.actions.law_notices import tell_by_person
from raincheck.gateways.mail import mail_gateway
from raincheck.store.company import read_settings
from raincheck.store.reads.evidence_pack import evidence_pack
from raincheck.store.reads.law import DueView, falls_due, waits_for_a_person
from raincheck.store.reads.law_evidence import evidence
from raincheck.store.reads.law_money import money_owed
from raincheck.store.reads.sellers import seller_views
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.cells import plain_cell
from raincheck.web.legal import due_line
from raincheck.web.paging import choice
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

DUE_COLUMNS: Final = [
    *("at", "at_customer", "order", "customer", "seller", "sku", "units", "value", "law", "by_itself", "why", "to_do"),
]
SPANS: Final = {"7": "7 days", "14": "14 days", "30": "30 days", "90": "90 days"}
MOST_SHOWN: Final = 500
ANSWERED: Final = {
    "wait": "{ref}: the customer waits. It is on record.",
    "wait_further": "{ref}: the customer waits, through a further delay too. It is on record.",
    "cancel": "{ref}: cancelled, as the customer answered.",
    "ship_available": "{ref}: what is there ships; the rest follows.",
    "substitute": "{ref}: the other product takes its place.",
}


@require_safe
@permitted("law.view")
def legal_clocks(request: "ConsoleRequest") -> HttpResponse:
    """What falls due by law in the next days, and why."""
    days, seller, found = _due(request)
    sellers, road = seller_views(), read_settings().road
    context = {
        "lines": [due_line(due, road) for due in found],
        "untold": waits_for_a_person(seller),
        "owed": money_owed(company_today(request) + timedelta(days=int(days)), MOST_SHOWN, seller),
        "sellers": sellers,
        "seller": seller,
        "days": days,
        "spans": SPANS,
        "law": request.company.law,
        "is_cut": len(found) == MOST_SHOWN,
        "mail_leaves": mail_gateway().leaves,
    }
    return render(request, "web/law/due.html", context)


@require_safe
@permitted("law.view")
def due_file(request: "ConsoleRequest") -> HttpResponse:
    """What falls due as CSV, as the page shows it."""
    _, _, found = _due(request)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(DUE_COLUMNS)
    road = read_settings().road
    for due in found:
        line = due_line(due, road)
        writer.writerow(
            plain_cell(cell)
            for cell in (due.due_at.isoformat(), line.at_customer, due.order_ref, due.customer, due.seller, due.sku,
                         due.open_units, due.value, due.regime, line.falls, line.holds, line.to_do)
        )  # fmt: skip
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="legal-clocks.csv"'
    return answer


def _due(request: "ConsoleRequest") -> tuple[str, str, list[DueView]]:
    """The days ahead and the seller that were asked for, and what falls due."""
    days = choice(request, "days", tuple(SPANS)) or "7"
    seller = request.GET.get("seller", "").strip()[:100]
    return days, seller, falls_due(timezone.now() + timedelta(days=int(days)), MOST_SHOWN, seller)


@require_safe
@permitted("law.view")
def evidence_file(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The order's record as a page to print, or as a file: `format` zip (with checksums) or json."""
    if request.GET.get("format") == "zip":
        return _pack(ref)
    record = evidence(ref)
    if record is None:
        raise Http404(f"order {ref} does not exist")
    record["printed_at"] = timezone.now().isoformat()
    if request.GET.get("format") == "json":
        response = HttpResponse(orjson.dumps(record, option=orjson.OPT_INDENT_2), content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="evidence.json"'
        return response
    return render(request, "web/law/evidence.html", {"record": record, "ref": ref})


def _pack(ref: str) -> HttpResponse:
    pack = evidence_pack(ref, timezone.now())
    if pack is None:
        raise Http404(f"order {ref} does not exist")
    answer = HttpResponse(pack, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="evidence.zip"'
    return answer


@require_POST
@permitted("order.change")
def answer(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Puts the customer's answer on record and does it."""
    chosen = request.POST.get("choice", "")
    if chosen not in CHOICES:
        raise BadRequest("Say what the customer answered.")
    replaced, instead = request.POST.get("replaced", "").strip(), request.POST.get("instead", "").strip()
    if chosen == SUBSTITUTE and not (replaced and instead):
        raise BadRequest("Say which product is replaced, and by which.")
    given = Answer(chosen, {replaced: instead} if chosen == SUBSTITUTE else {})
    actor = request.user.get_username()
    done = ANSWERED[chosen].format(ref=ref)
    return act(request, lambda: answer_order(ref, given, actor=actor), done, reverse("order", args=[ref]))


@require_POST
@permitted("order.change")
def told_customer(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Puts on record that a person asked the customer to wait or cancel."""
    actor = request.user.get_username()
    how = request.POST.get("how", "")
    return act(
        request,
        lambda: tell_by_person(ref, how, actor=actor),
        f"{ref}: on record that the customer was asked.",
        reverse("order", args=[ref]),
    )


@require_POST
@permitted("law.change")
def exempt(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Takes an order out of the law, with a reason."""
    actor = request.user.get_username()
    reason = request.POST.get("reason", "")
    return act(
        request,
        lambda: exempt_order(ref, reason, actor=actor),
        f"{ref} is exempt. The reason is on record.",
        reverse("order", args=[ref]),
    )


@require_POST
@permitted("law.change")
def exempt_sku(request: "ConsoleRequest") -> HttpResponse:
    """Takes a product out of the law from now on, with a reason."""
    actor = request.user.get_username()
    sku, reason = request.POST.get("sku", "").strip(), request.POST.get("reason", "")
    return act(
        request,
        lambda: exempt_product(sku, reason, actor=actor),
        f"{sku} is exempt from now on. The reason is on record.",
        reverse("legal_clocks"),
    )
