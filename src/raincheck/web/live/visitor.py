"""Who opened a stream: the same session and the same permissions as any page's."""

from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from granian.rsgi import Scope

from raincheck.web.person import NOBODY, Person, person_of


@sync_to_async
def visitor(scope: Scope) -> Person:
    """The signed-in person of an HTTP scope, or nobody. Raises `DisallowedHost` for a name that is not ours.

    Runs in the one thread that asgiref keeps for such work, with one database connection.
    """
    close_old_connections()
    request = HttpRequest()
    request.META["HTTP_HOST"] = scope.authority or scope.headers.get("host", "")
    request.get_host()
    key = parse_cookie(scope.headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return NOBODY
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return person_of(get_user(request))


__all__ = ["DisallowedHost", "visitor"]
