"""The page behind the links of mails to those who wait for a product: GET shows, POST confirms or ends."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from raincheck.actions.note_interest import confirm_interest, end_interest
from raincheck.store.reads.interest import interest_of
from raincheck.web.customer.visit import OF_FORMS, chosen_language, frame, private, stranger_language
from raincheck.words.interest import words_in


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link that leads nowhere says so; mail scanners that open links change nothing."""
    found = interest_of(token[:64])
    known = found.language if found is not None else stranger_language(request)
    language = chosen_language(request) or known
    words = words_in(language)
    with translation.override(language):
        if found is None:
            context = {**frame(request, language), "words": words}
            return private(render(request, "web/customer/interest.html", context, status=404), OF_FORMS)
        if request.method == "POST":
            (confirm_interest if request.POST.get("do") == "confirm" else end_interest)(found.token)
            return redirect(reverse("shop_interest", args=[token]))
        context = {
            **frame(request, language),
            "words": words,
            "interest": found,
            "heading": words.page_heading.format(name=found.name),
            "said": {
                "unconfirmed": words.page_unconfirmed,
                "waiting": words.page_waiting,
                "told": words.page_told,
                "ended": words.page_ended,
            }[found.state],
        }
        return private(render(request, "web/customer/interest.html", context), OF_FORMS)
