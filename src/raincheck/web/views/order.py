"""One order: its lines and their story, and what can be done about them."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.cancel_order import BY_CUSTOMER, BY_SELLER, cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.move_stock import return_goods
from raincheck.actions.send_link import open_as_customer, send_link
from raincheck.store.reads.feedback import feedback_about
from raincheck.store.reads.given import given_to_order
from raincheck.store.reads.law import clock_events, clocks_of, withdrawal
from raincheck.store.reads.notes import notes_for
from raincheck.store.reads.offers import offers_of
from raincheck.store.reads.order import OrderView, order_view
from raincheck.store.reads.order_history import order_history
from raincheck.store.reads.planned_parcels import planned_parcels
from raincheck.store.reads.remedies import what_would_change
from raincheck.store.reads.sentences import line_sentence
from raincheck.store.ship_to import read_address
from raincheck.web.access import permitted
from raincheck.web.acting import act, act_once, say_done
from raincheck.web.customer.acting import new_once
from raincheck.web.history import moments
from raincheck.web.legal import legal_lines, rights_of
from raincheck.web.quantities import counted, posted_units, whole_units
from raincheck.web.shopfront import what_to_offer
from raincheck.web.today import company_today
from raincheck.web.views.cards import money_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_safe
@permitted("order.view")
def order(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The whole page, or its live part alone when that asks for itself."""
    found = _known(ref)
    today, zone = company_today(request), ZoneInfo(request.company.timezone)
    clocks, right = clocks_of(found.id), withdrawal(found.id)
    return render(
        request,
        "web/order/live.html" if request.htmx else "web/order/page.html",
        {
            "order": found,
            "address": read_address(found.id),
            "lines": [
                (line, line_sentence(found, line, today, zone), what_would_change(found, line)) for line in found.lines
            ],
            "notes": notes_for(found.id),
            "moments": moments(order_history(found.id, ref), request.person, today),
            "given": given_to_order(found.id),
            "planned_parcels": planned_parcels(found.id),
            "withdrawal": right,
            "legal_lines": legal_lines(clocks, clock_events(found.id)),
            "asks_further": any(clock.further_on for clock in clocks),
            "rights": rights_of(clocks, right, timezone.now()),
            "live_topic": f"order:{ref}",
            "said": feedback_about(order_ref=ref),
            "money": money_of(request, found),
            "once": new_once(),
            "offers": offers_of(ref),
            "to_offer": what_to_offer(found),
        },
    )


@require_POST
@permitted("order.cancel")
def cancel(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Cancels the units posted for each line; who wanted it decides the reason on record."""
    units = posted_units(request.POST, "units:")
    if not units:
        raise BadRequest("Say how many units of which line to cancel.")
    reason = BY_SELLER if request.POST.get("by") == "seller" else BY_CUSTOMER
    actor = request.user.get_username()
    return act(
        request,
        lambda: cancel_order(ref, units, actor=actor, reason=reason),
        f"{counted(sum(units.values()), 'unit')} of {ref} cancelled. What they held goes to whoever is next.",
        _page(ref),
    )


@require_POST
@permitted("order.change")
def change(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Gives lines new quantities; those that stay as they are are left alone."""
    found = _known(ref)
    units = {
        line.sku: whole_units(request.POST.get(f"units:{line.sku}", str(line.ordered)), line.sku)
        for line in found.lines
    }
    wanted = {line.sku: units[line.sku] for line in found.lines if units[line.sku] != line.ordered}
    if not wanted:
        messages.info(request, f"{ref} stays as it is.")
        return redirect(_page(ref))
    return act(
        request,
        lambda: change_order(ref, wanted, actor=request.user.get_username()),
        f"{ref} is changed. Units that were added stand at the end of the queue.",
        _page(ref),
    )


@require_POST
@permitted("order.change")
def open_page(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The customer's own page of the order, as they see it. Who looked is on record: one can act there for them."""
    found = _known(ref)
    return redirect(open_as_customer(found.ref, actor=request.user.get_username()))


@require_POST
@permitted("order.change")
def send_new_link(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Ends every link to the order's page that was sent before, and sends a new one to the address on record."""
    found = _known(ref)
    is_sent = send_link(ref, actor=request.user.get_username(), ends_old=True)
    if is_sent:
        return say_done(request, f"A new link goes to {found.email}. Those sent before have ended.", _page(ref))
    messages.warning(request, "The links sent before have ended. There is no address to send a new one to.")
    return redirect(_page(ref))


@require_POST
@permitted("order.hold")
def hold(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Puts the order on hold; the message offers to take it back."""
    return act(
        request,
        lambda: hold_order(ref, actor=request.user.get_username()),
        f"{ref} is on hold: it keeps its place and its stock, and nothing ships.",
        _page(ref),
        undo=reverse("release_order", args=[ref]),
    )


@require_POST
@permitted("order.hold")
def release(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Releases a held order."""
    return act(
        request,
        lambda: release_order(ref, actor=request.user.get_username()),
        f"{ref} is released: what is reserved for it can go now.",
        _page(ref),
    )


@require_POST
@permitted("order.change")
def retry(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Tries a declined charge again: by card with the same one, else as the customer pays it now."""
    return act(
        request,
        lambda: retry_payment(ref, actor=request.user.get_username()),
        f"{ref}: the charge is tried again. How it went shows here.",
        _page(ref),
    )


@require_POST
@permitted("shipment.work")
def confirm(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """The floor gives back what a cancel asked for."""
    return act(
        request,
        lambda: confirm_cancel(ref, actor=request.user.get_username()),
        f"The cancel of {ref} is confirmed; its units are back on the shelf.",
        _page(ref),
    )


@require_POST
@permitted("return.post")
def take_back(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Units that came back: good ones serve the queue, damaged ones are set aside, the price is given back once."""
    units = posted_units(request.POST, "units:")
    if not units:
        raise BadRequest("Say how many units of which line came back.")
    condition = request.POST.get("condition", "")
    return act_once(
        request,
        ref,
        "return",
        lambda: return_goods(ref, units, condition, actor=request.user.get_username()),
        f"{counted(sum(units.values()), 'unit')} of {ref} came back. The price is given back.",
        _page(ref),
    )


def _known(ref: str) -> OrderView:
    found = order_view(ref)
    if found is None:
        raise Http404(f"order {ref!r} does not exist")
    return found


def _page(ref: str) -> str:
    return reverse("order", args=[ref])
