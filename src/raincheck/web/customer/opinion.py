"""What a customer says once something has arrived: one question first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from raincheck.actions.feedback import CAUSES, LONGEST_TEXT, SCORES, say_as_customer
from raincheck.web.customer.acting import confirm_page, perform
from raincheck.web.customer.acts import get_or_post
from raincheck.web.customer.offers import has_arrived
from raincheck.web.customer.visit import Visit, opened_by_link


@get_or_post
@opened_by_link
def feedback(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How it went, from 1 to 5; what was wrong, if anything; in their own words, if they like."""
    if not has_arrived(visit):
        return redirect(visit.address())
    if request.method == "POST":
        score = request.POST.get("score", "")
        cause, text = request.POST.get("cause", ""), request.POST.get("text", "")[:LONGEST_TEXT]
        given = int(score) if score in {str(known) for known in SCORES} else None
        return perform(
            request,
            visit,
            "feedback",
            lambda: say_as_customer(visit.order.ref, given, cause, text=text, language=visit.voice.language),
            "feedback",
        )
    context = {"scores": _scores(), "causes": _causes(), "longest_text": LONGEST_TEXT}
    return confirm_page(request, visit, "feedback", context)


def _scores() -> list[tuple[int, str]]:
    words = (_("very bad"), _("bad"), _("so-so"), _("good"), _("very good"))
    return list(zip(SCORES, words, strict=True))


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
