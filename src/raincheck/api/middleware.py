"""The door of the API: the first middleware. Calls go straight to their function; sessions, forms and pages' rules
never run for them. A call that does nothing costs some 75 µs of CPU, JSON and metrics included.
"""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from raincheck.api import failures, metrics
from raincheck.api.bodies import check_head
from raincheck.api.problems import BAD_REQUEST, HTTPS_NEEDED, NO_SUCH_CALL, WRONG_METHOD, Problem

ROOT: Final = "/api/"
PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
# Load balancers and orchestrators ask by address, in the clear, and learn nothing but that we live.
_OPEN_PROBES: Final = ("/healthz", "/readyz")


_NO_PARAMETERS: Final = QueryDict()


class ApiMiddleware:
    """Answers calls of the API itself and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        path = request.path_info
        if not path.startswith(ROOT) and path not in PROBES:
            return self.get_response(request)
        started = time.perf_counter()
        response, route = _answer(request)
        response["X-Content-Type-Options"] = "nosniff"
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        # Django would log every 404 and 409 as a warning; here they are answers like others, counted in the metrics.
        response._has_been_logged = True  # type: ignore[attr-defined]
        metrics.observe(request.method or "", route, response.status_code, time.perf_counter() - started)
        return response


def _answer(request: HttpRequest) -> tuple[HttpResponse, str]:
    """The answer, and the route it took (for the metrics; a name in the address is no part of it)."""
    route = "none"
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"
    # The query string is read by bodies.parameters_of; what asks Django for it would read it a second time.
    request.GET = _NO_PARAMETERS
    try:
        _check_way(request)
        match = resolve(request.path_info)
        route = match.route
        check_head(request)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Resolver404:
        said = f"There is no call at {request.path_info}."
        response = failures.answer(request, Problem(NO_SUCH_CALL, said))
    except Exception as error:  # noqa: BLE001 - the last place that can give an answer
        response = failures.answer(request, error)
    if response.status_code == 405:
        allowed = response.get("Allow", "")
        problem = Problem(WRONG_METHOD, f"This address takes {allowed}.", headers={"Allow": allowed})
        response = failures.answer(request, problem)
    if is_head:
        response.content = b""
    return response, route


def _check_way(request: HttpRequest) -> None:
    """Refuses calls in the clear where HTTPS is required, and names that are not ours. Raises Problem."""
    if request.path_info.endswith(_OPEN_PROBES):
        return
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Problem(HTTPS_NEEDED, "This server is called by https only.")
    try:
        request.get_host()
    except DisallowedHost as error:
        raise Problem(BAD_REQUEST, "This server does not answer to that host name (RAINCHECK_HOSTS).") from error
