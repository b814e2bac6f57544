"""From RSGI to Django's synchronous handler: a request is read by the event loop, answered in a pooled thread.

Answers: about a fifth of the cost of Django's own ASGI handler for a small JSON call (docs/adr/0003-web-server.md).
Guarantees: a slow sender or a slow reader holds no thread while its request is read and the loop never waits for
Django; a body over the limit is refused with 413 before Django sees it; a body of unknown length arrives whole.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

# A body up to this size stays in memory; a larger one goes through a temporary file.
IN_MEMORY_BYTES = 1024 * 1024
TOO_LARGE = b"The request is larger than this server takes.\n"


class Bridge:
    """An RSGI application that has `threads` threads answer HTTP requests by Django."""

    def __init__(self, handler: WSGIHandler, *, threads: int, largest_body_bytes: int) -> None:
        self.handler = handler
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.largest_body_bytes = largest_body_bytes

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one HTTP request."""
        environ = environ_of(scope)
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ and not _is_framed(scope):
            await self._respond(environ, BytesIO(), 0, protocol)
            return
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            body_bytes = await self._read_body(environ, protocol, body)
            if body_bytes is None:
                return  # The sender has gone.
            if body_bytes > self.largest_body_bytes:
                headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
                protocol.response_bytes(413, headers, TOO_LARGE)
                return
            body.seek(0)
            await self._respond(environ, body, body_bytes, protocol)

    async def _read_body(self, environ: dict[str, Any], protocol: HTTPProtocol, body: IO[bytes]) -> int | None:
        """How many bytes came; None when the sender went away; a little over the limit when there are too many."""
        if int(environ.get("CONTENT_LENGTH") or 0) > self.largest_body_bytes:
            return self.largest_body_bytes + 1
        body_bytes = 0
        try:
            async for chunk in protocol:
                body_bytes += len(chunk)
                if body_bytes > self.largest_body_bytes:
                    break
                body.write(chunk)
        except ProtocolClosed:
            return None
        return body_bytes

    async def _respond(self, environ: dict[str, Any], body: IO[bytes], body_bytes: int, protocol: HTTPProtocol) -> None:
        environ["CONTENT_LENGTH"] = str(body_bytes)
        environ["wsgi.input"] = body
        loop = asyncio.get_running_loop()
        response, content = await loop.run_in_executor(self.pool, self._answer, environ)
        if content is not None:
            protocol.response_bytes(response.status_code, _headers(response), content)
        else:
            await self._stream(response, protocol)

    def _answer(self, environ: dict[str, Any]) -> tuple[HttpResponseBase, bytes | None]:
        """In a thread: Django's response, and its content unless it is a stream (which is then read piece by piece)."""
        response = self.handler(environ, _ignore_start)
        if not isinstance(response, HttpResponse):
            return response, None
        try:
            return response, response.content
        finally:
            response.close()

    async def _stream(self, response: HttpResponseBase, protocol: HTTPProtocol) -> None:
        loop = asyncio.get_running_loop()
        pieces = iter(response)
        transport = protocol.response_stream(response.status_code, _headers(response))
        try:
            with suppress(ProtocolClosed):
                while (piece := await loop.run_in_executor(self.pool, _next_piece, pieces)) is not None:
                    await transport.send_bytes(piece)
        finally:
            await loop.run_in_executor(self.pool, response.close)


def _next_piece(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _ignore_start(*_status_and_headers: object) -> Callable[[bytes], object]:
    """WSGI's start_response: the response object itself is read instead."""
    return _ignore_start


def _is_framed(scope: Scope) -> bool:
    """Whether a body may come that no header announces, as HTTP/2 allows."""
    return not scope.http_version.startswith("1") and scope.method not in {"GET", "HEAD"}


def _headers(response: HttpResponseBase) -> list[tuple[str, str]]:
    headers = [(name.lower(), value) for name, value in response.items()]
    headers += [("set-cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    return headers


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) describes it, its body left out."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority is not None:
        environ["HTTP_HOST"] = scope.authority
    headers = scope.headers.items()
    names = scope.headers.keys()
    if len(names) != len(headers):
        # A value beyond ASCII cannot be read, but that it was sent must not be lost: an empty one is refused where it
        # matters.
        headers += [(name, "") for name in names if scope.headers.get(name) is None]
    for name, value in headers:
        if "_" in name:
            continue  # It would pass for the header with a dash, which a proxy may have set or cleared.
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            key = f"HTTP_{key}"
        if key not in environ or key == "HTTP_HOST":
            environ[key] = value
        else:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
    return environ
