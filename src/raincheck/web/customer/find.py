"""Without a good link: a new one is sent to the address on record. Whoever asks never learns whether there is any."""

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.on_page import ACTOR
from raincheck.actions.send_link import send_link, send_link_if_theirs
from raincheck.store.order_links import EndedLink, UnknownLink, order_of
from raincheck.web.customer.acting import too_many
from raincheck.web.customer.visit import OF_FORMS, frame, private, stranger_language, unknown_link

LONGEST_REF, LONGEST_EMAIL = 100, 254


@require_http_methods(["GET", "HEAD", "POST"])
def find_order(request: HttpRequest) -> HttpResponseBase:
    """Order number and e-mail address; the answer is the same for every pair."""
    language = stranger_language(request)
    with translation.override(language):
        if request.method != "POST":
            return private(render(request, "web/customer/find.html", frame(request, language)), OF_FORMS)
        ref, email = request.POST.get("ref", "").strip(), request.POST.get("email", "").strip()
        if not consume(request, action="customer_link", key=f"{ref}\n{email}".casefold()):
            return private(too_many(request, language))
        if ref and "\0" not in ref + email and len(ref) <= LONGEST_REF and len(email) <= LONGEST_EMAIL:
            send_link_if_theirs(ref, email, actor=ACTOR)
        return private(render(request, "web/customer/sent.html", frame(request, language)))


@require_POST
def fresh_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """A new link in place of one that has ended."""
    language = stranger_language(request)
    with translation.override(language):
        try:
            ref = order_of(token, timezone.now())
        except UnknownLink:
            return private(unknown_link(request))
        except EndedLink as ended:
            ref = ended.order_ref
        if not consume(request, action="customer_link", key=ref):
            return private(too_many(request, language))
        send_link(ref, actor=ACTOR)
        return private(render(request, "web/customer/sent.html", frame(request, language)))
