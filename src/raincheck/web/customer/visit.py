"""A visit to a customer's page: what its link opens, in which language, and what is never sent along with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from raincheck.core.settings import LANGUAGES, Settings
from raincheck.notices.voice import Voice
from raincheck.store.customer_language import language_for
from raincheck.store.order_links import EndedLink, UnknownLink, order_of
from raincheck.store.preferences import Preferences, read_preferences
from raincheck.store.reads.company import company_face, company_settings
from raincheck.store.reads.customer_page import CustomerOrder, customer_order
from raincheck.words.languages import NATIVE_NAMES

NO_REFERRER: Final = "no-referrer"
# With no-referrer browsers send forms with the origin "null", which no check of origins can accept. This one tells
# other sites as little.
OF_FORMS: Final = "same-origin"
GONE: Final = 410


@dataclass(frozen=True)
class Visit:
    """A page of an order, asked for with a good link at an instant."""

    token: str
    order: CustomerOrder
    wishes: Preferences
    settings: Settings
    company_name: str
    voice: Voice
    at: datetime
    chosen_language: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def address(self, name: str = "customer_page", **query: str) -> str:
        """The address of one of this order's pages, in the language that was chosen."""
        return with_query(reverse(name, args=[self.token]), lang=self.chosen_language, **query)


View = Callable[..., HttpResponseBase]


def with_query(path: str, /, **query: str) -> str:
    """A path with those of the values that are not empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def opened_by_link(view: View) -> View:
    """Guards a view of one order: a good link calls it with a `Visit`, any other gets a page that says so."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponseBase:
        at = timezone.now()
        try:
            ref = order_of(token, at)
        except UnknownLink:
            return private(unknown_link(request))
        except EndedLink as ended:
            return private(_ended_link(request, token, expired=ended.expired), OF_FORMS)
        order = customer_order(ref)
        if order is None:
            return private(unknown_link(request))
        visit = _visit(request, token, order, at)
        with translation.override(visit.voice.language):
            return private(view(request, visit, **more))

    guarded.is_of_customers = True  # type: ignore[attr-defined]
    return guarded


def _visit(request: HttpRequest, token: str, order: CustomerOrder, at: datetime) -> Visit:
    settings = company_settings()
    wishes = read_preferences(order.owner.customer_id)
    chosen = chosen_language(request)
    zone = ZoneInfo(settings.timezone)
    language = chosen or wishes.language or browser_language(request)
    voice = Voice(
        country=order.owner.country or settings.country,
        currency=settings.currency,
        today=at.astimezone(zone).date(),
        language=language_for(language, order.owner.country, settings.language),
    )
    return Visit(token, order, wishes, settings, company_face().name, voice, at, chosen, zone)


def chosen_language(request: HttpRequest) -> str:
    """The language that was chosen on the page; empty for none of ours."""
    chosen = request.GET.get("lang", "")
    return chosen if chosen in LANGUAGES else ""


def browser_language(request: HttpRequest) -> str:
    """The first of the browser's languages that is one of ours; empty where none is, or it names none."""
    header = request.headers.get("Accept-Language", "")
    named = (language.split("-")[0] for language, _ in parse_accept_lang_header(header))
    return next((language for language in named if language in LANGUAGES), "")


def private(response: HttpResponseBase, referrer: str = NO_REFERRER) -> HttpResponseBase:
    """Nobody keeps the page, no search engine lists it, and its address goes to no other site."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Referrer-Policy", referrer)
    return response


def frame(request: HttpRequest, language: str) -> dict[str, Any]:
    """What the layout shows on every page: who the company is, and the other languages of the same page."""
    settings = company_settings()
    return {
        "language": language,
        "languages": [
            (code, NATIVE_NAMES[code], with_query(request.path, **{**request.GET.dict(), "lang": code}))
            for code in LANGUAGES
        ],
        "company_name": company_face().name,
        "contact": settings,
        "brand_css": reverse("customer_brand", args=[settings.brand_colour.lstrip("#")]),
    }


def stranger_language(request: HttpRequest) -> str:
    """The language for somebody who has not shown a good link."""
    return chosen_language(request) or browser_language(request) or company_settings().language


def unknown_link(request: HttpRequest) -> HttpResponse:
    """404, without a hint at what a good link looks like."""
    language = stranger_language(request)
    with translation.override(language):
        return render(request, "web/customer/unknown.html", frame(request, language), status=404)


def _ended_link(request: HttpRequest, token: str, *, expired: bool) -> HttpResponse:
    """410, with the offer to send a new link to the address on record. It says nothing of the order."""
    language = stranger_language(request)
    with translation.override(language):
        context = {**frame(request, language), "expired": expired, "fresh": reverse("customer_fresh", args=[token])}
        return render(request, "web/customer/ended.html", context, status=GONE)


def with_form(response: HttpResponse) -> HttpResponse:
    """A page that sends a form: its own site learns where it came from, other sites learn nothing."""
    response.headers["Referrer-Policy"] = OF_FORMS
    return response
