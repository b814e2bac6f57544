"""Who may sign in to the demo: one person for each role, all with the same password."""

from typing import Final

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from raincheck.actions.permissions import ROLE_DESCRIPTIONS, Role
from raincheck.actions.sync_roles import sync_roles

PASSWORD: Final = "demo"  # noqa: S105 - printed by `raincheck demo`, and never set anywhere else

# Username, role, first and last name.
PEOPLE: Final = (
    ("admin", Role.ADMIN, "Robin", "Ashby"),
    ("sales", Role.SALES, "Sam", "Delgado"),
    ("service", Role.SERVICE, "Noa", "Whitfield"),
    ("buyer", Role.BUYER, "Jun", "Maddox"),
    ("lead", Role.WAREHOUSE_LEAD, "Ada", "Kowalczyk"),
    ("warehouse", Role.WAREHOUSE, "Luis", "Ortega"),
    ("viewer", Role.READ_ONLY, "Kim", "Larsen"),
)


def add_people() -> None:
    """Adds them. The password is far shorter than people who are added otherwise may have."""
    sync_roles()
    users = get_user_model()._default_manager
    password = make_password(PASSWORD)  # Slow on purpose, so once for all.
    for username, role, first_name, last_name in PEOPLE:
        user = users.create(
            username=username,
            email=f"{username}@hearthandtrail.example",
            password=password,
            first_name=first_name,
            last_name=last_name,
        )
        user.groups.set([Group.objects.get(name=role.value)])


def sign_ins() -> str:
    """The sign-ins as text, one a line."""
    lines = [f"  {username:<10} {ROLE_DESCRIPTIONS[role]}" for username, role, _, _ in PEOPLE]
    return "\n".join([f"  Sign in with password {PASSWORD} as", *lines, ""])
