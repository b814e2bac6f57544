"""Feedback in the console: what customers and people of the house say, what it has to do with, and saying something."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.feedback import ABOUT, say_as_customer, say_as_staff
from raincheck.store.reads.feedback import (
    DAYS_LATE_WORDS,
    PAGE,
    FeedbackFilter,
    every_feedback,
    feedback_figures,
    feedback_rows,
)
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.cells import plain_cell
from raincheck.web.paging import before_id, choice, cut
from raincheck.words.feedback import CAUSES, SCORES

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

SOURCES: Final = {"": "Everybody", "customer": "Customers", "staff": "Our people"}
PROMISES: Final = {"": "Any promise", "kept": "Promise kept", "broken": "Promise broken"}
COLUMNS: Final = [
    *("at", "source", "order", "customer", "sku", "product", "supplier", "purchase", "score", "cause", "days_late"),
    *("text", "language", "by", "changed"),
]
_PAGES: Final = {"order": "order", "product": "product", "purchase": "purchase_order"}


@require_safe
@permitted("feedback.view")
def feedback(request: "ConsoleRequest") -> HttpResponse:
    """The figures and what was said, the newest first."""
    wanted = _filter(request)
    rows, before = cut(feedback_rows(wanted, before_id(request)), PAGE)
    context = {
        "rows": rows,
        "before": before,
        "wanted": wanted,
        "figures": feedback_figures(wanted),
        "days_late": DAYS_LATE_WORDS,
        "sources": SOURCES,
        "promises": PROMISES,
        "causes": CAUSES,
        "is_filtered": wanted != FeedbackFilter(),
        "asks": request.company.feedback_days is not None,
    }
    return render(request, "web/feedback/page.html", context)


@require_safe
@permitted("feedback.view")
def feedback_file(request: "ConsoleRequest") -> StreamingHttpResponse:
    """What the list shows, whole, as CSV."""
    answer = StreamingHttpResponse(_lines(_filter(request)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="feedback.csv"'
    return answer


@require_POST
@permitted("feedback.give")
def say_something(request: "ConsoleRequest", about: str, ref: str) -> HttpResponse:
    """Puts on record what somebody of the house says of an order, a product or a purchase order."""
    if about not in ABOUT:
        raise BadRequest("Say whether it is about an order, a product or a purchase order.")
    text, cause = request.POST.get("text", ""), request.POST.get("cause", "")
    actor = request.user.get_username()
    return act(
        request,
        lambda: say_as_staff(about, ref, text, cause, actor=actor),
        f"Thank you. It is on record with {ref}.",
        reverse(_PAGES[about], args=[ref]),
    )


@require_POST
@permitted("feedback.take")
def customer_says(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Puts on record what the customer of an order told a person."""
    score, cause, sku = request.POST.get("score", ""), request.POST.get("cause", ""), request.POST.get("sku", "")
    if score and score not in {str(number) for number in SCORES}:
        raise BadRequest("A score is a whole number from 1 to 5.")
    text, actor = request.POST.get("text", ""), request.user.get_username()
    return act(
        request,
        lambda: say_as_customer(ref, int(score) if score else None, cause, sku, text, actor=actor),
        f"{ref}: what the customer says is on record.",
        reverse("order", args=[ref]),
    )


def _filter(request: "ConsoleRequest") -> FeedbackFilter:
    return FeedbackFilter(
        sku=request.GET.get("sku", "").strip()[:100],
        supplier=request.GET.get("supplier", "").strip()[:100],
        cause=choice(request, "cause", tuple(CAUSES)),
        promise=choice(request, "promise", tuple(PROMISES)),
        source=choice(request, "source", tuple(SOURCES)),
        order_ref=request.GET.get("order", "").strip()[:100],
    )


def _lines(wanted: FeedbackFilter) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in every_feedback(wanted):
        yield _line(
            [row.at.isoformat(), row.source, row.order_ref, row.customer, row.sku, row.product, row.supplier,
             row.purchase_ref, row.score, row.cause, row.days_late, row.text, row.language, row.actor,
             "yes" if row.changed else ""]
        )  # fmt: skip


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([plain_cell(value) for value in values])
    return out.getvalue()
