"""The database goes away, in between and in the middle: 503, the order whole or not at all, and calls go on after."""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
import pytest
from django.db import connection, transaction
from tests.api.caller import Caller
from tests.serving import serving

from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.slow
ORDER = {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 3}]}
Call = Callable[[str, str, Any], tuple[int, dict[str, str], Any]]


@pytest.fixture
def call(busy_shop: Caller, fresh_database: str) -> Iterator[Call]:
    """Calls a real server: method, path, body -> status, headers, content."""
    with serving(fresh_database) as address:

        def call(method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
            headers = {"Authorization": f"Bearer {busy_shop.key}", "Content-Type": "application/json"}
            data = None if body is None else orjson.dumps(body)
            request = urllib.request.Request(f"{address}/api/v1{path}", data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=300) as response:
                    return response.status, dict(response.headers), orjson.loads(response.read())
            except urllib.error.HTTPError as error:
                return error.code, dict(error.headers), orjson.loads(error.read())

        yield call


def end_other_sessions() -> None:
    """What a restart of the database does to the sessions of a server."""
    rows(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )


def others_are_there() -> bool:
    """Whether any session but ours is left."""
    (count,) = one(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return bool(count)


def is_somebody_waiting() -> bool:
    """Whether a session of the server waits for a lock."""
    rows("SELECT pg_stat_clear_snapshot()")
    (count,) = one(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(count)


@contextmanager
def lamp_locked() -> Iterator[None]:
    """Somebody else works on lamps."""
    with transaction.atomic():
        rows("SELECT id FROM product WHERE sku = 'lamp' FOR UPDATE")
        yield


def test_a_database_that_came_back_in_between_is_not_noticed(call: Call) -> None:
    for _ in range(12):
        assert call("GET", "/products/lamp/availability", None)[0] == 200
    end_other_sessions()
    for _ in range(12):
        assert call("GET", "/products/lamp/availability", None)[0] == 200
    end_other_sessions()
    while others_are_there():
        pass
    assert call("POST", "/orders", ORDER)[0] == 201


def test_a_session_that_ends_in_the_middle_of_an_order_leaves_nothing_of_it(call: Call) -> None:
    answers: list[tuple[int, dict[str, str], Any]] = []
    with lamp_locked():
        waiting = threading.Thread(target=lambda: answers.append(call("POST", "/orders", ORDER)))
        waiting.start()
        while not is_somebody_waiting():
            assert waiting.is_alive()
        end_other_sessions()
        waiting.join()
    ((status, headers, problem),) = answers
    assert (status, problem["type"]) == (503, "/api/v1/problems/unavailable")
    assert int(headers["retry-after"]) > 0
    assert one("SELECT count(*) FROM sales_order") == (0,)
    assert call("POST", "/orders", ORDER)[0] == 201
    assert call("GET", "/orders/O1", None)[2]["lines"][0]["reserved"] == 3
    assert audit() == []


def test_a_database_that_lets_nobody_in_is_answered_with_503_until_it_does(call: Call, fresh_database: str) -> None:
    assert call("GET", "/orders/O1", None)[0] == 404
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "dbname": "postgres", "autocommit": True}) as admin:
        admin.execute(f'ALTER DATABASE "{fresh_database}" CONNECTION LIMIT 0'.encode())
        try:
            end_other_sessions()
            assert call("GET", "/healthz", None)[0] == 200
            is_refused = call("GET", "/readyz", None)[0] == 503
            for path in ("/products/lamp/availability", "/backorders", "/orders/O1") * 3:
                status, headers, problem = call("GET", path, None)
                if is_refused:
                    assert (status, problem["status"], headers["retry-after"]) == (503, 503, "2")
        finally:
            admin.execute(f'ALTER DATABASE "{fresh_database}" CONNECTION LIMIT -1'.encode())
    for _ in range(12):
        assert call("GET", "/products/lamp/availability", None)[0] == 200
