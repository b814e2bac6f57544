"""What a client sends reaches Django whole, and what Django answers reaches the client whole."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from tests.apart import run_apart

from raincheck.config.bridge import Bridge

LARGEST_BODY_BYTES = 3_000_000
closed: list[str] = []


def describe(request: HttpRequest) -> HttpResponse:
    """What Django sees of the request."""
    seen = {
        "body": request.body.decode(),
        "path": request.path,
        "query": request.GET.urlencode(),
        "cookies": request.COOKIES,
        "headers": dict(request.headers),
        "client": request.META["REMOTE_ADDR"],
    }
    response = JsonResponse(seen)
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


def size(request: HttpRequest) -> HttpResponse:
    """How many bytes came."""
    return HttpResponse(str(len(request.read())))


def stream(_request: HttpRequest) -> StreamingHttpResponse:
    """An answer in pieces."""

    def pieces() -> Iterator[bytes]:
        try:
            yield b"first "
            yield b"second"
        finally:
            closed.append("stream")

    return StreamingHttpResponse(pieces())


urlpatterns = [path("größe", describe), path("describe", describe), path("size", size), path("stream", stream)]


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    """A bridge to the views above."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"]):
        yield Bridge(WSGIHandler(), threads=2, largest_body_bytes=LARGEST_BODY_BYTES)


def ask(
    bridge: Bridge, target: str, chunks: list[bytes] | None = None, headers: dict[str, str] | None = None
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and content of the answer to a request whose body comes in `chunks`."""
    name, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": "POST",
        "path": name,
        "query_string": query.encode(),
        "http_version": "1.1",
        "scheme": "http",
        "client": ("192.0.2.7", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(key.lower().encode(), value.encode()) for key, value in (headers or {}).items()],
    }
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in (chunks or [])] + [
        {"type": "http.request", "body": b"", "more_body": False}
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run_apart(bridge(scope, receive, send))
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], sent[0]["headers"], content


def test_a_body_of_unknown_length_arrives_whole(bridge: Bridge) -> None:
    status, _, content = ask(bridge, "/size", [b"x" * 700_000] * 3, {"Transfer-Encoding": "chunked"})
    assert (status, content) == (200, b"2100000")


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "4000000"}])
def test_a_body_over_the_limit_is_refused(bridge: Bridge, headers: dict[str, str]) -> None:
    status, _, _ = ask(bridge, "/size", [b"x" * 1_000_000] * 4, headers)
    assert status == 413


def test_django_sees_path_query_cookies_headers_and_client(bridge: Bridge) -> None:
    status, headers, content = ask(
        bridge, "/größe?a=1&b=%C3%A4", [b"hel", b"lo"], {"Cookie": "s=1", "X-Request-Id": "7", "X_Request_Id": "8"}
    )
    seen = json.loads(content)
    assert status == 200
    assert seen["body"] == "hello"
    assert seen["path"] == "/größe"
    assert seen["query"] == "a=1&b=%C3%A4"
    assert seen["cookies"] == {"s": "1"}
    assert seen["headers"]["X-Request-Id"] == "7", "a header with an underscore must not pass for the real one"
    assert seen["client"] == "192.0.2.7"
    assert [name for name, _ in headers].count(b"set-cookie") == 2


def test_an_answer_in_pieces_is_sent_piece_by_piece_and_closed(bridge: Bridge) -> None:
    closed.clear()
    status, _, content = ask(bridge, "/stream")
    assert (status, content) == (200, b"first second")
    assert closed == ["stream"]


def test_a_client_that_leaves_in_the_middle_costs_no_call(bridge: Bridge) -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run_apart(bridge({"type": "http", "headers": []}, receive, send))
    assert sent == []
