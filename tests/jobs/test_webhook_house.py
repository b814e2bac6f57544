"""What a worker does for webhooks beside telling: secrets stay sealed, deliveries of long ago are forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings as DjangoSettings
from standardwebhooks.webhooks import Webhook
from tests.jobs.receiver import Receiver
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.actions.catalogue import save_settings
from raincheck.actions.webhooks import add_endpoint, forget_old_deliveries, rotate_secret, seal_secrets_anew, send_test
from raincheck.core.settings import Settings
from raincheck.gateways.mail import Mailbox
from raincheck.jobs.webhooks import deliver_all, keep_house
from raincheck.notices.outbox import drain
from raincheck.store.company import read_settings
from raincheck.store.db import one, rows, run
from raincheck.store.sealed import NotOpened, opened, sealed

pytestmark = pytest.mark.django_db


def test_a_secret_stands_nowhere_in_the_database_and_is_sealed_differently_each_time() -> None:
    endpoint = add_endpoint("https://shop.example/hook", ["*"])
    former = rotate_secret(endpoint.id)
    kept = one("SELECT secret, old_secret, (SELECT string_agg(detail::text, '') FROM fact) FROM webhook_endpoint")
    for secret in (endpoint.secret, former.secret):
        assert secret.removeprefix("whsec_") not in " ".join(map(str, kept))
    assert opened(kept[0]) == former.secret
    assert opened(kept[1]) == endpoint.secret
    assert sealed("x") != sealed("x")


def test_a_changed_key_opens_what_the_former_sealed_and_seals_it_anew(
    receiver: Receiver, settings: DjangoSettings
) -> None:
    open_shop()
    settings.SECRET_KEY = "the first key of this installation"
    endpoint = add_endpoint(receiver.url, ["*"])
    former = rotate_secret(endpoint.id)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", ["the first key of this installation"]
    assert seal_secrets_anew() == (2, [])
    assert seal_secrets_anew() == (0, [])
    settings.SECRET_KEY_FALLBACKS = []
    send_test(endpoint.id)
    assert deliver_all(endpoint.id) == 1
    for secret in (endpoint.secret, former.secret):
        Webhook(secret).verify(receiver.calls[0].body, receiver.calls[0].headers)


def test_without_the_former_key_nothing_is_sent_unsigned_and_the_page_says_what_to_do(
    receiver: Receiver, settings: DjangoSettings, caplog: pytest.LogCaptureFixture
) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"])
    settings.SECRET_KEY = "another key, and the former one is lost"
    keep_house()
    assert f"webhook endpoint {endpoint.id}: its secret was sealed with a key" in caplog.text
    send_test(endpoint.id)
    assert deliver_all(endpoint.id) == 0
    assert receiver.calls == []
    assert "make a new secret" in one("SELECT failure FROM webhook_delivery")[0]
    anew = rotate_secret(endpoint.id)
    run("UPDATE webhook_endpoint SET rests_until = NULL")
    run("UPDATE webhook_delivery SET try_again_at = NULL")
    assert deliver_all(endpoint.id) == 1
    Webhook(anew.secret).verify(receiver.calls[0].body, receiver.calls[0].headers)


def test_what_is_no_seal_opens_nothing() -> None:
    for text in ("", "whsec_plain", "é", sealed("x")[:-2]):
        with pytest.raises(NotOpened):
            opened(text)


def test_deliveries_of_long_ago_are_forgotten_and_what_customers_were_told_is_not(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    order_lamps(["O2"], at=OPENED_AT + timedelta(days=1))
    told = rows("SELECT id, body FROM notice ORDER BY id")
    assert forget_old_deliveries(OPENED_AT + timedelta(days=30)) == 0
    assert forget_old_deliveries(OPENED_AT + timedelta(days=30, seconds=1)) == 2
    assert forget_old_deliveries(OPENED_AT + timedelta(days=300)) == 0, "what is queued goes first, however old"
    assert rows("SELECT DISTINCT state FROM webhook_delivery") == [("queued",)]
    assert rows("SELECT id, body FROM notice ORDER BY id") == told


def test_a_company_may_keep_them_for_ever(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    save_settings(replace(read_settings(), webhook_days=None), at=OPENED_AT)
    assert forget_old_deliveries(OPENED_AT + timedelta(days=3000)) == 0
    assert Settings().webhook_days == 30
