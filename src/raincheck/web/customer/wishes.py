"""What a customer wants to be sent: language, e-mail, texts, quiet hours, one message for several."""

from datetime import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from raincheck.actions.on_page import ACTOR
from raincheck.actions.save_preferences import save_preferences
from raincheck.core.settings import LANGUAGES
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.visit import NATIVE_NAMES, Visit, opened_by_link

LAST_DIGITS = 2


@get_or_post
@opened_by_link
def preferences(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, and saving it. They hold for all orders of the customer."""
    code = visit.order.outcome.customer
    if code is None:
        return redirect(visit.address())
    if request.method == "POST":
        wishes = _posted(request)
        return perform(
            request, visit, "preferences", lambda: save_preferences(code, wishes, actor=ACTOR), "preferences"
        )
    context = {
        "wishes": visit.wishes,
        "email": visit.order.owner.email,
        "phone_ends": visit.order.owner.phone[-LAST_DIGITS:],
        "own_languages": [(language, NATIVE_NAMES[language]) for language in LANGUAGES],
        "shown_language": visit.wishes.language or visit.voice.language,
    }
    return confirm_page(request, visit, "preferences", context)


def _posted(request: HttpRequest) -> dict[str, object]:
    form = request.POST
    language = form.get("language", "")
    return {
        "language": language if language in LANGUAGES else "",
        "email": form.get("email") == "on",
        "sms": form.get("sms") == "on",
        "digest": form.get("digest") == "on",
        "quiet_from": _time(form.get("quiet_from", "")),
        "quiet_until": _time(form.get("quiet_until", "")),
    }


def _time(text: str) -> time | None:
    """A time of day such as 22:00; None for none. What is no time is refused as a pair later, or left out."""
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
