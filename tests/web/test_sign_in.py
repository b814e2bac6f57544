"""Sign-in: by name or address, never by guessing, and nobody signs up."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

PASSWORD = "a-Rather-long-one"


@pytest.fixture
def bea(db: None) -> User:
    """Somebody who can sign in."""
    cache.clear()
    return User.objects.create_user("bea", "bea@example.com", PASSWORD)


def sign_in(client: Client, login: str, password: str) -> int:
    """Posts the sign-in form; the status of the answer."""
    return client.post(reverse("account_login"), {"login": login, "password": password}).status_code


@pytest.mark.parametrize("login", ["bea", "bea@example.com"])
def test_people_sign_in_with_their_name_or_their_address(bea: User, login: str) -> None:
    client = Client()
    assert sign_in(client, login, PASSWORD) == 302
    assert client.get(reverse("own_settings")).status_code in (200, 403)


def test_a_wrong_password_says_nothing_about_whether_the_name_exists(bea: User) -> None:
    answers = {
        Client().post(reverse("account_login"), {"login": login, "password": "wrong"}).context["form"].errors.as_text()
        for login in ("bea", "nobody")
    }
    assert len(answers) == 1


def test_after_several_wrong_passwords_even_the_right_one_has_to_wait(bea: User) -> None:
    for _ in range(5):
        assert sign_in(Client(), "bea", "wrong") == 200
    assert sign_in(Client(), "bea", PASSWORD) in (200, 429)


def test_the_attempts_of_all_processes_are_counted_in_one_place(bea: User) -> None:
    from django.db import connection

    sign_in(Client(), "bea", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM web_cache")
        assert cursor.fetchone()[0] > 0


def test_nobody_signs_up(bea: User) -> None:
    address = reverse("account_signup")
    page = Client().get(address)
    assert "No sign-up here" in page.content.decode()
    Client().post(address, {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(username="eve").exists()


def test_sign_in_leads_back_to_the_page_that_was_asked_for_and_never_to_another_site(bea: User) -> None:
    there = Client().post(reverse("account_login"), {"login": "bea", "password": PASSWORD, "next": "/queue"})
    assert there["Location"] == "/queue"
    elsewhere = Client().post(
        reverse("account_login"), {"login": "bea", "password": PASSWORD, "next": "https://example.com/"}
    )
    assert elsewhere["Location"] == reverse("desk")


def test_signing_out_takes_a_post(bea: User) -> None:
    client = Client()
    client.force_login(bea)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("own_settings")).status_code == 302


def test_a_form_without_its_proof_changes_nothing(bea: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": "bea", "password": PASSWORD})
    assert answer.status_code == 403
    assert "out of date" in answer.content.decode()


def test_the_session_cookie_is_out_of_reach_of_scripts(bea: User) -> None:
    client = Client()
    sign_in(client, "bea", PASSWORD)
    cookie = client.cookies["raincheck_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
