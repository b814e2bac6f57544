"""Webhooks in the console: an endpoint is added, its secret shown once, what it was told can be told again."""

import re
from ipaddress import ip_network

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django.fixtures import Settings as DjangoSettings

from raincheck.actions.permissions import Role
from raincheck.actions.sync_roles import sync_roles
from raincheck.store.db import one, rows
from raincheck.store.sealed import opened

pytestmark = pytest.mark.django_db

HOOK = "https://shop.example/hooks"


@pytest.fixture
def admin() -> Client:
    """Somebody who may."""
    sync_roles()
    person = User.objects.create_user("ada", password="a-Rather-long-one")
    person.groups.add(Group.objects.get(name=Role.ADMIN.value))
    client = Client()
    client.force_login(person)
    return client


def add(admin: Client, url: str = HOOK, events: tuple[str, ...] = ("*",)) -> str:
    return admin.post("/settings/webhooks", {"url": url, "events": events, "note": "web shop"}).content.decode()


def test_the_secret_of_a_new_endpoint_is_shown_once(admin: Client) -> None:
    page = add(admin)
    (kept,) = one("SELECT secret FROM webhook_endpoint")
    secret = opened(kept)
    assert secret.startswith("whsec_")
    assert kept not in page
    assert secret.replace("+", "&#x2B;") in page or secret in page
    assert "whsec_" not in admin.get("/settings/webhooks").content.decode()
    (endpoint,) = one("SELECT id FROM webhook_endpoint")
    assert "whsec_" not in admin.get(f"/settings/webhooks/{endpoint}").content.decode()


@pytest.mark.parametrize(
    ("url", "events"),
    [
        ("ftp://shop.example", ("*",)),
        ("https://a:b@shop.example", ("*",)),
        ("http://shop.example/hooks", ("*",)),
        ("https://10.0.0.1/hooks", ("*",)),
        ("https://[::1]/hooks", ("*",)),
        ("https://169.254.169.254/latest", ("*",)),
        (HOOK, ()),
        (HOOK, ("order.eaten",)),
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused_beside_its_field(
    admin: Client, url: str, events: tuple[str, ...]
) -> None:
    answer = admin.post("/settings/webhooks", {"url": url, "events": events})
    assert answer.status_code == 422
    assert rows("SELECT 1 FROM webhook_endpoint") == []


def test_a_receiver_in_a_network_of_ones_own_is_taken(admin: Client, settings: DjangoSettings) -> None:
    settings.WEBHOOK_NETWORKS = (ip_network("10.0.0.0/8"),)
    add(admin, "http://10.0.0.1/hooks")
    add(admin, "http://erp.internal/hooks")
    assert len(rows("SELECT 1 FROM webhook_endpoint")) == 2
    assert admin.post("/settings/webhooks", {"url": "http://93.184.215.14/hooks", "events": ["*"]}).status_code == 422


def test_the_desk_says_which_endpoint_was_tested(admin: Client) -> None:
    add(admin)
    (endpoint,) = one("SELECT id FROM webhook_endpoint")
    admin.post(f"/do/test-webhook/{endpoint}")
    assert "Webhook tested: shop.example" in admin.get("/").content.decode()


def test_everything_is_everything_whatever_else_is_ticked(admin: Client) -> None:
    add(admin, events=("*", "order.shipped"))
    assert one("SELECT events::text FROM webhook_endpoint") == ('["*"]',)


def test_a_test_is_queued_and_shown_and_an_endpoint_changed_and_removed(admin: Client) -> None:
    add(admin)
    (endpoint,) = one("SELECT id FROM webhook_endpoint")
    admin.post(f"/do/test-webhook/{endpoint}")
    page = admin.get(f"/settings/webhooks/{endpoint}").content.decode()
    assert re.search(r"webhook\.test.*Waiting", page, re.DOTALL)
    part = admin.get(f"/settings/webhooks/{endpoint}", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<section")
    admin.post(f"/settings/webhooks/{endpoint}", {"url": f"{HOOK}/2", "events": ["order.shipped"], "note": ""})
    assert one("SELECT url, events::text FROM webhook_endpoint") == (f"{HOOK}/2", '["order.shipped"]')
    admin.post(f"/do/switch-webhook/{endpoint}", {"on": "0"})
    assert one("SELECT is_active FROM webhook_endpoint") == (False,)
    admin.post(f"/do/remove-webhook/{endpoint}")
    assert admin.get(f"/settings/webhooks/{endpoint}").status_code == 404
    assert one("SELECT secret FROM webhook_endpoint") == ("",)


def test_a_new_secret_is_shown_once(admin: Client) -> None:
    add(admin)
    (endpoint, before) = one("SELECT id, secret FROM webhook_endpoint")
    page = admin.post(f"/settings/webhooks/{endpoint}", {"do": "rotate"}).content.decode()
    assert "Copy this secret now" in page
    assert one("SELECT old_secret, secret <> old_secret FROM webhook_endpoint") == (before, True)


def test_a_delivery_is_told_again(admin: Client) -> None:
    add(admin)
    (endpoint,) = one("SELECT id FROM webhook_endpoint")
    admin.post(f"/do/test-webhook/{endpoint}")
    (delivery,) = one("UPDATE webhook_delivery SET state = 'failed', attempts = 9 RETURNING id")
    admin.post(f"/do/webhook-again/{delivery}")
    assert one("SELECT state, attempts FROM webhook_delivery") == ("queued", 0)
    assert admin.post("/do/webhook-again/999").status_code == 404
