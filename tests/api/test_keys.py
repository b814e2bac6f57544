"""Who may call: keys, scopes, wrong guesses. No cookie opens anything."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.api.caller import ROOT, Caller, content, key_for

from raincheck.actions.api_keys import make_api_key, revoke_api_key
from raincheck.actions.permissions import PERMISSIONS, ROLE_PERMISSIONS, Role
from raincheck.api import keys
from raincheck.api.application import SCOPES
from raincheck.api.attempts import SECONDS_PER_TRY, TRIES, Attempts
from raincheck.api.openapi import operations
from raincheck.api.urls import api
from raincheck.core.errors import Malformed, NotFound
from raincheck.store.db import one
from raincheck.store.reads.api_key import api_keys

# An address and a body for each call, so that it gets as far as its business.
TRIED: dict[str, tuple[str, object]] = {
    "placeOrder": ("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]}),
    "explainOrder": ("/orders/O1/explain", None),
    "cancelOrder": ("/orders/O1/cancel", {}),
    "getOrder": ("/orders/O1", None),
    "changeOrder": ("/orders/O1", {"lines": [{"sku": "lamp", "quantity": 2}]}),
    "quote": ("/quotes", {"lines": [{"sku": "lamp", "quantity": 1}]}),
    "getAvailability": ("/products/lamp/availability", None),
    "listAvailability": ("/availability?sku=lamp", None),
    "listBackorders": ("/backorders", None),
    "postReceipt": ("/receipts", {"site": "east", "lines": [{"sku": "lamp", "quantity": 1}]}),
    "writePurchaseOrder": (
        "/purchase-orders",
        {"po": "P2", "supplier": "acme", "site": "east", "lines": [{"sku": "lamp", "quantity": 1}]},
    ),
    "answerOrder": ("/orders/O1/answer", {"choice": "wait"}),
    "rebalance": ("/rebalance?dry_run=true", {"segments": [{"when": {}, "strategy": "redistribute"}]}),
    "moveUnits": ("/moves?dry_run=true", {"from": "O1", "to": "O2", "sku": "lamp", "units": 1}),
    "revokeMoves": ("/moves/revoke", {"order": "O1"}),
    "shareShortage": ("/products/lamp/sharing?dry_run=true", {"how": "even"}),
    "endSharing": ("/products/lamp/sharing/end", {}),
    "confirmPurchaseOrder": ("/purchase-orders/P1/confirm", None),
    "giveFeedback": ("/orders/O1/feedback", {"score": 5}),
    "listFeedback": ("/feedback", None),
    "trackShipment": ("/shipments/1/tracking", {"carrier": "UPS", "tracking_number": "1Z1"}),
    "getMoney": ("/orders/O1/money", None),
    "giveCard": ("/orders/O1/card", {"card": "tok_visa"}),
    "getAddress": ("/orders/O1/address", None),
    "changeAddress": (
        "/orders/O1/address",
        {"name": "Ann", "street": "1 High Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"},
    ),
    "holdBasket": ("/holds", {"ref": "cart-1", "minutes": 5, "lines": [{"sku": "lamp", "quantity": 1}]}),
    "getHold": ("/holds/cart-1", None),
    "letGo": ("/holds/cart-1", None),
    "splitBasket": ("/baskets", {"lines": [{"sku": "lamp", "quantity": 1}]}),
    "offerSubstitute": ("/orders/O1/offers", {"sku": "lamp", "instead": "chair"}),
    "listOffers": ("/orders/O1/offers", None),
    "describeProduct": ("/products/lamp/schema.org", None),
    "describeProductInHtml": ("/products/lamp/schema.org/snippet", None),
    "listVariants": ("/products/lamp/variants", None),
    "listSubstitutes": ("/products/lamp/substitutes", None),
    "nameSubstitutes": ("/products/lamp/substitutes", {"named": ["chair"]}),
    "noteInterest": ("/products/lamp/interest", {"email": "ann@example.com"}),
    "countInterest": ("/products/lamp/interest", None),
    "compareSettlements": (
        "/money/settlements",
        {"file": "march.csv", "from": "2026-03-01", "until": "2026-03-31", "rows": []},
    ),
    "getMoneyFigures": ("/money", None),
    "listPrepaid": ("/money/prepaid", None),
    "listMoneyThatWaits": ("/money/waiting", None),
    "listLate": ("/money/late", None),
    "listFees": ("/money/fees", None),
    "listRefundsToPay": ("/money/refunds", None),
    "listDifferences": ("/money/differences", None),
    "listMessages": ("/orders/O1/messages", None),
    "listTasks": ("/tasks", None),
    "giveTask": ("/tasks", {"text": "Ring Ann"}),
    "handOnTask": ("/tasks/1", {"assignee": None}),
    "closeTask": ("/tasks/1/close", None),
    "postBounce": ("/messages/bounces", {"message_id": "<a@b>", "kind": "hard"}),
    "isAlive": ("/healthz", None),
    "isReady": ("/readyz", None),
    "explainProblem": ("/problems/refused", None),
    "readMetrics": ("/metrics", None),
}


def needed(name: str) -> tuple[str, ...]:
    """The scopes of which the call as it is tried here needs one. Changed lines and customers' words need their own."""
    return {"changeOrder": ("order.change",), "giveFeedback": ("feedback.take",)}.get(name, SCOPES[name])


def every_call() -> Iterator[tuple[str, str]]:
    """Operation and method of every call there is."""
    for _, method, operation in operations(api.get_openapi_schema()):
        yield operation["operationId"], method.upper()


def test_every_call_is_tried_here() -> None:
    assert {name for name, _ in every_call()} == set(TRIED)


def test_only_the_probes_and_the_list_of_problems_are_open() -> None:
    assert {name for name, _ in every_call()} - set(SCOPES) == {"isAlive", "isReady", "explainProblem", "readMetrics"}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "method"), list(every_call()))
def test_a_call_is_open_to_keys_with_its_scope_alone(company: None, name: str, method: str) -> None:
    path, body = TRIED[name]
    nobody = Caller(None).send(method, path, body)
    if name not in SCOPES:
        assert nobody.status_code == 200
        return
    assert (nobody.status_code, nobody["WWW-Authenticate"]) == (401, 'Bearer realm="Raincheck"')
    for scope in PERMISSIONS:
        status = key_for(scope).send(method, path, body).status_code
        assert (status != 403) == (scope in needed(name)), scope


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_a_role_as_scope_gives_what_the_role_gives(company: None, role: Role) -> None:
    caller = key_for(role.value)
    for name, method in every_call():
        status = caller.send(method, *TRIED[name]).status_code
        allowed = name not in SCOPES or ROLE_PERMISSIONS[role].intersection(needed(name))
        assert (status not in (401, 403)) == bool(allowed), name


def test_a_session_opens_nothing(company: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(f"{ROOT}/orders/O1").status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic cmNrXw==", "Bearer rck_nothing", "Bearer x", "rck_bare", "Bearer é"]
)
def test_what_is_no_key_is_refused(db: None, header: str) -> None:
    response = Caller(None).get("/backorders", Authorization=header)
    assert response.status_code == 401
    assert content(response)["type"] == "/api/v1/problems/no-key"


def test_the_scheme_may_be_written_in_any_case(company: None) -> None:
    key = key_for("queue.view").key
    assert Caller(None).get("/backorders", Authorization=f"bearer {key}").status_code == 200


def test_only_the_hash_of_a_key_is_stored(db: None) -> None:
    made = make_api_key("a shop", ["order.view"])
    (stored,) = one("SELECT string_agg(k::text, '') || (SELECT string_agg(f::text, '') FROM fact f) FROM api_key k")
    assert made.key not in stored
    assert made.prefix in stored


def test_a_revoked_key_is_refused_once_it_is_looked_up_again(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_api_key("a shop", ["queue.view"])
    caller = Caller(made.key)
    assert caller.get("/backorders").status_code == 200
    revoke_api_key(made.prefix)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + keys.REMEMBERED_SECONDS)
    assert caller.get("/backorders").status_code == 401


def test_a_known_key_costs_no_look_up(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = key_for("queue.view")
    caller.get("/backorders")
    monkeypatch.setattr(keys, "key_in_force", lambda _: pytest.fail("looked up"))
    assert caller.get("/backorders").status_code == 200


def test_the_day_of_the_last_use_is_noted(company: None) -> None:
    caller = key_for("queue.view")
    assert api_keys()[0].last_used_on is None
    caller.get("/backorders")
    assert api_keys()[0].last_used_on == datetime.now(UTC).date()


def test_wrong_keys_are_slowed_down_and_right_ones_are_not(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    right = key_for("queue.view")
    wrong = Caller("rck_wrong")
    statuses = [wrong.get("/backorders").status_code for _ in range(TRIES + 1)]
    assert statuses == [401] * TRIES + [429]
    slowed = wrong.get("/backorders")
    assert int(slowed["Retry-After"]) == SECONDS_PER_TRY
    assert right.get("/backorders").status_code == 200


def test_tries_come_back_with_time() -> None:
    attempts = Attempts()
    for _ in range(TRIES):
        assert attempts.wait_seconds("10.0.0.1", now=100.0) == 0
    assert attempts.wait_seconds("10.0.0.1", now=100.0) == SECONDS_PER_TRY
    assert attempts.wait_seconds("10.0.0.2", now=100.0) == 0
    assert attempts.wait_seconds("10.0.0.1", now=100.0 + SECONDS_PER_TRY) == 0


def test_an_address_behind_our_proxies_is_the_one_they_saw(rf: object, settings: object) -> None:
    settings.PROXIES = 1  # type: ignore[attr-defined]
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.1.1.1"}, REMOTE_ADDR="127.0.0.1")  # type: ignore[attr-defined]
    assert keys.address_of(request) == "10.1.1.1"
    settings.PROXIES = 0  # type: ignore[attr-defined]
    assert keys.address_of(request) == "127.0.0.1"


def test_a_misspelt_scope_is_refused_with_the_nearest(db: None) -> None:
    with pytest.raises(Malformed, match=r"did you mean 'order.place'"):
        make_api_key("a shop", ["order.plce"])


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
def test_a_key_needs_a_name(db: None, name: str) -> None:
    with pytest.raises(Malformed, match="needs a name"):
        make_api_key(name, ["order.view"])


def test_a_key_that_is_not_there_cannot_be_revoked(db: None) -> None:
    with pytest.raises(NotFound):
        revoke_api_key("rck_nothing")


@pytest.mark.parametrize("path", ["/backorders", "/nothing"])
def test_calls_in_the_clear_are_refused_where_https_is_required(db: None, settings: object, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    response = Caller(None).get(path)
    assert (response.status_code, content(response)["type"]) == (403, "/api/v1/problems/https-needed")
    assert Caller(None).get("/healthz").status_code == 200
