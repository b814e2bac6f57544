"""The pages on which a customer does something: GET shows what will happen, POST makes it happen, once."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from raincheck.actions.answer_order import SHIP_AVAILABLE, WAIT, WAIT_FURTHER, Answer, answer_order
from raincheck.actions.ask_again import ask_again
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_address import UndeliverableAddress, change_address, checked_address
from raincheck.actions.on_page import ACTOR
from raincheck.store.reads.customer_page import LineExtra
from raincheck.store.reads.order_outcome import LineOutcome
from raincheck.store.reads.paying import has_paid_for
from raincheck.web.customer import law
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.address_form import address_fields, countries, fault_text, posted_address
from raincheck.web.customer.instead import offered_texts
from raincheck.web.customer.offers import may_ship
from raincheck.web.customer.visit import Visit, opened_by_link
from raincheck.web.quantities import posted_units

UNPROCESSABLE = 422


@get_or_post
@opened_by_link
def wait(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Consent to the day last told."""
    if request.method == "POST":
        choice = WAIT_FURTHER if request.POST.get("further") == "yes" else WAIT
        answer = Answer(choice, seen=request.POST.get("question"))
        return perform(request, visit, "wait", lambda: answer_order(visit.order.ref, answer, actor=ACTOR), "waited")
    offered = offered_texts(visit)
    if not (law.is_asked(visit) or offered):
        return _not_now(visit)
    options = law.options(visit)
    further = [option for option in options if option.further]
    context = {"options": options, "further": further, "offered": offered, "question": law.question(visit)}
    return confirm_page(request, visit, "wait", context)


@get_or_post
@opened_by_link
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Some units or all."""
    lines = [line for line in visit.order.outcome.lines if visit.order.cancellable(line)]
    if request.method == "POST":
        units = posted_units(request.POST, "units:")
        if request.POST.get("everything") == "yes":
            units = {line.sku: visit.order.cancellable(line) for line in lines}
        if not units:
            return redirect(visit.address("customer_cancel", said="none"))
        said = "cancel_asked" if _reaches_floor(visit, units) else "cancelled"
        return perform(request, visit, "cancel", lambda: cancel_order(visit.order.ref, units, actor=ACTOR), said)
    if not lines:
        return _not_now(visit)
    shown = [(line, visit.order.cancellable(line), visit.order.extras[line.id], visit.voice.money(line.unit_price),
              _date_lost(visit, visit.order.extras[line.id])) for line in lines]  # fmt: skip
    context = {
        "lines": shown,
        "is_one": len(lines) == 1,
        "chose_none": request.GET.get("said") == "none",
        "is_paid": has_paid_for(visit.order.outcome.id, {line.id: visit.order.cancellable(line) for line in lines}),
        "is_on_floor": any(visit.order.extras[line.id].floor_units for line in lines),
    }
    return confirm_page(request, visit, "cancel", context)


@get_or_post
@opened_by_link
def ship(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is there goes now."""
    if request.method == "POST":
        answer = Answer(SHIP_AVAILABLE)
        return perform(request, visit, "ship", lambda: answer_order(visit.order.ref, answer, actor=ACTOR), "sent_now")
    if not may_ship(visit):
        return _not_now(visit)
    here = [(sum(piece.units for piece in line.pieces if piece.source == "on_hand" and piece.reason != "shipped"),
             visit.order.extras[line.id].name) for line in visit.order.outcome.lines]  # fmt: skip
    return confirm_page(request, visit, "ship", {"here": [(units, name) for units, name in here if units]})


@get_or_post
@opened_by_link
def address(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another address for what has not left."""
    shown, faults, status = visit.order.address, {}, 200
    shown = replace(shown, name=shown.name or visit.order.owner.name)
    if request.method == "POST":
        shown = posted_address(request.POST)
        try:
            wanted = checked_address(shown)
        except UndeliverableAddress as wrong:
            faults, status = wrong.faults, UNPROCESSABLE
        else:
            ref = visit.order.ref
            return perform(request, visit, "address", lambda: change_address(ref, wanted, actor=ACTOR), "address")
    if not visit.order.is_open:
        return _not_now(visit)
    context = {
        "fields": address_fields(shown, faults),
        "countries": countries(visit.voice.language),
        "country": shown.country or visit.voice.country,
        "country_fault": fault_text(faults.get("country", "")),
        "has_faults": bool(faults),
        "has_left": any(line.shipped for line in visit.order.outcome.lines),
    }
    return confirm_page(request, visit, "address", context, status)


@get_or_post
@opened_by_link
def again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new order of what was cancelled."""
    if request.method == "POST":
        return perform(request, visit, "again", lambda: ask_again(visit.order.ref, actor=ACTOR), "again")
    gone = [(line.cancelled, visit.order.extras[line.id].name) for line in visit.order.outcome.lines if line.cancelled]
    return confirm_page(request, visit, "again", {"gone": gone}) if gone else _not_now(visit)


def _not_now(visit: Visit) -> HttpResponse:
    """What is asked for cannot be done now: the page shows what can."""
    return redirect(visit.address())


def _reaches_floor(visit: Visit, units: dict[str, int]) -> bool:
    """Whether a cancel of so many units reaches what is in a tote: that is asked back from the floor first."""
    return any(
        units.get(line.sku, 0) > visit.order.cancellable(line) - _on_floor(visit, line)
        for line in visit.order.outcome.lines
    )


def _on_floor(visit: Visit, line: LineOutcome) -> int:
    return max(0, visit.order.extras[line.id].floor_units - line.cancel_requested)


def _date_lost(visit: Visit, extra: LineExtra) -> str:
    return visit.voice.day(extra.told_on) if extra.told_on else ""
