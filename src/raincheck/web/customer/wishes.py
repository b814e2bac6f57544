"""What a customer wants to be sent: language, e-mail, texts, quiet hours, one message for several."""

from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from raincheck.actions.on_page import ACTOR
from raincheck.actions.save_preferences import save_preferences
from raincheck.core.settings import LANGUAGES
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.visit import Visit, opened_by_link
from raincheck.words.languages import NATIVE_NAMES

LAST_DIGITS = 2
UNPROCESSABLE = 422


@get_or_post
@opened_by_link
def preferences(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, and saving it. They hold for all orders of the customer."""
    code = visit.order.outcome.customer
    if code is None:
        return redirect(visit.address())
    shown, status = visit.wishes, 200
    if request.method == "POST":
        wishes = _posted(request)
        if _is_span(wishes["quiet_from"], wishes["quiet_until"]):
            save = partial(save_preferences, code, wishes, actor=ACTOR)
            return perform(request, visit, "preferences", save, "preferences")
        shown, status = replace(shown, **wishes), UNPROCESSABLE
    context = {
        "wishes": shown,
        "is_digest": visit.settings.digest if shown.digest is None else shown.digest,
        "has_fault": status == UNPROCESSABLE,
        "email": visit.order.owner.email,
        "phone_ends": visit.order.owner.phone[-LAST_DIGITS:],
        "own_languages": [(language, NATIVE_NAMES[language]) for language in LANGUAGES],
        "shown_language": visit.wishes.language or visit.voice.language,
    }
    return confirm_page(request, visit, "preferences", context, status)


def _is_span(begins: time | None, ends: time | None) -> bool:
    """Whether quiet hours have both ends, and not the same one twice; or are none."""
    return begins is ends is None or (begins is not None and ends is not None and begins != ends)


def _posted(request: HttpRequest) -> dict[str, Any]:
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
        named = time.fromisoformat(text) if text else None
    except ValueError:
        return None
    return named if named is None or named.tzinfo is None else None
