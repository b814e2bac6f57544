"""The roles of `permissions.py` as Django groups."""

from django.contrib.auth.models import Group

from raincheck.actions.permissions import Role


def sync_roles() -> None:
    """Makes the group of each role that has none. Safe to run any number of times and by several processes.

    Groups that a company made itself are left alone: they give nothing until someone puts them in the table.
    """
    Group.objects.bulk_create([Group(name=role.value) for role in Role], ignore_conflicts=True)
