"""Rebalance: choose segments, look at winners and losers, apply exactly that."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.rebalance_preview import commit, preview, shown_preview
from raincheck.core.errors import NotFound, RaincheckError
from raincheck.core.strategy import CONDITIONS, Request, Segment, Strategy
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.quantities import whole_units
from raincheck.web.winners import winners_and_losers

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

ROWS = 5
FALLBACK_ROWS = 3
LONGEST_VALUE = 100
EVERY_LINE = "every line"
STRATEGIES = {
    "win": "Win: must be full and on time",
    "gain": "Gain: keeps what it has, may get more",
    "improve": "Improve: like gain, without an exception",
    "redistribute": "Redistribute: by rank, may get more or less",
    "fill": "Fill: at most what it has",
    "lose": "Lose: gives everything back",
    "skip": "Skip: stays as it is",
}
"""What each strategy means, in the order in which they are served."""


@require_safe
@permitted("queue.rebalance")
def new_rebalance(request: "ConsoleRequest") -> HttpResponse:
    """The segments to choose."""
    return _form(request, QueryDict())


@require_POST
@permitted("queue.rebalance")
def preview_rebalance(request: "ConsoleRequest") -> HttpResponse:
    """Decides and shows; nothing changes."""
    try:
        found = preview(_asked(request.POST), actor=request.user.get_username())
    except RaincheckError as error:
        messages.error(request, sentence(error))
        return _form(request, request.POST, status=422)
    return redirect("rebalance", ref=found.ref)


@require_safe
@permitted("queue.rebalance")
def rebalance(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """A preview: winners and losers."""
    try:
        found = shown_preview(ref)
    except NotFound as error:
        raise Http404(str(error)) from error
    parts = winners_and_losers(found.changes)
    return render(request, "web/rebalance/page.html", {"preview": found, "parts": parts})


@require_POST
@permitted("queue.rebalance")
def commit_rebalance(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Applies exactly the preview."""
    return act(
        request,
        lambda: commit(ref, actor=request.user.get_username()),
        f"Rebalance {ref} is applied. What it gave stands until it is revoked on the order.",
        reverse("rebalance", args=[ref]),
    )


def _asked(form: QueryDict) -> Request:
    """What was chosen. Raises BadRequest for what no form of ours sends."""
    exceptions = form.get("exceptions", "stop_all")
    return Request(
        segments=_segments(form, ""),
        exceptions=exceptions,
        fallback=_segments(form, "fallback-") or None,
        least_gain_units=whole_units(form.get("least_gain_units", ""), "Least gain in units"),
        least_gain_days=whole_units(form.get("least_gain_days", ""), "Least gain in days"),
        cool_down_hours=whole_units(form.get("cool_down_hours", ""), "Rest in hours"),
    )


def _segments(form: QueryDict, prefix: str) -> tuple[Segment, ...]:
    rows = zip(*(form.getlist(f"{prefix}{field}") for field in ("condition", "value", "strategy")), strict=False)
    segments: list[Segment] = []
    for condition, value, strategy in rows:
        if not strategy:
            continue
        if strategy not in STRATEGIES or (condition and condition not in CONDITIONS):
            raise BadRequest("Choose a condition and a strategy from the lists.")
        named = value.strip()[:LONGEST_VALUE]
        if condition and not named:
            raise BadRequest(f"Say which {condition}.")
        segments.append(Segment({condition: named} if condition else {}, Strategy(strategy)))
    return tuple(segments)


def _form(request: "ConsoleRequest", given: QueryDict, status: int = 200) -> HttpResponse:
    context = {
        "conditions": [condition for condition in CONDITIONS if condition != "site"],
        "every_line": EVERY_LINE,
        "strategies": STRATEGIES,
        "segments": _rows(given, "", ROWS),
        "fallback": _rows(given, "fallback-", FALLBACK_ROWS),
        "given": given,
    }
    return render(request, "web/rebalance/new.html", context, status=status)


def _rows(given: QueryDict, prefix: str, most: int) -> list[tuple[str, str, str]]:
    lists = [given.getlist(f"{prefix}{field}") for field in ("condition", "value", "strategy")]
    filled = list(zip(*lists, strict=False))
    return [(row[0], row[1], row[2]) for row in filled] + [("", "", "")] * max(0, most - len(filled))
