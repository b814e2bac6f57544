"""The service desk: find who calls, say why in one sentence, do the next best thing with its cost in view."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from raincheck.actions.next_best import next_best
from raincheck.store.company import read_settings
from raincheck.store.reads.find_anyone import Found, find_anyone
from raincheck.store.reads.notes import notes_for
from raincheck.store.reads.order import OrderView, order_view, who_is_ahead
from raincheck.store.reads.order_history import order_history
from raincheck.store.reads.remedies import what_would_change
from raincheck.store.reads.sentences import line_sentence
from raincheck.store.reads.spoken import spoken_lines, spoken_order
from raincheck.store.reads.tasks import my_tasks, tasks_about_order, team_tasks
from raincheck.web.access import permitted
from raincheck.web.history import moments
from raincheck.web.order_money import money_in_words
from raincheck.web.remedy_words import remedy_rows
from raincheck.web.today import company_today
from raincheck.web.zone import zone_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

MAX_TEXT = 100
NAMED_AHEAD = 5
MOMENTS = 12
ICONS = {"order": "shopping-cart", "customer": "user", "product": "box"}


@require_safe
@permitted("service.view")
def service_desk(request: "ConsoleRequest") -> HttpResponse:
    """The one field that finds everybody, and what is open for whoever sits here."""
    context: dict[str, object] = {
        "mine": my_tasks(request.user.get_username()),
        "team": team_tasks(request.person.roles),
        "now": timezone.now(),
    }
    if request.htmx:
        return render(request, "web/service/desk_tasks.html", context)
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    hits = find_anyone(text, company_today(request), zone_of(request))
    if len(hits) == 1 or (hits and hits[0].code.casefold() == text.casefold()):
        return redirect(_address(hits[0]))
    return render(request, "web/service/page.html", {**context, "find_text": text, "hits": _shown(hits)})


@require_safe
@permitted("service.view")
def find(request: "ConsoleRequest") -> HttpResponse:
    """Who may be meant, while somebody types."""
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    context = {"find_text": text, "hits": _shown(find_anyone(text, company_today(request), zone_of(request)))}
    return render(request, "web/service/found.html", context)


@require_safe
@permitted("service.view")
def call(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """One order on the telephone: what to say, what can be done. Parts of it ask for themselves as things change."""
    found = known(ref)
    part = request.GET.get("part", "") if request.htmx else ""
    context = {"order": found, "live_topic": f"order:{ref}"}
    if part != "choices":
        context |= what_to_say(request, found)
    if part != "say":
        context |= choices(request, found)
    template = {"say": "web/service/say.html", "choices": "web/service/choices.html"}.get(
        part, "web/service/order.html"
    )
    return render(request, template, context)


def what_to_say(request: "ConsoleRequest", order: OrderView) -> dict[str, object]:
    """The left side: the customer's words, and the planner's detail for whoever unfolds it."""
    settings = read_settings()
    today, zone = company_today(request), ZoneInfo(request.company.timezone)
    spoken = spoken_lines(order, settings.road, today, zone)
    history = order_history(order.id, order.ref)
    return {
        "sentence": spoken_order(order, today, zone),
        "lines": [
            {
                "line": line,
                "spoken": spoken[line.id],
                "detail": line_sentence(order, line, today, zone),
                "sooner": what_would_change(order, line),
                "ahead": who_is_ahead(line.id, NAMED_AHEAD) if line.ahead and line.ahead.claims else [],
                "told": [told for told in history.told if told.sku == line.sku],
            }
            for line in order.lines
        ],
        "moments": moments(history, request.person, today)[:MOMENTS],
        "notes": notes_for(order.id),
        "money": money_in_words(order.id, request.company.currency, zone, today),
        "tasks": tasks_about_order(order.id),
        "back": reverse("service_order", args=[order.ref]),
    }


def choices(request: "ConsoleRequest", order: OrderView) -> dict[str, object]:
    """The right side: what can be done now, the best first."""
    found = next_best(order, request.person.may)
    return {"remedies": remedy_rows(found, request.person, company_today(request), request.company.currency)}


def known(ref: str) -> OrderView:
    """The order. Raises Http404."""
    found = order_view(ref)
    if found is None:
        raise Http404(f"order {ref!r} does not exist")
    return found


def _address(hit: Found) -> str:
    if hit.kind == "order":
        return reverse("service_order", args=[hit.code])
    if hit.kind == "customer":
        return reverse("customer", args=[hit.code])
    return f"{reverse('queue')}?{urlencode({'sku': hit.code})}"


def _shown(hits: list[Found]) -> list[dict[str, str]]:
    return [
        {
            "address": _address(hit),
            "icon": ICONS[hit.kind],
            "kind": hit.kind,
            "title": hit.title,
            "note": hit.note,
            "state": hit.state,
            "because": hit.because,
        }
        for hit in hits
    ]
