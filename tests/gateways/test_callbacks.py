"""Card processors call back: twice, at the same instant, out of order, late, and others in their name."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.actions.run_timers import run_due
from raincheck.gateways.processor_events import deliver_next, signed
from raincheck.store.db import one, row, rows
from raincheck.store.processor_books import Callback
from raincheck.store.reads.audit import audit

SECRET = "whsec_ours"
NOW = datetime.now(UTC).replace(microsecond=0)


def stripe_event(kind: str, about: dict[str, Any], name: str = "evt_1") -> bytes:
    """What Stripe sends."""
    event = {"id": name, "type": kind, "created": int(NOW.timestamp()), "data": {"object": about}}
    return json.dumps(event).encode()


def post_stripe(body: bytes, *, at: float | None = None, secret: str = SECRET) -> int:
    """Sends an event as Stripe signs it; the status."""
    stamp = int(time.time() if at is None else at)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return _post("stripe", body, {"stripe-signature": f"t={stamp},v1={signature}"})


def _post(processor: str, body: bytes, headers: dict[str, str]) -> int:
    answer = Client().post(f"/processors/{processor}/events", body, content_type="application/json", headers=headers)
    return answer.status_code


@pytest.fixture
def stripe() -> Iterator[None]:
    """Stripe signs with our secret."""
    with override_settings(STRIPE_WEBHOOK_SECRET=SECRET):
        yield


def tasks() -> list[tuple[str, str]]:
    """What people have been handed."""
    return [(kind, text) for kind, text in rows("SELECT kind, text FROM task ORDER BY id")]


@pytest.mark.django_db
@pytest.mark.usefixtures("stripe")
def test_a_disputed_charge_becomes_one_task_however_often_it_is_called() -> None:
    dispute = {
        "id": "dp_1",
        "charge": "ch_1",
        "amount": 4000,
        "currency": "usd",
        "reason": "product_not_received",
        "status": "needs_response",
        "evidence_details": {"due_by": 1_773_000_000},
    }
    body = stripe_event("charge.dispute.created", dispute)
    assert [post_stripe(body), post_stripe(body)] == [204, 204]
    text = (
        "A charge of 40.00 USD is disputed (ch_1): answer at the processor. Reason: product not received by 2026-03-08."
    )
    assert tasks() == [("dispute", text)]


@pytest.mark.django_db
@pytest.mark.usefixtures("stripe")
def test_a_refund_that_bounces_becomes_a_task() -> None:
    bounced = {"id": "re_1", "amount": 1250, "currency": "usd", "failure_reason": "lost_or_stolen_card"}
    assert post_stripe(stripe_event("refund.failed", bounced)) == 204
    assert tasks() == [
        ("refund", "The card took no refund of 12.50 USD (re_1): pay it another way, in time. lost_or_stolen_card")
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("stripe")
@pytest.mark.parametrize("trick", ["another secret", "no signature", "an old call", "a changed body", "no text"])
def test_who_is_not_stripe_is_not_listened_to(trick: str) -> None:
    body = stripe_event("charge.dispute.created", {"id": "dp", "charge": "ch", "amount": 1, "currency": "usd"})
    if trick == "another secret":
        status = post_stripe(body, secret="whsec_theirs")
    elif trick == "no signature":
        status = _post("stripe", body, {})
    elif trick == "an old call":
        status = post_stripe(body, at=time.time() - 301)
    elif trick == "no text":
        status = post_stripe(b"\xff\xfe")
    else:
        stamp = int(time.time())
        signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        status = _post("stripe", body.replace(b"dp", b"dq"), {"stripe-signature": f"t={stamp},v1={signature}"})
    assert status == 400
    assert tasks() == []


@pytest.mark.django_db
def test_without_a_secret_nobody_is_stripe() -> None:
    body = stripe_event("charge.dispute.created", {"id": "dp", "charge": "ch", "amount": 1, "currency": "usd"})
    assert post_stripe(body, secret="") == 400


@pytest.mark.django_db
@pytest.mark.usefixtures("stripe")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"{", 400),
        (b'{"id": "evt", "type": "refund.failed", "created": "x", "data": {"object": {}}}', 400),
        (b'{"type": "refund.failed", "created": 1, "data": {"object": {}}}', 400),
        (b'{"id": "' + b"e" * 200 + b'", "type": "refund.failed", "created": 1, "data": {"object": {}}}', 400),
        (b'{"id": "evt", "type": "customer.created", "created": 1, "data": {"object": {}}}', 204),
        (b" " * 600_000, 413),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_is_not_ours_is_let_pass(body: bytes, status: int) -> None:
    assert post_stripe(body) == status
    assert one("SELECT count(*) FROM processor_event") == (0,)


@pytest.mark.django_db
def test_a_processor_that_nobody_knows_is_not_found_and_a_look_is_no_call() -> None:
    assert _post("acme", b"{}", {}) == 404
    assert Client().get("/processors/stripe/events").status_code == 405


@pytest.mark.django_db
def test_an_authorisation_that_ends_early_is_noticed_and_asked_for_again() -> None:
    """The shop was told seven days; the bank lets go after one. A new one is asked for before the parcel leaves."""
    yesterday = NOW - timedelta(days=1, minutes=5)
    open_shop(yesterday, handling_days=5)
    order("O1", 1, yesterday, card="tok_expires_early")
    assert holds() == ["approved"]
    while deliver_next():
        pass
    later = datetime.now(UTC) + timedelta(minutes=1)
    run_due(later)
    pay(later)
    assert row("SELECT ended_at IS NOT NULL FROM card_request ORDER BY id LIMIT 1") == (True,)
    assert holds() == ["approved", "approved"]
    assert [outcome for (outcome,) in rows("SELECT outcome FROM processor_event ORDER BY id")][:2] == [
        "known already",
        "the authorisation holds no more; a new one is asked for where something is still to be paid",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "held"), [("requested_by_customer", False), ("automatic", False), (None, True)])
@pytest.mark.usefixtures("stripe")
def test_an_authorisation_that_somebody_cancels_at_stripe_holds_no_more(reason: str | None, held: bool) -> None:
    """Ours, of a void, names no reason: its own answer says what became of it."""
    before = NOW - timedelta(minutes=5)
    open_shop(before, handling_days=5)
    order("O1", 1, before)
    (key,) = rows("SELECT key FROM card_request WHERE kind = 'authorise'")[0]
    about = {"id": "pi_1", "metadata": {"raincheck_key": key}, "cancellation_reason": reason, "currency": "usd"}
    assert post_stripe(stripe_event("payment_intent.canceled", about)) == 204
    assert row("SELECT expires_at > %s FROM card_request WHERE key = %s", [datetime.now(UTC), key]) == (held,)


@pytest.mark.django_db
@pytest.mark.usefixtures("stripe")
def test_what_left_before_anybody_knew_that_the_authorisation_had_ended_left_under_it() -> None:
    """The bank let go an hour ago and says so now: the parcel of half an hour ago is no fault of the books."""
    before = NOW - timedelta(minutes=30)
    open_shop(before, lamps=1)
    order("O1", 2, before)
    (key,) = rows("SELECT key FROM card_request WHERE kind = 'authorise'")[0]
    about = {"id": "ch_1", "payment_intent": "pi_1", "metadata": {"raincheck_key": key}}
    event = {"id": "evt_1", "type": "charge.expired", "created": int((NOW - timedelta(hours=1)).timestamp()),
             "data": {"object": about}}  # fmt: skip
    assert post_stripe(json.dumps(event).encode()) == 204
    later = datetime.now(UTC) + timedelta(minutes=1)
    run_due(later)
    assert row("SELECT ended_at IS NOT NULL FROM card_request WHERE key = %s", [key]) == (True,)
    assert audit() == []


def holds() -> list[str]:
    """How the authorisations stand."""
    return [state for (state,) in rows("SELECT state FROM card_request WHERE kind = 'authorise' ORDER BY id")]


@pytest.mark.django_db
def test_a_card_whose_callbacks_come_three_times_has_each_effect_once() -> None:
    yesterday = NOW - timedelta(days=1, minutes=5)
    open_shop(yesterday, handling_days=5)
    order("O1", 1, yesterday, card="tok_duplicate_callbacks")
    calls = 0
    while deliver_next():
        calls += 1
    assert calls == 6, "two events, three times each"
    assert one("SELECT count(*) FROM processor_event") == (2,)


@pytest.mark.django_db
def test_a_disputed_card_is_a_task_of_its_order_the_day_after() -> None:
    yesterday = NOW - timedelta(days=1, minutes=5)
    open_shop(yesterday)
    order("O1", 1, yesterday, card="tok_disputed")
    pay(yesterday)
    while deliver_next():
        pass
    found = rows("SELECT o.ref, t.kind FROM task t JOIN sales_order o ON o.id = t.order_id")
    assert found == [("O1", "dispute")]


@pytest.mark.django_db
def test_an_event_that_overtakes_the_answer_makes_us_ask_at_once() -> None:
    """The processor acted and the line broke: its call comes before our next attempt; nothing is entered twice."""
    open_shop(NOW - timedelta(hours=1))
    at = NOW - timedelta(minutes=30)
    order("O1", 1, at, card="tok_away_after")
    assert holds() == ["pending"]
    run_next = one("SELECT next_try_at FROM card_request WHERE kind = 'authorise'")[0]
    assert deliver_next()
    assert one("SELECT next_try_at FROM card_request WHERE kind = 'authorise'")[0] <= run_next
    assert one("SELECT outcome FROM processor_event") == ("the processor is asked at once",)
    pay(NOW)
    assert holds() == ["approved"]
    assert one("SELECT count(*) FROM payment WHERE kind = 'authorise'") == (1,)


@pytest.mark.django_db
def test_the_local_processor_signs_and_others_cannot() -> None:
    body = json.dumps({"id": "ev", "kind": "disputed", "at": NOW.isoformat(), "reference": "ch", "key": "",
                       "amount": "4.00", "currency": "USD"})  # fmt: skip
    callback = Callback("ev", body, NOW, 1)
    assert _post("local", body.encode(), signed(callback, datetime.now(UTC))) == 204
    assert _post("local", body.replace("4.00", "9.00").encode(), signed(callback, datetime.now(UTC))) == 400
    assert _post("local", body.encode(), signed(callback, datetime.now(UTC) - timedelta(minutes=6))) == 400
    assert _post("local", body.encode(), {"webhook-id": "ev", "webhook-signature": "v1"}) == 400
    assert [kind for kind, _ in tasks()] == ["dispute"]


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_database", "stripe")
def test_twenty_calls_of_one_event_at_one_instant_have_one_effect() -> None:
    dispute = {"id": "dp", "charge": "ch", "amount": 4000, "currency": "usd"}
    body, ready = stripe_event("charge.dispute.created", dispute), threading.Barrier(20)
    said: list[int] = []

    def call() -> None:
        ready.wait()
        said.append(post_stripe(body))
        connection.close()

    callers = [threading.Thread(target=call) for _ in range(20)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert said == [204] * 20
    assert one("SELECT count(*) FROM task") == (1,)
    assert one("SELECT count(*) FROM processor_event") == (1,)
