"""Add people and give them roles. A role is a Django group of the same name (`permissions.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from raincheck.actions.permissions import Role
from raincheck.actions.sync_roles import sync_roles
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is added. The password is a first one, to be changed by its owner."""

    username: str
    password: str
    roles: Sequence[str]
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def add_person(new: NewPerson, actor: str = "") -> None:
    """Adds somebody who can sign in.

    Raises Refused for a name or address that is taken, Malformed for a poor password.
    """
    with transaction.atomic():
        if User.objects.filter(username__iexact=new.username).exists():
            raise Refused(f"somebody is called {new.username!r} already")
        if new.email and User.objects.filter(email__iexact=new.email).exists():
            raise Refused(f"somebody has the address {new.email!r} already")
        user = User(username=new.username, first_name=new.first_name, last_name=new.last_name, email=new.email)
        _set_password(user, new.password)
        user.save()
        user.groups.set(_groups(new.roles))
        _record("person_added", user, actor, new.roles)


def change_roles(username: str, roles: Sequence[str], actor: str = "") -> None:
    """Gives somebody these roles and no others. Raises Refused where nobody would be left to manage people."""
    with transaction.atomic():
        user = _known(username)
        user.groups.set(_groups(roles))
        _keep_an_admin()
        _record("roles_changed", user, actor, roles)


def set_active(username: str, actor: str = "", *, is_active: bool) -> None:
    """Lets somebody sign in, or no longer; open sessions end at once. Raises Refused for the last admin."""
    with transaction.atomic():
        user = _known(username)
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        _keep_an_admin()
        _record("person_allowed" if is_active else "person_barred", user, actor, ())


def give_password(username: str, password: str, actor: str = "") -> None:
    """Sets a new password for somebody who lost theirs; their open sessions end. Raises Malformed for a poor one."""
    with transaction.atomic():
        user = _known(username)
        _set_password(user, password)
        user.save(update_fields=["password"])
        _record("password_given", user, actor, ())


def _known(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound(f"nobody is called {username!r}")
    return user


def _groups(roles: Sequence[str]) -> list[Group]:
    known = {role.value for role in Role}
    for role in roles:
        if role not in known:
            raise Malformed(f"no role is called {role!r}: roles are {', '.join(sorted(known))}")
    sync_roles()
    return list(Group.objects.filter(name__in=roles))


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Malformed(" ".join(error.messages).rstrip(".")) from error
    user.set_password(password)


def _keep_an_admin() -> None:
    active = User.objects.filter(is_active=True)
    if not (active.filter(groups__name=Role.ADMIN.value) | active.filter(is_superuser=True)).exists():
        raise Refused("somebody must be left who can manage people: make another admin first")


def _record(verb: str, user: User, actor: str, roles: Sequence[str]) -> None:
    outbox = Outbox(database_now(), verb, f"person:{user.get_username()}", actor, {"roles": list(roles)})
    _ = outbox.fact
