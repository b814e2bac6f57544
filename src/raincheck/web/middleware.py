"""Puts the person and their time zone on each request."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from raincheck.web.person import person_of
from raincheck.web.zone import zone_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest, Person


class PersonMiddleware:
    """`request.person` (looked up only when a page asks) and the active time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers in the reader's zone; other requests of this thread are left as they were."""
        console_request = cast("ConsoleRequest", request)
        console_request.person = cast("Person", SimpleLazyObject(lambda: person_of(request.user)))
        console_request.zone = zone_of(request)
        with timezone.override(console_request.zone):
            return self.get_response(request)
