"""What a client sends reaches Django whole, and what Django answers reaches the client whole."""

import json
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from granian.rsgi import ProtocolClosed
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


class Headers:
    """A request's headers as the server gives them: a value beyond ASCII has a name alone."""

    def __init__(self, given: list[tuple[str, str]]) -> None:
        self.given = given

    def items(self) -> list[tuple[str, str]]:
        """Those that can be read."""
        return [(name.lower(), value) for name, value in self.given if value.isascii()]

    def keys(self) -> list[str]:
        """All names."""
        return [name.lower() for name, _ in self.given]

    def get(self, key: str, default: Any = None) -> Any:
        """One that can be read."""
        return dict(self.items()).get(key, default)


class Exchange:
    """The server's side of one request and its answer. `chunks` end with the sender leaving if `leaves`."""

    def __init__(self, chunks: list[bytes], *, leaves: bool = False) -> None:
        self.chunks, self.leaves = chunks, leaves
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.content = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.leaves:
            raise ProtocolClosed

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """A whole answer."""
        self.status, self.headers, self.content = status, headers, body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Exchange":
        """An answer in pieces."""
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, data: bytes) -> None:
        """A piece; nobody takes it any more once the reader has left."""
        if self.leaves:
            raise ProtocolClosed
        self.content += data


def ask(
    bridge: Bridge,
    target: str,
    chunks: list[bytes] | None = None,
    headers: dict[str, str] | None = None,
    *,
    leaves: bool = False,
) -> Exchange:
    """The answer to a request whose body comes in `chunks`, of unknown length unless a header tells it."""
    name, _, query = target.partition("?")
    given = [*(headers or {}).items()]
    if chunks is not None and "Content-Length" not in (headers or {}):
        given.append(("Transfer-Encoding", "chunked"))
    scope = SimpleNamespace(
        proto="http",
        method="POST",
        path=name,
        query_string=query,
        http_version="1.1",
        scheme="http",
        client="192.0.2.7:1",
        server="127.0.0.1:8000",
        authority=None,
        headers=Headers(given),
    )
    exchange = Exchange(chunks or [], leaves=leaves)
    run_apart(bridge(cast("Any", scope), cast("Any", exchange)))
    return exchange


def test_a_body_of_unknown_length_arrives_whole(bridge: Bridge) -> None:
    got = ask(bridge, "/size", [b"x" * 700_000] * 3)
    assert (got.status, got.content) == (200, b"2100000")


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "4000000"}])
def test_a_body_over_the_limit_is_refused(bridge: Bridge, headers: dict[str, str]) -> None:
    assert ask(bridge, "/size", [b"x" * 1_000_000] * 4, headers).status == 413


def test_django_sees_path_query_cookies_headers_and_client(bridge: Bridge) -> None:
    got = ask(
        bridge, "/größe?a=1&b=%C3%A4", [b"hel", b"lo"], {"Cookie": "s=1", "X-Request-Id": "7", "X_Request_Id": "8"}
    )
    seen = json.loads(got.content)
    assert got.status == 200
    assert seen["body"] == "hello"
    assert seen["path"] == "/größe"
    assert seen["query"] == "a=1&b=%C3%A4"
    assert seen["cookies"] == {"s": "1"}
    assert seen["headers"]["X-Request-Id"] == "7", "a header with an underscore must not pass for the real one"
    assert seen["client"] == "192.0.2.7"
    assert [name for name, _ in got.headers].count("set-cookie") == 2


def test_a_header_beyond_ascii_is_there_though_it_cannot_be_read(bridge: Bridge) -> None:
    seen = json.loads(ask(bridge, "/describe", headers={"Idempotency-Key": "größe"}).content)
    assert seen["headers"]["Idempotency-Key"] == ""


def test_an_answer_in_pieces_is_sent_piece_by_piece_and_closed(bridge: Bridge) -> None:
    closed.clear()
    got = ask(bridge, "/stream")
    assert (got.status, got.content) == (200, b"first second")
    assert closed == ["stream"]


def test_an_answer_in_pieces_is_closed_also_if_its_reader_leaves(bridge: Bridge) -> None:
    closed.clear()
    ask(bridge, "/stream", leaves=True)
    assert closed == ["stream"]


def test_a_client_that_leaves_in_the_middle_costs_no_call(bridge: Bridge) -> None:
    assert ask(bridge, "/size", [b"x"], leaves=True).status == 0
