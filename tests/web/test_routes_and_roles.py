"""Nobody sees or does what their role does not allow: every route, every role."""

from collections.abc import Iterator, Mapping

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker
from tests.web.company import add_people, username_of
from tests.web.routes import API_PREFIX, CUSTOMERS_PREFIX, PUBLIC, SIGNED_IN, WITHOUT_A_LINK, Route, routes

from raincheck.actions.permissions import ROLE_PERMISSIONS, Role
from raincheck.actions.sync_roles import sync_roles
from raincheck.web.access import permission_of

ALL = routes()
PAGES_WITH_A_FORM = frozenset(
    {
        "another_card",
        "keys",
        "message_words",
        "new_comparison",
        "new_order",
        "new_purchase_order",
        "own_settings",
        "people",
        "policies",
        "sellers",
        "selling",
        "settings",
        "settings_shop",
        "sites",
        "webhook",
        "webhooks",
    }
)
GUARDED = [route for route in ALL if permission_of(route.callback)]


def test_every_route_declares_its_permission_or_is_on_the_short_list() -> None:
    undeclared = [
        route.pattern
        for route in ALL
        if not permission_of(route.callback)
        and not route.pattern.startswith(API_PREFIX)
        and not route.pattern.startswith(CUSTOMERS_PREFIX)
        and route.name not in PUBLIC | SIGNED_IN
    ]
    assert undeclared == []


def test_every_page_of_customers_wants_a_good_link() -> None:
    open_to_all = {
        route.name
        for route in ALL
        if route.pattern.startswith(CUSTOMERS_PREFIX) and not getattr(route.callback, "is_of_customers", False)
    }
    assert open_to_all == WITHOUT_A_LINK


def test_the_short_lists_name_no_route_of_the_console_itself() -> None:
    own = {route.name for route in ALL if route.callback.__module__.startswith("raincheck.web.views")}
    assert own.isdisjoint(PUBLIC | SIGNED_IN)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_what_changes_something_takes_a_post_and_a_page_a_get(route: Route) -> None:
    request = RequestFactory().generic("DELETE", "/")
    assert route.callback(request, **route.kwargs).status_code == 405
    other = "GET" if route.pattern.startswith("do/") else "POST"
    if route.name not in PAGES_WITH_A_FORM:
        assert route.callback(RequestFactory().generic(other, "/"), **route.kwargs).status_code == 405


@pytest.fixture(scope="module")
def house(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Mapping[Role, Client]]]:
    """A company without orders, with somebody of each role who has signed in: its database, and they."""
    from raincheck.config.databases import default_database, throwaway_database

    with django_db_blocker.unblock(), throwaway_database() as name:
        clients = {role: Client() for role in Role}
        with default_database(name):
            add_people()
            for role, client in clients.items():
                client.force_login(User.objects.get(username=username_of(role)))
        yield name, clients


@pytest.fixture
def people(
    house: tuple[str, Mapping[Role, Client]], django_db_blocker: DjangoDbBlocker
) -> Iterator[Mapping[Role, Client]]:
    """Somebody of each role; what they do is taken back."""
    from raincheck.config.databases import default_database

    database, clients = house
    with django_db_blocker.unblock(), default_database(database), transaction.atomic():
        yield clients
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_each_role_gets_through_exactly_where_it_may(route: Route, people: Mapping[Role, Client]) -> None:
    permission = permission_of(route.callback)
    address = reverse(route.name, kwargs=route.kwargs)
    for role, client in people.items():
        may = permission in ROLE_PERMISSIONS[role]
        for method in _methods(route):
            status = getattr(client, method)(address).status_code
            tried = f"{method} {address} as {role.value}: {status}"
            if may:
                assert status < 500, tried
                assert status not in (401, 403) or (method == "post" and _saving_needs_more(route, role)), tried
            else:
                assert status == 403, tried


@pytest.mark.django_db
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_signed_out_people_are_sent_to_sign_in(route: Route) -> None:
    address = reverse(route.name, kwargs=route.kwargs)
    for method in _methods(route):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{reverse('account_login')}?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_account_pages_want_somebody_signed_in(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


@pytest.mark.django_db
def test_somebody_without_a_role_sees_nothing_but_is_told_whom_to_ask() -> None:
    client = Client()
    client.force_login(User.objects.create_user(username="new"))
    answer = client.get(reverse("desk"))
    assert answer.status_code == 403
    assert "An admin can give it to you" in answer.content.decode()


@pytest.mark.django_db
def test_a_barred_person_is_out_at_once() -> None:
    sync_roles()
    user = User.objects.create_user(username="gone")
    user.groups.add(Group.objects.get(name="admin"))
    client = Client()
    client.force_login(user)
    assert client.get(reverse("own_settings")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("own_settings")).status_code == 302


def _methods(route: Route) -> tuple[str, ...]:
    """What changes something takes a POST alone; a page takes a GET, and a POST where it holds its own form."""
    if route.pattern.startswith("do/"):
        return ("post",)
    return ("get", "post") if route.name in PAGES_WITH_A_FORM else ("get",)


def _saving_needs_more(route: Route, role: Role) -> bool:
    """Seeing settings is one permission, saving them another."""
    pages = ("settings", "settings_shop", "sites", "policies", "message_words")
    return route.name in pages and "settings.change" not in ROLE_PERMISSIONS[role]
