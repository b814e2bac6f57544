"""Who opened a stream: the same session and the same permissions as any page's."""

from importlib import import_module
from io import BytesIO
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections

from raincheck.web.person import NOBODY, Person, person_of


@sync_to_async
def visitor(scope: dict[str, Any]) -> Person:
    """The signed-in person of an HTTP scope, or nobody. Raises `DisallowedHost` for a name that is not ours.

    Runs in the one thread that asgiref keeps for such work, with one database connection.
    """
    close_old_connections()
    request = ASGIRequest({**scope, "root_path": ""}, BytesIO())
    request.get_host()
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return NOBODY
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return person_of(get_user(request))


__all__ = ["DisallowedHost", "visitor"]
