"""Puts the person and their company on each request, looked up when first asked for; and refuses unreadable text."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.functional import SimpleLazyObject

from raincheck.store.reads.company import CompanyFace, company_face
from raincheck.web.errors import bad_request
from raincheck.web.person import person_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest, Person

ZERO_BYTE: Final = "\0"


class PersonMiddleware:
    """`request.person` and `request.company`. Calls of the API ask for neither and pay nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        console_request = cast("ConsoleRequest", request)
        console_request.person = cast("Person", SimpleLazyObject(lambda: person_of(request.user)))
        console_request.company = cast("CompanyFace", SimpleLazyObject(company_face))
        return self.get_response(request)


class ReadableTextMiddleware:
    """400 for a zero byte in an address or a form, wherever it stands: no browser sends one, no database keeps one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Looks at what was sent before any page does; None: it can be read."""
        sent = [request.path, *_texts(request.GET), *_texts(request.POST)]
        if any(ZERO_BYTE in text for text in sent):
            return bad_request(request, BadRequest("A text holds a zero byte."))
        return None


def _texts(form: QueryDict) -> list[str]:
    """Names and values of all fields."""
    return [text for name, values in form.lists() for text in (name, *values)]
