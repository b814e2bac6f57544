"""One effect for one call: Idempotency-Key, also at the same instant, also when the server dies in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.api.caller import Caller, content, key_for

from raincheck.store.access import forget_replies
from raincheck.store.db import one, run
from raincheck.store.reads.audit import audit

RECEIPT = {"site": "east", "lines": [{"sku": "lamp", "quantity": 4}]}


def on_hand(shop: Caller) -> int:
    return int(content(shop.get("/products/lamp/availability"))["on_hand"])


def test_a_repeated_call_gets_the_stored_answer_and_has_no_second_effect(shop: Caller) -> None:
    first = shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    again = shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert on_hand(shop) == 9


def test_the_order_of_fields_and_spaces_do_not_make_another_call(shop: Caller) -> None:
    shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    same = b'{ "lines": [{"quantity": 4, "sku": "lamp"}],\n "site": "east" }'
    assert shop.post("/receipts", same, Idempotency_Key="k1").status_code == 201
    assert on_hand(shop) == 9


def test_the_same_key_with_other_content_is_refused(shop: Caller) -> None:
    shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    for path, body in (
        ("/receipts", {"site": "east", "lines": [{"sku": "lamp", "quantity": 5}]}),
        ("/quotes", {"lines": [{"sku": "lamp", "quantity": 4}]}),
    ):
        other = shop.post(path, body, Idempotency_Key="k1")
        assert (other.status_code, content(other)["type"]) == (422, "/api/v1/problems/key-reused")
    assert on_hand(shop) == 9


def test_two_clients_may_use_the_same_name(shop: Caller) -> None:
    shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    assert "Idempotent-Replayed" not in key_for("receiving.post").post("/receipts", RECEIPT, Idempotency_Key="k1")
    assert on_hand(shop) == 13


def test_what_was_refused_is_asked_again(shop: Caller) -> None:
    refused = shop.post("/orders/O1/cancel", Idempotency_Key="k1")
    assert refused.status_code == 404
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]})
    assert shop.post("/orders/O1/cancel", Idempotency_Key="k1").status_code == 200


def test_a_replayed_order_says_where_it_is(shop: Caller) -> None:
    order = {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]}
    for _ in range(2):
        response = shop.post("/orders", order, Idempotency_Key="k1")
        assert (response.status_code, response["Location"]) == (201, "/api/v1/orders/O1")


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é", "a\tb"])
def test_a_name_that_cannot_be_kept_is_refused(shop: Caller, key: str) -> None:
    response = shop.post("/receipts", RECEIPT, Idempotency_Key=key)
    assert response.status_code == 422
    assert content(response)["errors"][0]["parameter"] == "Idempotency-Key"


def test_an_effect_whose_answer_is_lost_is_lost_with_it(shop: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from raincheck.store import access

    def die(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(access, "finish_reply", die)
        assert shop.post("/receipts", RECEIPT, Idempotency_Key="k1").status_code == 500
    assert on_hand(shop) == 5
    assert shop.post("/receipts", RECEIPT, Idempotency_Key="k1").status_code == 201
    assert on_hand(shop) == 9


def test_answers_of_last_week_are_forgotten_by_the_first_call_of_a_day(shop: Caller) -> None:
    shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    run("UPDATE idempotent_reply SET created_at = %s", [datetime.now(UTC) - timedelta(days=8)])
    run("UPDATE api_key SET last_used_on = last_used_on - 1")
    from raincheck.api import keys

    keys.keys.forget()
    shop.get("/products/lamp/availability")
    assert one("SELECT count(*) FROM idempotent_reply") == (0,)


def test_an_answer_of_yesterday_is_kept(shop: Caller) -> None:
    shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
    (key,) = one("SELECT api_key_id FROM idempotent_reply")
    assert forget_replies(key, datetime.now(UTC) - timedelta(days=1)) == 0


def at_once(callers: int, call: "object") -> list[object]:
    """The same call from many threads, each on a database session of its own."""

    def alone(number: int) -> object:
        try:
            return call(number)  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, range(callers)))


@pytest.mark.slow
def test_the_same_call_at_the_same_instant_has_one_effect(busy_shop: Caller) -> None:
    def post(_: int) -> tuple[int, bytes]:
        response = busy_shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
        return response.status_code, response.content

    answers = at_once(16, post)
    assert len(set(answers)) == 1
    assert answers[0][0] == 201  # type: ignore[index]
    assert on_hand(busy_shop) == 9


@pytest.mark.slow
def test_the_same_order_at_the_same_instant_is_placed_once(busy_shop: Caller) -> None:
    def place(_: int) -> int:
        response = busy_shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 2}]})
        return response.status_code

    statuses = at_once(16, place)
    assert sorted(statuses) == [200] * 15 + [201]  # type: ignore[type-var]
    assert content(busy_shop.get("/products/lamp/availability"))["reserved"] == 2


@pytest.mark.slow
def test_a_hundred_claims_on_ten_units_give_ten_and_ninety_backorders(busy_shop: Caller) -> None:
    busy_shop.post("/receipts", {"site": "east", "lines": [{"sku": "lamp", "quantity": 5}]})

    def place(number: int) -> tuple[int, int]:
        response = busy_shop.post("/orders", {"ref": f"O{number}", "lines": [{"sku": "lamp", "quantity": 1}]})
        (line,) = content(response)["lines"]
        assert response.status_code == 201
        return line["reserved"], line["backordered"]

    outcomes = at_once(100, place)
    assert sorted(outcomes) == [(0, 1)] * 90 + [(1, 0)] * 10  # type: ignore[type-var]
    assert audit() == []


def test_a_call_that_is_still_at_work_elsewhere_is_told_so(busy_shop: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from raincheck.actions import answer_once

    monkeypatch.setattr(answer_once, "WAIT_MS", 50)

    def from_another_session() -> tuple[int, str]:
        try:
            response = busy_shop.post("/receipts", RECEIPT, Idempotency_Key="k1")
            return response.status_code, response["Retry-After"]
        finally:
            connection.close()

    from django.db import transaction

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        run(
            """INSERT INTO idempotent_reply (api_key_id, key, request_hash, created_at)
               SELECT id, 'k1', '', now() FROM api_key"""
        )
        assert pool.submit(from_another_session).result() == (409, "5")
        transaction.set_rollback(True)
    assert on_hand(busy_shop) == 5
