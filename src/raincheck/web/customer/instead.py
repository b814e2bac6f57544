"""Another product instead of one that is waited for: what somebody offered, and what could be there sooner."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from raincheck.actions.answer_order import SUBSTITUTE, Answer, answer_order
from raincheck.actions.on_page import ACTOR
from raincheck.core.errors import Refused
from raincheck.store.reads.offers import OfferView, offers_of
from raincheck.store.reads.order_outcome import LineOutcome
from raincheck.store.reads.substitutes import substitutes_for
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.visit import Visit, opened_by_link

MOST_LOOKED_AT = 5
"""Of so many lines that wait the page itself asks whether something could stand in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A product that can be taken. `value` is what its button sends; `note` its size, colour and day."""

    value: str
    name: str
    note: str
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that could be replaced, and by what."""

    units: int
    name: str
    choices: tuple[Choice, ...]


def standing_offers(visit: Visit) -> list[OfferView]:
    """What the customer was offered and has not answered."""
    return [offer for offer in offers_of(visit.order.ref) if offer.is_open]


def offered_texts(visit: Visit) -> list[str]:
    """The offers that stand, in words."""
    return [
        _("Instead of %(name)s you can have %(instead)s, at the price agreed. The offer stands until %(day)s.")
        % {
            "name": visit.order.name_of(offer.sku),
            "instead": offer.instead_name,
            "day": visit.voice.day(offer.expires_at.astimezone(visit.zone).date()),
        }
        for offer in standing_offers(visit)
    ]


def may_take_instead(visit: Visit) -> bool:
    """Whether anything can be taken instead of something that waits."""
    if standing_offers(visit):
        return True
    return any(substitutes_for(line.sku) for line in replaceable(visit)[:MOST_LOOKED_AT])


def replaceable(visit: Visit) -> list[LineOutcome]:
    """Lines that wait and of which the floor has nothing."""
    if visit.order.outcome.state != "open":
        return []
    return [
        line
        for line in visit.order.outcome.lines
        if line.backordered + line.preordered
        and not line.cancel_requested
        and not visit.order.extras[line.id].floor_units
    ]


@get_or_post
@opened_by_link
def substitute(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another product for the open units of a line."""
    if request.method == "POST":
        sku, _, instead = (unquote(part) for part in request.POST.get("instead", "").partition(" "))
        return perform(request, visit, "substitute", lambda: _take_instead(visit, sku, instead), "substituted")
    offered = standing_offers(visit)
    lines = [
        Waiting(visit.order.cancellable(line), visit.order.extras[line.id].name, _choices(visit, line.sku, offered))
        for line in replaceable(visit)
    ]
    lines = [line for line in lines if line.choices]
    return confirm_page(request, visit, "substitute", {"lines": lines}) if lines else redirect(visit.address())


def _choices(visit: Visit, sku: str, offered: list[OfferView]) -> tuple[Choice, ...]:
    """What was offered first, then what could be there sooner."""
    ours = [
        Choice(_value(sku, offer.instead), offer.instead_name, "", is_offered=True)
        for offer in offered
        if offer.sku == sku
    ]
    known = {choice.value for choice in ours}
    others = [
        Choice(
            _value(sku, other.sku),
            other.name,
            ", ".join(filter(None, (other.size, other.colour, _comes(visit, other.earliest_on)))),
            is_offered=False,
        )
        for other in substitutes_for(sku)
    ]
    return (*ours, *(choice for choice in others if choice.value not in known))


def _value(sku: str, instead: str) -> str:
    """Both products in one form field, without a character that a browser may write in another way."""
    return f"{quote(sku, safe='')} {quote(instead, safe='')}"


def _take_instead(visit: Visit, sku: str, instead: str) -> None:
    """Takes another product for a line. Raises Refused for one that is not on offer (any more)."""
    if sku not in {line.sku for line in visit.order.outcome.lines}:
        raise Refused(f"order {visit.order.ref!r} has no such product")
    offered = {offer.instead for offer in standing_offers(visit) if offer.sku == sku}
    if instead not in offered | {other.sku for other in substitutes_for(sku)}:
        raise Refused(f"order {visit.order.ref!r}: {instead!r} is not offered instead of {sku!r}")
    answer_order(visit.order.ref, Answer(SUBSTITUTE, {sku: instead}), actor=ACTOR)


def _comes(visit: Visit, on: date | None) -> str:
    return _("could be with you %(comes)s") % {"comes": visit.voice.day(on)} if on else ""
