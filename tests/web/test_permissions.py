"""The table of roles: what people of each role may and may not do."""

import re
from pathlib import Path

import pytest

from raincheck.actions.permissions import PERMISSIONS, ROLE_DESCRIPTIONS, ROLE_PERMISSIONS, Role, may, permissions_of


def test_every_role_has_permissions_that_exist_and_a_description() -> None:
    for role in Role:
        assert ROLE_PERMISSIONS[role] <= set(PERMISSIONS)
        assert ROLE_DESCRIPTIONS[role]


def test_an_admin_may_do_everything() -> None:
    assert ROLE_PERMISSIONS[Role.ADMIN] == set(PERMISSIONS)


def test_read_only_people_change_nothing_but_may_say_something() -> None:
    changing = {name for name in ROLE_PERMISSIONS[Role.READ_ONLY] if not name.endswith(".view")}
    assert changing == {"own.account", "feedback.give"}


def test_only_admins_manage_people_and_keys() -> None:
    for role in Role:
        for permission in ("user.manage", "apikey.manage", "settings.change"):
            assert may([role.value], permission) == (role is Role.ADMIN)


def test_the_floor_ships_and_receives_but_cancels_nobodys_order() -> None:
    assert may(["warehouse"], "receiving.post")
    assert may(["warehouse"], "shipment.work")
    assert not may(["warehouse"], "order.cancel")
    assert not may(["warehouse"], "stock.count")
    assert may(["warehouse lead"], "stock.count")


def test_a_person_with_two_roles_may_do_what_either_may() -> None:
    both = permissions_of(["sales", "buyer"])
    assert both == ROLE_PERMISSIONS[Role.SALES] | ROLE_PERMISSIONS[Role.BUYER]


def test_a_group_that_is_no_role_gives_nothing() -> None:
    assert permissions_of(["friends of the house"]) == frozenset()


def test_a_misspelt_permission_is_never_silently_refused() -> None:
    with pytest.raises(KeyError, match=r"order\.veiw"):
        may(["admin"], "order.veiw")


def test_the_docs_have_the_table_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z.]+)` \|(.*)\|$", page, flags=re.MULTILINE))
    assert list(rows) == list(PERMISSIONS)
    for permission, row in rows.items():
        words, *given = (cell.strip() for cell in row.split("|"))
        assert words == PERMISSIONS[permission]
        assert given == ["yes" if permission in ROLE_PERMISSIONS[role] else "" for role in Role], permission
