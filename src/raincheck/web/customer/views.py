"""The page of an order as its customer sees it. It changes nothing: what does is in `acts`."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from raincheck.store.reads.order_outcome import ParcelOutcome
from raincheck.web.customer import law
from raincheck.web.customer.acting import said_text
from raincheck.web.customer.address_form import country_name
from raincheck.web.customer.history import money, told
from raincheck.web.customer.instead import offered_texts
from raincheck.web.customer.offers import offers
from raincheck.web.customer.story import stories
from raincheck.web.customer.visit import Visit, frame, opened_by_link

REFUSED = "refused"


@require_safe
@opened_by_link
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The order: where each unit is, what can be done, what was told and paid."""
    tone, said = said_text(request.GET.get("said", ""))
    outcome = visit.order.outcome
    context = {
        **frame(request, visit.voice.language),
        "visit": visit,
        "order": visit.order,
        "said": said,
        "said_tone": tone,
        "summary": _summary(visit),
        "ordered": _day(visit, outcome.placed_at),
        "stories": [(story, visit.voice.money(story.line.unit_price)) for story in stories(visit)],
        "options": law.options(visit),
        "is_asked": law.is_asked(visit),
        "wait": visit.address("customer_wait"),
        "cancel": visit.address("customer_cancel"),
        "ended": [law.ended_text(visit, clock) for clock in law.ended_by_law(visit)],
        "withdrawal": law.withdrawal_text(visit),
        "offers": offers(visit),
        "offered": offered_texts(visit),
        "instead": visit.address("customer_substitute"),
        "parcels": [
            (parcel, *_parcel(visit, parcel)) for parcel in outcome.parcels if parcel.state in ("shipped", "delivered")
        ],
        "money": money(visit),
        "charged": visit.voice.money(outcome.captured),
        "refunded": visit.voice.money(outcome.refunded) if outcome.refunded else "",
        **_to_pay(visit),
        "address": address_lines(visit),
        "told": told(visit),
    }
    return render(request, "web/customer/page.html", context)


def address_lines(visit: Visit) -> list[str]:
    """Where the order goes, line by line; empty where only a country is known."""
    address = visit.order.address
    if not address.street:
        return []
    place = " ".join(filter(None, (address.postcode, address.city, address.region)))
    country = country_name(address.country, visit.voice.language)
    return [line for line in (address.name, address.street, address.street_2, place, country) if line]


def _to_pay(visit: Visit) -> dict[str, str]:
    """What a card that pays here is still asked for: what was declined, and what is to come with what leaves."""
    found = visit.order.paying
    asked = {"owed": found.owed, "to_come": found.to_come} if found.card else {}
    return {name: visit.voice.money(amount) for name, amount in asked.items() if amount}


def _summary(visit: Visit) -> str:
    """The whole order in one sentence."""
    lines = visit.order.outcome.lines
    shipped = sum(line.shipped for line in lines)
    to_come = sum(visit.order.cancellable(line) for line in lines)
    if to_come and shipped:
        sent = ngettext("%(units)d item has been sent", "%(units)d items have been sent", shipped) % {"units": shipped}
        more = ngettext("%(units)d is still to come.", "%(units)d are still to come.", to_come) % {"units": to_come}
        return _("%(sent)s, %(more)s") % {"sent": sent, "more": more}
    if to_come:
        return ngettext("%(units)d item is still to come.", "%(units)d items are still to come.", to_come) % {
            "units": to_come
        }
    stopping = sum(line.cancel_requested for line in lines)
    if stopping:
        return ngettext("%(units)d item is being cancelled.", "%(units)d items are being cancelled.", stopping) % {
            "units": stopping
        }
    if shipped:
        return _("Everything has been sent.")
    if visit.order.outcome.state == REFUSED:
        return _("We could not accept this order.")
    return _("This order was cancelled.")


def _parcel(visit: Visit, parcel: ParcelOutcome) -> tuple[str, list[tuple[int, str]]]:
    """What became of a parcel, and what is in it."""
    items = [(part.units, visit.order.name_of(part.sku)) for part in parcel.lines]
    if parcel.delivered_at is not None:
        return _("Arrived %(day)s") % {"day": _day(visit, parcel.delivered_at)}, items
    left = _("Left %(day)s") % {"day": _day(visit, parcel.shipped_at)} if parcel.shipped_at else ""
    if parcel.delivers_at is None:
        return left, items
    return _("%(left)s, should arrive %(day)s") % {"left": left, "day": _day(visit, parcel.delivers_at)}, items


def _day(visit: Visit, at: datetime) -> str:
    return visit.voice.day(at.astimezone(visit.zone).date())
