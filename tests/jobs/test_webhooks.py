"""Webhooks: other programs hear of what happened, signed, in order, at least once, and never at our expense."""

import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from pytest_django.fixtures import Settings as DjangoSettings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.jobs.receiver import Receiver, receiving
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.actions.deliver_webhook import LONGEST_REST, RETRY_SECONDS, SWITCHED_OFF_AFTER
from raincheck.actions.webhooks import (
    add_endpoint,
    change_endpoint,
    deliver_again,
    remove_endpoint,
    rotate_secret,
    send_test,
    switch_endpoint,
)
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.gateways.webhook import CONNECT_SECONDS, Forbidden, NotReached, post
from raincheck.jobs.webhooks import deliver_all
from raincheck.store.db import one, rows, run
from raincheck.store.webhooks import queue_webhook

pytestmark = pytest.mark.django_db

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture(autouse=True)
def _loopback(settings: DjangoSettings) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK


def test_an_order_is_told_with_what_happened_and_how_it_stands(receiver: Receiver) -> None:
    open_shop(lamps=1)
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1"], units=3)
    assert deliver_all(endpoint.id, OPENED_AT) == 2
    assert receiver.types == ["order.order_confirmed", "order.backordered"]
    event = receiver.calls[0].event
    assert event["timestamp"] == "2026-03-02T09:00:00Z"
    assert event["data"]["order"]["ref"] == "O1"
    (line,) = event["data"]["order"]["lines"]
    assert (line["sku"], line["ordered"], line["reserved"], line["backordered"]) == ("lamp", 3, 1, 2)
    assert event["data"]["lines"][0]["sku"] == "lamp"
    assert receiver.calls[0].path == "/hooks?shop=1"


def test_money_and_instants_are_written_as_the_api_writes_them(receiver: Receiver) -> None:
    open_shop(lamps=1)
    endpoint = add_endpoint(receiver.url, ["order.order_confirmed"], at=OPENED_AT)
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    data = receiver.calls[0].event["data"]
    assert data["order"]["placed_at"] == "2026-03-02T09:00:00Z"
    assert data["order"]["lines"][0]["unit_price"] == "40.00"
    assert data["lines"][0]["unit_price"] == "40.00"


def test_only_events_that_were_chosen_are_told(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["order.backordered"], at=OPENED_AT)
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    assert receiver.types == ["order.backordered"]


def test_without_endpoints_nothing_is_queued() -> None:
    open_shop()
    order_lamps(["O1"])
    assert rows("SELECT 1 FROM webhook_delivery") == []


def test_a_delivery_is_signed_as_standard_webhooks_says(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"])
    send_test(endpoint.id)
    deliver_all(endpoint.id)
    (call,) = receiver.calls
    assert Webhook(endpoint.secret).verify(call.body, call.headers)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(call.body.replace("test", "best"), call.headers)


def test_while_a_secret_is_changed_both_are_good(receiver: Receiver) -> None:
    open_shop()
    old = add_endpoint(receiver.url, ["*"])
    new = rotate_secret(old.id)
    send_test(old.id)
    deliver_all(old.id)
    for secret in (old.secret, new.secret):
        Webhook(secret).verify(receiver.calls[0].body, receiver.calls[0].headers)
    run("UPDATE webhook_endpoint SET old_secret_until = now() - interval '1 s'")
    send_test(old.id)
    deliver_all(old.id)
    Webhook(new.secret).verify(receiver.calls[1].body, receiver.calls[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.secret).verify(receiver.calls[1].body, receiver.calls[1].headers)


def test_what_is_not_taken_comes_again_the_same_under_the_same_name(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["order.order_confirmed"], at=OPENED_AT)
    order_lamps(["O1"])
    receiver.statuses = [500]
    assert deliver_all(endpoint.id, OPENED_AT) == 0
    assert one("SELECT state, status, failure FROM webhook_delivery") == ("queued", 500, "it answered 500")
    run("UPDATE order_line SET reason = 'held'")
    assert deliver_all(endpoint.id, OPENED_AT + timedelta(seconds=5)) == 1
    first, second = receiver.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_events_of_an_order_keep_their_order_and_other_orders_go_on(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1", "O2"])
    receiver.statuses = [500]
    deliver_all(endpoint.id, OPENED_AT)
    assert [call.event["data"]["order"]["ref"] for call in receiver.calls] == ["O1"], "it rests after a failure"
    deliver_all(endpoint.id, OPENED_AT + timedelta(seconds=5))
    told = [(call.event["data"]["order"]["ref"], call.event["type"]) for call in receiver.calls[1:]]
    assert [event for ref, event in told if ref == "O1"] == ["order.order_confirmed", "order.backordered"]
    assert len(told) == 4


def test_a_dead_endpoint_holds_up_no_other(receiver: Receiver) -> None:
    open_shop()
    with receiving(503) as dead:
        one_, other = add_endpoint(dead.url, ["*"], at=OPENED_AT), add_endpoint(receiver.url, ["*"], at=OPENED_AT)
        order_lamps([f"O{number}" for number in range(5)])
        assert deliver_all(one_.id, OPENED_AT) == 0
        assert deliver_all(other.id, OPENED_AT) == 10
        assert len(dead.calls) == 1


def test_an_endpoint_that_is_back_is_told_at_once_what_it_missed(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1", "O2", "O3"])
    receiver.status = 503
    at = OPENED_AT
    for _ in range(6):
        deliver_all(endpoint.id, at)
        at += LONGEST_REST
    receiver.status = 200
    receiver.calls.clear()
    assert deliver_all(endpoint.id, at + timedelta(hours=2)) == 6


def test_what_is_never_taken_is_given_up_and_those_behind_it_go_on(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    order_lamps(["O1"])
    at = OPENED_AT
    for seconds in RETRY_SECONDS:
        receiver.statuses = [422]
        deliver_all(endpoint.id, at)
        at += timedelta(seconds=max(seconds, 300))
    receiver.statuses = [422]
    deliver_all(endpoint.id, at)
    assert deliver_all(endpoint.id, at + LONGEST_REST) == 1
    assert rows("SELECT event, state FROM webhook_delivery ORDER BY id") == [
        ("order.order_confirmed", "failed"),
        ("order.backordered", "delivered"),
    ]


def test_after_days_without_success_it_is_switched_off_and_a_person_asked(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    receiver.status = 500
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    deliver_all(endpoint.id, OPENED_AT + SWITCHED_OFF_AFTER)
    assert one("SELECT is_active FROM webhook_endpoint") == (False,)
    assert "switched off" in one("SELECT text FROM task")[0]
    receiver.status = 200
    order_lamps(["O2"])
    assert deliver_all(endpoint.id, OPENED_AT + SWITCHED_OFF_AFTER) == 0
    switch_endpoint(endpoint.id, on=True)
    assert deliver_all(endpoint.id, OPENED_AT + SWITCHED_OFF_AFTER * 2) == 2, (
        "what it had missed goes, what came while off is not queued"
    )


def test_one_that_says_it_is_gone_is_switched_off_at_once(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
    receiver.status = 410
    order_lamps(["O1"])
    deliver_all(endpoint.id, OPENED_AT)
    assert one("SELECT is_active, switched_off_why FROM webhook_endpoint") == (False, "it says that it is gone")


def test_a_name_with_many_addresses_that_do_not_answer_takes_no_longer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def no_answer(address: object, _timeout: float) -> None:
        tried.append(address)
        time.sleep(0.1)
        raise TimeoutError

    found = [(0, 0, 0, "", (f"127.0.0.{number}", 80)) for number in range(1, 60)]
    monkeypatch.setattr("raincheck.gateways.webhook.socket.getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr("raincheck.gateways.webhook.socket.create_connection", no_answer)
    monkeypatch.setattr("raincheck.gateways.webhook.WHOLE_SECONDS", 0.3)
    with pytest.raises(NotReached, match="in time"):
        post(receiver.url, b"{}", {})
    assert len(tried) < 10


def test_a_redirect_is_no_yes_and_is_not_followed(receiver: Receiver) -> None:
    open_shop()
    with receiving() as elsewhere:
        receiver.status, receiver.location = 302, elsewhere.url
        endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT)
        order_lamps(["O1"])
        assert deliver_all(endpoint.id, OPENED_AT) == 0
        assert elsewhere.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://0.0.0.0/x",
        "http://93.184.216.34/x",
        "ftp://shop.example/x",
        "https://user:password@shop.example/x",
        "https://shop.example:99999/x",
        "https:///x",
        "https://shop.example/\r\nX-Own: 1",
    ],
)
def test_our_own_network_and_what_is_no_address_are_never_called(url: str, settings: DjangoSettings) -> None:
    settings.WEBHOOK_NETWORKS = ()
    with pytest.raises((Forbidden, NotReached)):
        post(url, b"{}", {})


def test_a_talkative_answer_is_cut_off(receiver: Receiver) -> None:
    receiver.answer = b"x" * 1_000_000
    assert len(post(receiver.url, b"{}", {}).text) == 500


def test_nobody_listens_is_an_answer_too() -> None:
    with receiving() as gone:
        url = gone.url
    with pytest.raises(NotReached):
        post(url, b"{}", {})


def test_a_delivery_goes_again_when_a_person_says_so(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"])
    send_test(endpoint.id)
    deliver_all(endpoint.id)
    (delivery,) = one("SELECT id FROM webhook_delivery")
    deliver_again(delivery)
    with pytest.raises(Refused):
        deliver_again(delivery)
    deliver_all(endpoint.id)
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    assert len(receiver.calls) == 2


def test_part_of_the_business_queues_events_of_its_own_in_its_transaction(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["product.availability"])
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    queue_webhook("product.availability", "product:lamp", {"sku": "lamp", "on": at.date()}, at, None)
    deliver_all(endpoint.id)
    assert receiver.calls[0].event == {
        "type": "product.availability",
        "timestamp": "2026-03-02T09:00:00Z",
        "data": {"sku": "lamp", "on": "2026-03-02"},
    }


def test_an_endpoint_is_changed_and_removed(receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint("https://old.example/x", ["*"])
    change_endpoint(endpoint.id, receiver.url, ["order.backordered"])
    order_lamps(["O1"])
    assert deliver_all(endpoint.id) == 1
    remove_endpoint(endpoint.id)
    with pytest.raises(NotFound):
        send_test(endpoint.id)
    assert one("SELECT secret FROM webhook_endpoint") == ("",)


@pytest.mark.slow
def test_an_answer_may_take_as_long_as_is_promised(receiver: Receiver) -> None:
    receiver.hangs = threading.Event()
    threading.Timer(CONNECT_SECONDS + 0.5, receiver.hangs.set).start()
    assert post(receiver.url, b"{}", {"Content-Length": "2"}).is_yes


def test_an_event_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(Malformed, match=r"did you mean 'order\.shipped'"):
        add_endpoint("https://shop.example/x", ["order.shiped"])
    with pytest.raises(Malformed, match="at least one"):
        add_endpoint("https://shop.example/x", [])
