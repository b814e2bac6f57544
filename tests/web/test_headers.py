"""What every answer says about what a browser may do with it."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["account_login", "account_signup", "desk"])
def test_nothing_inline_and_nothing_from_elsewhere_runs(address: str) -> None:
    policy = Client().get(reverse(address))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_pages_cannot_be_framed_sniffed_or_traced() -> None:
    answer = Client().get(reverse("account_login"))
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_page_that_does_not_exist_is_told_plainly() -> None:
    answer = Client().get("/no/such/page")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


@pytest.mark.django_db
def test_when_the_database_is_away_the_answer_says_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("raincheck.web.views.search.find", away)
    monkeypatch.setattr("raincheck.web.access.zone_of", away)
    client = Client(raise_request_exception=False)
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_superuser("ada"))
    answer = client.get(reverse("search"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "saved whole or not at all" in answer.content.decode()
