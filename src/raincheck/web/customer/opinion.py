"""What a customer says once something has arrived: one question first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from raincheck.actions.feedback import CAUSES, LONGEST_TEXT, SCORES, do_not_ask, say_as_customer
from raincheck.store.reads.feedback import asked_lines, asked_order
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.offers import has_arrived
from raincheck.web.customer.visit import Visit, opened_by_link


@get_or_post
@opened_by_link
def feedback(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whether everything arrived as promised; what was wrong with which product, if anything; in their own words."""
    if not has_arrived(visit):
        return redirect(visit.address())
    if request.method == "POST":
        return perform(request, visit, "feedback", lambda: _say(request, visit), "feedback")
    order = visit.order.outcome.id
    context = {
        "scores": _scores(),
        "causes": _causes(),
        "lines": asked_lines(order),
        "said": asked_order(order),
        "longest_text": LONGEST_TEXT,
    }
    return confirm_page(request, visit, "feedback", context)


def _say(request: HttpRequest, visit: Visit) -> None:
    ref, score = visit.order.ref, request.POST.get("score", "")
    given = int(score) if score in {str(known) for known in SCORES} else None
    cause, sku = request.POST.get("cause", ""), request.POST.get("sku", "")
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    say_as_customer(ref, given, cause, sku, text, language=visit.voice.language)
    if request.POST.get("never") == "yes":
        do_not_ask(ref)


def _scores() -> list[tuple[int, str]]:
    words = (_("no, not at all"), _("hardly"), _("in part"), _("almost"), _("yes, all of it"))
    return list(reversed(list(zip(SCORES, words, strict=True))))


def _causes() -> list[tuple[str, str]]:
    words = {
        "late": _("It came late"),
        "damaged": _("Something was damaged"),
        "wrong_item": _("It was the wrong thing"),
        "missing": _("Something was missing"),
        "unclear": _("I did not know what was happening"),
        "other": _("Something else"),
    }
    return [(cause, words[cause]) for cause in CAUSES]
