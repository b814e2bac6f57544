"""Another card for an order, or the same one once more. Card numbers are entered at the processor alone."""

import logging
from datetime import datetime

from allauth.core.ratelimit import consume
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.give_card import give_card
from raincheck.actions.on_page import ACTOR
from raincheck.core.errors import NotFound, Refused
from raincheck.gateways.card_entry import Visit as CardVisit
from raincheck.gateways.card_entry import card_choices, open_card_page
from raincheck.gateways.cards import ProcessorAway
from raincheck.store.reads.paying import Paying
from raincheck.web.customer.acting import confirm_page, get_or_post, is_form, perform, too_many
from raincheck.web.customer.offers import may_pay
from raincheck.web.customer.visit import Visit, frame, opened_by_link

log = logging.getLogger(__name__)
UNAVAILABLE = 503


@get_or_post
@opened_by_link
def card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another card, or the declined charge once more; where cards are not paid through us, the charge alone."""
    money = visit.order.paying
    if request.method != "POST":
        return _form(request, visit) if may_pay(visit) or money.takes_card else redirect(visit.address())
    how = request.POST.get("how", "")
    if how == "page" and money.takes_card:
        return _hand_over(request, visit, money)
    if how == "choice" and money.takes_card:
        chosen = request.POST.get("card", "")
        if chosen not in dict(card_choices()):
            raise BadRequest("Choose one of the cards of the list.")
        return perform(request, visit, "card", lambda: give_card(visit.order.ref, chosen, actor=ACTOR), "paid")
    return perform(request, visit, "card", lambda: retry_payment(visit.order.ref, actor=ACTOR), "tried")


def _form(request: HttpRequest, visit: Visit, *, is_away: bool = False) -> HttpResponse:
    money = visit.order.paying
    context = {
        "money": money,
        "owed": visit.voice.money(money.owed) if money.owed else "",
        "to_come": visit.voice.money(money.to_come) if money.to_come else "",
        "may_pay": may_pay(visit),
        "choices": card_choices() if money.takes_card else (),
        "has_page": money.takes_card and not card_choices(),
        "is_away": is_away,
        "next_try": _day(visit, money.next_try_at),
        "kept_until": _day(visit, money.kept_until),
    }
    return confirm_page(request, visit, "card", context, UNAVAILABLE if is_away else 200)


def _hand_over(request: HttpRequest, visit: Visit, money: Paying) -> HttpResponse:
    """Leads to the processor's page. By a page of ours: browsers do not let forms lead to another site."""
    if not consume(request, action="customer_act", key=visit.token):
        return too_many(request, visit.voice.language)
    if not is_form(request):
        raise BadRequest("This form is not complete.")
    asked = CardVisit(
        visit.order.ref,
        request.POST["once"],
        visit.voice.currency,
        visit.order.owner.email,
        money.card,
        request.build_absolute_uri(visit.address(said="card_entered")),
        request.build_absolute_uri(visit.address("customer_card")),
        visit.voice.language,
    )
    try:
        address = open_card_page(asked, ACTOR)
    except (Refused, NotFound):
        return redirect(visit.address(said="refused"))
    except ProcessorAway as away:
        log.warning("no page to enter a card on for order %s: %s", visit.order.ref, away)
        return _form(request, visit, is_away=True)
    context = {**frame(request, visit.voice.language), "visit": visit, "order": visit.order, "address": address}
    response = render(request, "web/customer/leaving.html", context)
    response.headers["Refresh"] = f"0; url={address}"
    return response


def _day(visit: Visit, at: datetime | None) -> str:
    return visit.voice.day(at.astimezone(visit.zone).date()) if at else ""
