"""Puts the person and their company on each request; both are looked up when first asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from raincheck.store.reads.company import CompanyFace, company_face
from raincheck.web.person import person_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest, Person


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
