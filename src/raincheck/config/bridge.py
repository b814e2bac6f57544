"""From ASGI to Django's synchronous handler: a request is read by the event loop, answered in a pooled thread.

Answers: about a quarter of the cost of Django's own ASGI handler for a small JSON call (docs/adr/0003-web-server.md).
Guarantees: a slow sender or a slow reader holds no thread while its request is read and the loop never waits for
Django; a body over the limit is refused with 413 before Django sees it; a body of unknown length arrives whole.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.http.response import HttpResponseBase

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# A body up to this size stays in memory; a larger one goes through a temporary file.
IN_MEMORY_BYTES = 1024 * 1024


class Bridge:
    """An ASGI application that has `threads` threads answer HTTP requests by Django."""

    def __init__(self, handler: WSGIHandler, *, threads: int, largest_body_bytes: int) -> None:
        self.handler = handler
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.largest_body_bytes = largest_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            body_bytes = await self._read_body(scope, receive, body)
            if body_bytes is None:
                return  # The sender has gone.
            if body_bytes > self.largest_body_bytes:
                await _refuse_too_large(send)
                return
            body.seek(0)
            loop = asyncio.get_running_loop()
            environ = _environ(scope, body, body_bytes)
            response, content = await loop.run_in_executor(self.pool, self._answer, environ)
            await send({"type": "http.response.start", "status": response.status_code, "headers": _headers(response)})
            if content is not None:
                await send({"type": "http.response.body", "body": content})
            else:
                await self._stream(response, send)

    async def _read_body(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
        """How many bytes came; None when the sender went away; a little over the limit when there are too many."""
        length = dict(scope["headers"]).get(b"content-length")
        if length is not None and int(length) > self.largest_body_bytes:
            return self.largest_body_bytes + 1
        body_bytes = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            body_bytes += len(chunk)
            if body_bytes > self.largest_body_bytes:
                return body_bytes
            body.write(chunk)
            if not message.get("more_body"):
                return body_bytes

    def _answer(self, environ: dict[str, Any]) -> tuple[HttpResponseBase, bytes | None]:
        """In a thread: Django's response, and its content unless it is a stream (which is then read piece by piece)."""
        response = self.handler(environ, _ignore_start)
        if not isinstance(response, HttpResponse):
            return response, None
        try:
            return response, response.content
        finally:
            response.close()

    async def _stream(self, response: HttpResponseBase, send: Send) -> None:
        loop = asyncio.get_running_loop()
        pieces = iter(response)
        try:
            while (piece := await loop.run_in_executor(self.pool, _next_piece, pieces)) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await loop.run_in_executor(self.pool, response.close)


def _next_piece(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _ignore_start(*_status_and_headers: object) -> Callable[[bytes], object]:
    """WSGI's start_response: the response object itself is read instead."""
    return _ignore_start


async def _refuse_too_large(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")],
        }
    )
    await send({"type": "http.response.body", "body": b"The request is larger than this server takes.\n"})


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", cookie.OutputString().encode("latin-1")) for cookie in response.cookies.values()]
    return headers


def _environ(scope: Scope, body: IO[bytes], body_bytes: int) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) describes it."""
    client = scope.get("client") or ("", 0)
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1")
        if "_" in name:
            continue  # It would pass for the header with a dash, which a proxy may have set or cleared.
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            key = f"HTTP_{key}"
        value = raw_value.decode("latin-1")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    environ["CONTENT_LENGTH"] = str(body_bytes)
    return environ
