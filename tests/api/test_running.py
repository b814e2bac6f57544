"""What those ask who keep the server running: is it alive, is it ready, how is it doing."""

import pytest
from django.test import Client
from tests.api.caller import Caller, content, found_company, key_for

from raincheck.api import health
from raincheck.core.settings import Settings
from raincheck.store.db import run


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/healthz"])
def test_a_living_process_says_so_without_the_database(path: str) -> None:
    response = Client().get(path, headers={"Host": "10.1.2.3"})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/readyz", "/api/v1/readyz"])
def test_a_migrated_database_is_ready(db: None, path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response.json()["checks"]["migrations"]) == (200, "ok")


def test_a_worker_that_is_missing_or_behind_is_seen(db: None) -> None:
    assert Client().get("/readyz").json()["checks"]["worker"] == "absent"
    run(
        """INSERT INTO heartbeat (worker, started_at, seen_at, timers_run, notices_carried)
           VALUES ('w1', now(), clock_timestamp(), 0, 0)"""
    )
    assert Client().get("/readyz").json()["checks"]["worker"] == "ok"
    assert "raincheck_workers 1.0" in Client().get("/metrics").content.decode()
    run("INSERT INTO timer (due_at, kind, subject_id) VALUES (now() - interval '3 minutes', 60, 0)")
    assert Client().get("/readyz").json()["checks"]["worker"] == "late"
    assert "raincheck_timers_overdue 1.0" in Client().get("/metrics").content.decode()


def test_a_database_that_lacks_a_migration_is_not_ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health._Migrated, "seen", False)
    run("DELETE FROM django_migrations WHERE app = 'store'")
    response = Client().get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "raincheck migrate" in response.json()["detail"]


def test_metrics_count_calls_by_route_and_what_waits(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 7}]})
    shop.get("/orders/O1")
    text = Client().get("/metrics").content.decode()
    assert 'raincheck_api_calls_total{method="GET",route="api/v1/orders/<path:ref>",status="200"}' in text
    assert "raincheck_queue_claims 1.0" in text
    assert "raincheck_queue_units 2.0" in text
    assert "O1" not in text


def test_metrics_are_for_this_machine_or_a_key(db: None) -> None:
    found_company(Settings())
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert elsewhere.get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 401
    for scope, status in (("metrics.view", 200), ("order.view", 403)):
        headers = {"Authorization": f"Bearer {key_for(scope).key}"}
        assert elsewhere.get("/metrics", headers=headers).status_code == status


def test_every_kind_of_problem_is_explained_at_its_type() -> None:
    from raincheck.api.problems import KINDS

    for kind in KINDS.values():
        explained = Client().get(kind.type).json()
        assert (explained["title"], explained["status"]) == (kind.title, kind.status)
    assert Client().get("/api/v1/problems/nothing").status_code == 404


def test_answers_are_not_kept_by_anybody_on_the_way(shop: Caller) -> None:
    response = shop.get("/backorders")
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert not response.cookies


def test_what_nobody_foresaw_is_a_problem_and_goes_to_the_log(
    shop: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from raincheck.api import queue

    def break_(*_: object) -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(queue, "queue_rows", break_)
    response = shop.get("/backorders")
    assert (response.status_code, content(response)["type"]) == (500, "/api/v1/problems/broken")
    assert b"secret" not in response.content
    assert "GET /api/v1/backorders failed" in caplog.text
    assert str(shop.key) not in caplog.text
