"""Who is asking: the signed-in user as the console's pages need them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User

from raincheck.actions.permissions import PERMISSIONS, permissions_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django_htmx.middleware import HtmxDetails

    from raincheck.store.reads.company import CompanyFace


@dataclass(frozen=True)
class Person:
    """A user's name, what they may do, and the zone in which they read times."""

    user_id: int | None
    name: str
    roles: tuple[str, ...]
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether this person has the permission. Raises `KeyError` for a name that is no permission."""
        if permission not in PERMISSIONS:
            raise KeyError(f"no permission is called {permission!r}")
        return permission in self.permissions

    @property
    def initials(self) -> str:
        """One or two capitals for the picture of a person without a picture."""
        words = [word for word in self.name.replace(".", " ").replace("_", " ").split() if word]
        return "".join(word[0] for word in words[:2]).upper()


NOBODY = Person(user_id=None, name="", roles=(), permissions=frozenset())


def person_of(user: "User | AnonymousUser") -> Person:
    """The person behind a user: one query for the groups. A superuser may do everything."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    roles = tuple(sorted(user.groups.values_list("name", flat=True)))
    permissions = frozenset(PERMISSIONS) if user.is_superuser else permissions_of(roles)
    return Person(
        user_id=user.pk, name=user.get_full_name() or user.get_username(), roles=roles, permissions=permissions
    )


if TYPE_CHECKING:

    class ConsoleRequest(HttpRequest):
        """A request after `PersonMiddleware` and django-htmx."""

        user: User
        person: Person
        company: CompanyFace
        zone: ZoneInfo
        htmx: HtmxDetails
