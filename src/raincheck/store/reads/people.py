"""Who can sign in, with which roles."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who can sign in, or could."""

    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    is_active: bool
    is_superuser: bool
    last_login: datetime | None


def people() -> list[PersonRow]:
    """Everybody, by username. Two queries."""
    return [
        PersonRow(
            username=user.get_username(),
            name=user.get_full_name(),
            email=user.email,
            roles=tuple(sorted(group.name for group in user.groups.all())),
            is_active=user.is_active,
            is_superuser=user.is_superuser,
            last_login=user.last_login,
        )
        for user in User.objects.prefetch_related("groups").order_by("username")
    ]


def is_person(username: str) -> bool:
    """Whether somebody who may sign in has this name."""
    return User.objects.filter(username=username, is_active=True).exists()


def active_people() -> list[tuple[str, str]]:
    """Everybody who may sign in: (username, name to read), by name."""
    found = User.objects.filter(is_active=True).order_by("first_name", "last_name", "username")
    return [(user.get_username(), user.get_full_name() or user.get_username()) for user in found]
