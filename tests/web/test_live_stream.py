"""The live stream as a browser gets it: who may open it, what it says, and that it survives the database."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.db import connection

from raincheck.actions.sync_roles import sync_roles

pytestmark = pytest.mark.slow

LONGEST_SECONDS = 300


def session_of(role: str) -> str:
    """The cookie of somebody of a role who has signed in."""
    sync_roles()
    user = User.objects.create_user(username=role)
    user.groups.add(Group.objects.get(name=role))
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def stream(address: str, *topics: str, cookie: str = "", host: str = "") -> Iterator[HTTPResponse]:
    """An open stream, or the answer that refused it."""
    where = urlsplit(address)
    assert where.hostname is not None
    line = HTTPConnection(where.hostname, where.port, timeout=LONGEST_SECONDS)
    headers = {"Cookie": cookie, **({"Host": host} if host else {})}
    line.request("GET", "/live?" + "&".join(f"topic={quote(topic)}" for topic in topics), headers=headers)
    try:
        yield line.getresponse()
    finally:
        line.close()


def next_event(answer: HTTPResponse) -> list[str]:
    """The topics of the next event; heartbeats are passed over."""
    while True:
        line = answer.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data: "):
            topics: list[str] = json.loads(line.removeprefix("data: "))["topics"]
            return topics


def tell(*topics: str) -> None:
    """What the store sends once a transaction has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('raincheck_live', %s)", [json.dumps({"topics": topics})])


def wait_until_listening(count: int = 1) -> None:
    """Until so many connections listen on the channel: a notification before that is heard by nobody."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN raincheck_live' AND datname = current_database()"
    )
    until = time.monotonic() + LONGEST_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(query)
            if cursor.fetchone()[0] >= count:
                return
            time.sleep(0.05)
    raise AssertionError(f"nobody listens after {LONGEST_SECONDS} seconds")


def test_a_stream_is_for_people_who_may_see_its_pages(served: str) -> None:
    floor = session_of("warehouse")
    for topics, cookie, status in (
        (["desk"], "", 401),
        (["desk"], f"{settings.SESSION_COOKIE_NAME}=made-up", 401),
        (["mailbox"], floor, 403),
        (["money"], floor, 400),
        ([], floor, 400),
        (["desk"], floor, 200),
    ):
        with stream(served, *topics, cookie=cookie) as answer:
            assert answer.status == status, (topics, status)


def test_a_stream_answers_only_to_our_own_name(served: str) -> None:
    with stream(served, "desk", cookie=session_of("admin"), host="elsewhere.example") as answer:
        assert answer.status == 400


def test_what_changed_is_heard_and_what_was_not_asked_for_is_not(served: str) -> None:
    with stream(served, "order:A, B", cookie=session_of("sales")) as answer:
        assert answer.getheader("Content-Type") == "text/event-stream"
        assert answer.getheader("Cache-Control") == "no-store"
        wait_until_listening()
        tell("desk")
        tell("order:A, B", "queue")
        assert next_event(answer) == ["order:A, B"]


def test_after_the_database_dropped_the_line_every_reader_looks_again(served: str) -> None:
    with stream(served, "desk", cookie=session_of("admin")) as answer:
        wait_until_listening()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN raincheck_live'"
                " AND datname = current_database()"
            )
        assert next_event(answer) == ["desk"]
        wait_until_listening()
        tell("desk")
        assert next_event(answer) == ["desk"]
