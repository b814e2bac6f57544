"""Doing what a customer asks for: once for each form, then back to the page, which says how it went."""

import secrets
from collections.abc import Callable

from allauth.core.ratelimit import consume
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from raincheck.actions.on_page import do_once
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.web.customer.law import ended_by_law
from raincheck.web.customer.visit import Visit, frame, with_form

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""What every page with a form takes: GET shows it, POST sends it."""
SHORTEST_ONCE, LONGEST_ONCE = 16, 64
TOO_MANY = 429


def confirm_page(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page that shows what will happen, with the form that makes it happen once."""
    shown = {**frame(request, visit.voice.language), "visit": visit, "order": visit.order, "once": new_once(),
             "back": visit.address(), **context}  # fmt: skip
    return with_form(render(request, f"web/customer/{template}.html", shown, status=status))


def new_once() -> str:
    """What tells one form from another."""
    return secrets.token_urlsafe(24)


def perform(request: HttpRequest, visit: Visit, verb: str, act: Callable[[], object], said: str) -> HttpResponse:
    """Does it and goes back to the page, which says `said`; or that it was done before, or can be done no longer."""
    if not consume(request, action="customer_act", key=visit.token):
        return too_many(request, visit.voice.language)
    if not is_form(request):
        raise BadRequest("This form is not complete.")
    try:
        is_first = do_once(visit.order.ref, request.POST["once"], verb, act)
    except (Refused, Malformed, NotFound):
        return redirect(visit.address(said="late" if ended_by_law(visit) else "refused"))
    return redirect(visit.address(said=said if is_first else "already"))


def is_form(request: HttpRequest) -> bool:
    """Whether what was sent is one of our forms: it carries what tells it from others."""
    return SHORTEST_ONCE <= len(request.POST.get("once", "")) <= LONGEST_ONCE


def too_many(request: HttpRequest, language: str) -> HttpResponse:
    """429: asked too often."""
    return render(request, "web/customer/too_many.html", frame(request, language), status=TOO_MANY)


def said_text(code: str) -> tuple[str, str]:
    """What the page says after something was done: a tone and a sentence; empty for no code of ours."""
    return {
        "waited": ("ok", _("Thank you. It is noted that you wait.")),
        "cancelled": ("ok", _("Cancelled. What you paid for it comes back by the way you paid.")),
        "withdrawn": ("ok", _("We have your withdrawal. What has not left is cancelled; send back what you have.")),
        "cancel_asked": ("ok", _("We have asked our warehouse to stop it. This page shows when it has.")),
        "sent_now": ("ok", _("Done. What is here goes now, and the rest follows.")),
        "address": ("ok", _("Done. What has not left yet goes to the new address.")),
        "substituted": ("ok", _("Done. You get what you chose instead, at the agreed price.")),
        "tried": ("ok", _("Thank you. We have tried the payment again; this page shows how it went.")),
        "paid": ("ok", _("Thank you. We ask this card now; this page shows how it went.")),
        "card_entered": ("ok", _("Thank you. We fetch your card and ask it; in a minute this page shows how it went.")),
        "preferences": ("ok", _("Saved.")),
        "again": ("ok", _("Thank you. We write to you about a new order.")),
        "feedback": ("ok", _("Thank you for telling us.")),
        "already": ("plain", _("This was done already. Nothing was done twice.")),
        "refused": (
            "late",
            _("This could not be done any more: the order has changed meanwhile. This is how it stands."),
        ),
        "late": (
            "late",
            _("Your answer came after the time was up, so it changes nothing. You can ask for a new order."),
        ),
    }.get(code, ("", ""))
