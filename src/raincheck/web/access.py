"""Every page names the one permission it needs. A page that names none is refused by the tests."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone

from raincheck.actions.permissions import PERMISSIONS
from raincheck.web.zone import zone_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

P = ParamSpec("P")
View = Callable[Concatenate["ConsoleRequest", P], HttpResponseBase]


def permitted(permission: str) -> Callable[[View[P]], View[P]]:
    """Guards a view: signed-out people go to sign-in and come back, people without the permission get a 403 page.
    Inside, the active time zone is the person's.

    The view carries `permission` as an attribute, so that navigation and tests can ask for it.
    """
    if permission not in PERMISSIONS:
        raise KeyError(f"no permission is called {permission!r}")

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: "ConsoleRequest", *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.person.user_id is None:
                return _to_sign_in(request)
            if not request.person.may(permission):
                raise PermissionDenied(PERMISSIONS[permission])
            request.zone = zone_of(request)
            with timezone.override(request.zone):
                return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return guard


def permission_of(view: Callable[..., Any]) -> str | None:
    """The permission that a view declared, if it declared one."""
    declared: str | None = getattr(view, "permission", None)
    return declared


def _to_sign_in(request: "ConsoleRequest") -> HttpResponseBase:
    if request.htmx:
        # A fragment cannot show the sign-in page: the whole page loads anew and goes there.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
