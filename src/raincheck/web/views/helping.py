"""A choice at the service desk: exactly what it would do, then doing just that; with the person on record."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions import next_best as desk
from raincheck.actions.change_address import change_address
from raincheck.actions.give_goodwill import give_goodwill
from raincheck.actions.next_best import PERMISSION, PLAYED, Step, is_asked_for
from raincheck.actions.on_page import do_once
from raincheck.actions.permissions import PERMISSIONS
from raincheck.actions.send_link import send_link
from raincheck.actions.try_out import Moved
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.remedy import Band, Choice, Remedy
from raincheck.gateways.card_entry import card_choices
from raincheck.store.reads.shipping_address import Address, shipping_address
from raincheck.web.access import permitted
from raincheck.web.acting import ALREADY, sentence
from raincheck.web.customer.acting import is_form, new_once
from raincheck.web.effect_words import effect_lines
from raincheck.web.quantities import whole_units
from raincheck.web.remedy_words import ICONS, asked_query, points_of, title_of
from raincheck.web.today import company_today
from raincheck.web.views.cards import money_of
from raincheck.web.views.service import known, what_to_say

if TYPE_CHECKING:
    from raincheck.store.reads.order import OrderView
    from raincheck.web.person import ConsoleRequest

LONGEST_WORDS: Final = 300
ADDRESS_FIELDS: Final = (
    ("name", "Name"), ("street", "Street and number"), ("street_2", "Flat, floor, company"), ("postcode", "Postcode"),
    ("city", "Town"), ("region", "State or province"), ("country", "Country, two letters"),
)  # fmt: skip


@require_safe
@permitted("service.view")
def try_step(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """What a choice would do, with the button that does it; beside what there is to say where the page is whole."""
    order = known(ref)
    step = _step(request.GET.dict(), request)
    asked = _check(request, step)
    context: dict[str, object] = {
        "order": order,
        "step": step,
        "title": title_of(_named(order, step), asked=asked),
        "icon": ICONS[step.choice],
        "is_request": asked,
        "is_danger": step.choice in (Choice.CANCEL_LINE, Choice.CANCEL_ORDER),
        "live_topic": f"order:{ref}",
        "once": new_once(),
        **_form(request, order, step),
    }
    if step.choice in PLAYED and not asked:
        context |= _played(request, ref, step)
    if request.htmx:
        return render(request, "web/service/try.html", context)
    return render(request, "web/service/order.html", {**context, **what_to_say(request, order), "is_trying": True})


@require_POST
@permitted("service.view")
def help_customer(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Does what was shown, if it is still what would happen; else nothing, and says so."""
    step = _step(request.POST.dict(), request)
    asked = _check(request, step)
    page = reverse("service_order", args=[ref])
    actor = request.user.get_username()
    try:
        done, undo = _done(request, ref, step, actor, asked=asked)
    except NotFound as error:
        raise Http404(str(error)) from error
    except (Refused, Malformed) as error:
        messages.error(request, sentence(error))
        if isinstance(error, Moved):
            return redirect(
                f"{reverse('service_try', args=[ref])}?{asked_query(step.choice, step.sku, step.other, step.units)}"
            )
    else:
        messages.success(request, done, extra_tags=undo)
    return redirect(page)


def _done(request: "ConsoleRequest", ref: str, step: Step, actor: str, *, asked: bool) -> tuple[str, str]:
    """What was done, as a sentence, and the address that takes it back ("" where nothing does)."""
    if step.choice in PLAYED and not asked:
        desk.do_step(ref, step, request.POST.get("seen", ""), actor)
        return DONE[step.choice].format(ref=ref), _undo(ref, step.choice)
    if not is_form(request):
        raise BadRequest("This form is not complete.")
    done: list[tuple[str, str]] = []
    act = partial(_unplayed, request, ref, step, actor, asked=asked)
    is_first = do_once(ref, request.POST["once"], step.choice.value, lambda: done.append(act()))
    return done[0] if is_first else (ALREADY, "")


def _unplayed(request: "ConsoleRequest", ref: str, step: Step, actor: str, *, asked: bool) -> tuple[str, str]:
    """Does what changes no units, so that nothing of it could be shown before."""
    if asked:
        return "The buyers have it as a task.", _close(desk.ask_for_move(ref, step, actor))
    match step.choice:
        case Choice.EXPEDITE:
            return "The buyers have it as a task.", _close(desk.ask_to_expedite(ref, step, actor))
        case Choice.CALL_BACK:
            return "It is on your list, with its time.", _close(desk.call_back(ref, step, actor))
        case Choice.SEND_LINK:
            sent = send_link(ref, actor=actor)
            return ("The link is on its way." if sent else "There is no address to send it to: read it out."), ""
        case Choice.CHANGE_ADDRESS:
            changed = change_address(ref, _address(request), actor=actor)
            return ("What is open goes to the new address." if changed else "That is the address on record."), ""
        case _:
            give_goodwill(ref, _amount(request), step.words, actor=actor)
            return "It is given back to the method they paid with.", ""


def _played(request: "ConsoleRequest", ref: str, step: Step) -> dict[str, object]:
    try:
        effect = desk.preview(ref, step, request.user.get_username())
    except NotFound as error:
        raise Http404(str(error)) from error
    except (Refused, Malformed) as error:
        return {"problem": sentence(error)}
    mine, others = effect_lines(effect, company_today(request), request.company.currency)
    return {"effect": effect, "mine": mine, "others": others}


def _step(asked: dict[str, str], request: "ConsoleRequest") -> Step:
    """The choice that was asked for. Raises BadRequest for what is none."""
    try:
        choice = Choice(asked.get("choice", ""))
    except ValueError as error:
        raise BadRequest("Say what is to be done.") from error
    due = asked.get("due", "")
    try:
        due_at = datetime.fromisoformat(due).replace(tzinfo=request.zone) if due else None
    except ValueError as error:
        raise BadRequest(f"{due[:30]!r} is no date with a time.") from error
    return Step(
        choice,
        asked.get("sku", "")[:100],
        asked.get("other", "")[:100],
        whole_units(asked.get("units", ""), "units"),
        " ".join(asked.get("words", "").split())[:LONGEST_WORDS],
        due_at,
    )


def _check(request: "ConsoleRequest", step: Step) -> bool:
    """Whether it is only asked for, from those who may do it. Raises PermissionDenied for who may neither."""
    needed = PERMISSION[step.choice]
    if request.person.may(needed):
        return False
    if is_asked_for(step.choice) and request.person.may("task.give"):
        return True
    raise PermissionDenied(PERMISSIONS[needed])


def _form(request: "ConsoleRequest", order: "OrderView", step: Step) -> dict[str, object]:
    """What is estimated of a choice, and what its form begins with."""
    wanted = (step.choice, step.sku, step.other)
    found = [one for one in desk.next_best(order, request.person.may) if (one.choice, one.sku, one.other) == wanted]
    form: dict[str, object] = (
        {"points": points_of(found[0], company_today(request), request.company.currency)} if found else {}
    )
    if step.choice is Choice.CHANGE_ADDRESS:
        address = shipping_address(order.id)
        form["fields"] = [(name, label, getattr(address, name)) for name, label in ADDRESS_FIELDS]
    if step.choice is Choice.CALL_BACK:
        due = timezone.localtime(timezone.now() + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        form["due"] = due.strftime("%Y-%m-%dT%H:%M")
    if step.choice is Choice.RETRY_PAYMENT and money_of(request, order).standing.card:
        form["cards"], form["has_page"] = card_choices(), not card_choices()
    if step.choice is Choice.GOODWILL:
        form["once"], form["suggested"] = new_once(), found[0].refund if found else None
    return form


def _named(order: "OrderView", step: Step) -> Remedy:
    """The step as a remedy, for its title."""
    names = {line.sku: line.name or line.sku for line in order.lines}
    return Remedy(step.choice, Band.KEEP, step.sku, names.get(step.sku, step.sku), step.other, step.units)


def _amount(request: "ConsoleRequest") -> Decimal:
    text = request.POST.get("amount", "").strip().replace(",", ".")
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise Malformed(f"{text[:20]!r} is no amount of money") from error
    if not amount.is_finite() or amount > Decimal(10) ** 9:
        raise Malformed(f"{text[:20]!r} is no amount of money")
    return amount


def _address(request: "ConsoleRequest") -> Address:
    return Address(**{name: request.POST.get(name, "")[:200] for name, _ in ADDRESS_FIELDS})


def _close(task_id: int) -> str:
    return reverse("close_task", args=[task_id])


def _undo(ref: str, choice: Choice) -> str:
    route = {Choice.HOLD: "release_order", Choice.RELEASE: "hold_order", Choice.MOVE_UNITS: "revoke_given"}.get(choice)
    return reverse(route, args=[ref]) if route else ""


DONE: Final = {
    Choice.RELEASE: "{ref} is released: what is reserved for it can go now.",
    Choice.HOLD: "{ref} is on hold: it keeps its place and its stock, and nothing ships.",
    Choice.RETRY_PAYMENT: "{ref}: the charge is tried again. How it went shows here.",
    Choice.WAIT: "{ref}: they wait. It is on record.",
    Choice.SHIP_NOW: "{ref}: what is here goes now, the rest follows.",
    Choice.SHIP_TOGETHER: "{ref} goes in one parcel, with the last of it.",
    Choice.SUBSTITUTE: "{ref}: the other product takes its place, at the agreed price.",
    Choice.MOVE_UNITS: "{ref} has the units. They stay there until that is revoked.",
    Choice.CANCEL_LINE: "{ref}: cancelled. What it held goes to whoever is next.",
    Choice.CANCEL_ORDER: "{ref}: what was open is cancelled. What it held goes to whoever is next.",
}
