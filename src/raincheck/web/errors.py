"""The pages for what went wrong, each with the way on. They use neither session nor database.

Customers get pages of their own, from `customer.broken`.
"""

import sys

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from raincheck.store.outage import DATABASE_AWAY
from raincheck.web.customer.broken import broken_page, is_of_customers

RETRY_AFTER_SECONDS = "5"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that cannot be read. Our own words for it are shown, Django's are not."""
    said = f"{exception} " if type(exception) is BadRequest else ""
    return _page(request, 400, "That could not be read", f"{said}Go back and try once more. Nothing was changed.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person's roles do not allow it. Names what was asked, so that they can ask an admin for it."""
    wanted = str(exception)
    text = (
        f"Your roles do not include: {wanted}. An admin can give it to you under Settings, People."
        if wanted
        else "Your roles do not allow this. An admin can change them under Settings, People."
    )
    return _page(request, 403, "Not for your role", text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403: a form without its proof, mostly one that lay open over a sign-out."""
    return _page(
        request, 403, "This form is out of date", "Go back, reload the page and send it once more. Nothing was changed."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: nothing lives at this address."""
    return _page(
        request, 404, "Nothing here", "The address may be mistyped, or what it showed is gone. Search finds the rest."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After when it is the database that is away."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        response = _page(
            request,
            503,
            "The database is away",
            "What you sent was either saved whole or not at all. The page can be tried again in a few seconds.",
        )
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    return _page(
        request, 500, "Something broke on our side", "It was written to the log. Nothing was half-done: try once more."
    )


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if is_of_customers(request):
        return broken_page(request, status)
    html = render_to_string("web/error.html", {"status": status, "title": title, "text": text})
    return HttpResponse(html, status=status)
