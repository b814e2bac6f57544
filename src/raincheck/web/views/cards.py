"""Another card for an order, taken by a person of the house; and money that went back by another way than the card."""

import logging
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.give_card import give_card
from raincheck.actions.refund_otherwise import ByHand, pay_back
from raincheck.core.errors import NotFound, RaincheckError
from raincheck.gateways.card_entry import Visit, card_choices, open_card_page
from raincheck.gateways.cards import ProcessorAway
from raincheck.store.reads.order import OrderView, order_view
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.customer.acting import LONGEST_ONCE, SHORTEST_ONCE, new_once
from raincheck.web.order_money import MoneyInWords, money_in_words
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

log = logging.getLogger(__name__)
MOST_LETTERS = 300


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("order.change")
def another_card(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """A card of the test processor by its name; with another processor its own page, or a token that the shop has."""
    order = _known(ref)
    if request.method != "POST":
        return _page(request, order)
    if request.POST.get("how") == "page" and not card_choices():
        return _hand_over(request, order)
    card, actor = request.POST.get("card", "").strip()[:MOST_LETTERS], request.user.get_username()
    return act(
        request,
        lambda: give_card(ref, card, actor=actor),
        f"{ref}: the card is asked now. Its answer shows here.",
        reverse("order", args=[ref]),
    )


@require_POST
@permitted("order.cancel")
def paid_back(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Money that the card does not take went by another way."""
    actor = request.user.get_username()
    way, reference, reason = (request.POST.get(name, "")[:MOST_LETTERS] for name in ("way", "reference", "reason"))
    return act(
        request,
        lambda: pay_back(ref, ByHand(way, reference, reason), actor=actor),
        f"{ref}: on record that the money went, with its reference.",
        reverse("order", args=[ref]),
    )


def _hand_over(request: "ConsoleRequest", order: OrderView) -> HttpResponse:
    """Leads to the processor's page, by a page of ours: browsers do not let forms lead to another site."""
    here, once = reverse("order", args=[order.ref]), request.POST.get("once", "")
    if not SHORTEST_ONCE <= len(once) <= LONGEST_ONCE:
        raise BadRequest("This form is not complete.")
    asked = Visit(
        order.ref,
        once,
        request.company.currency,
        order.email,
        money_of(request, order).standing.card,
        request.build_absolute_uri(here),
        request.build_absolute_uri(reverse("another_card", args=[order.ref])),
    )
    try:
        address = open_card_page(asked, request.user.get_username())
    except NotFound as error:
        raise Http404(str(error)) from error
    except RaincheckError as error:
        messages.error(request, sentence(error))
        return redirect(here)
    except ProcessorAway as away:
        log.warning("no page to enter a card on for order %s: %s", order.ref, away)
        messages.error(request, "The card processor does not answer just now: nothing was changed. Try again later.")
        return redirect(reverse("another_card", args=[order.ref]))
    response = render(request, "web/order/leaving.html", {"order": order, "address": address})
    response.headers["Refresh"] = f"0; url={address}"
    return response


def money_of(request: "ConsoleRequest", order: OrderView) -> MoneyInWords:
    """The money of an order as the reader's company counts it."""
    zone = ZoneInfo(request.company.timezone)
    return money_in_words(order.id, request.company.currency, zone, company_today(request))


def _page(request: "ConsoleRequest", order: OrderView) -> HttpResponse:
    context = {"order": order, "money": money_of(request, order), "choices": card_choices(), "once": new_once()}
    return render(request, "web/order/card.html", context)


def _known(ref: str) -> OrderView:
    found = order_view(ref)
    if found is None:
        raise Http404(f"order {ref!r} does not exist")
    return found
