"""The RSGI application behind `/live`."""

import asyncio
import json
from contextlib import suppress
from typing import Final, Protocol
from urllib.parse import parse_qs

from django.core.exceptions import DisallowedHost
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

from raincheck.store.outage import DATABASE_AWAY
from raincheck.web.live.feed import Feed, Reader
from raincheck.web.live.topics import may_listen, parse_topics
from raincheck.web.live.visitor import visitor

HEARTBEAT_SECONDS: Final = 15.0
# A burst of changes becomes one event.
GATHER_SECONDS: Final = 0.15
# After so many heartbeats the session and the roles are looked at again.
HEARTBEATS_A_CHECK: Final = 4
MAX_STREAMS: Final = 2000

feed = Feed()


class Transport(Protocol):
    """What a stream is written to (granian names no type for it)."""

    async def send_str(self, data: str) -> None:
        """Sends a piece. Raises ProtocolClosed once the reader has gone."""


async def app(scope: Scope, protocol: HTTPProtocol) -> None:
    """Streams `changed` events to a signed-in person until either side leaves.

    400 for topics that do not exist, 401 signed out, 403 not allowed, 405 no GET, 503 too many streams or no database.
    """
    if len(feed) >= MAX_STREAMS:
        _answer(protocol, 503, "Too many live pages are open. Try again in a minute.")
        return
    refusal = await _refusal(scope)
    if refusal is not None:
        _answer(protocol, *refusal)
        return
    reader = Reader(_topics(scope))
    feed.join(reader)
    try:
        await _stream(scope, protocol, reader)
    finally:
        feed.leave(reader)


async def _refusal(scope: Scope) -> tuple[int, str] | None:
    if scope.method != "GET":
        return 405, "This address only streams: use GET."
    try:
        topics = _topics(scope)
    except ValueError as error:
        return 400, str(error)
    try:
        person = await visitor(scope)
    except DisallowedHost:
        return 400, "This is not a name of this installation."
    except DATABASE_AWAY:
        return 503, "The database is away. Try again in a few seconds."
    if person.user_id is None:
        return 401, "Sign in first."
    if not may_listen(person, topics):
        return 403, "Your roles do not include these pages."
    return None


def _topics(scope: Scope) -> frozenset[str]:
    asked = parse_qs(scope.query_string)
    return parse_topics(asked.get("topic", []))


async def _stream(scope: Scope, protocol: HTTPProtocol, reader: Reader) -> None:
    headers = [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ]
    transport = protocol.response_stream(200, headers)
    leaving = asyncio.ensure_future(protocol.client_disconnect())
    telling = asyncio.create_task(_tell(scope, transport, reader))
    try:
        await asyncio.wait({leaving, telling}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        telling.cancel()
        # Not for `leaving`: it is the server's own kind of future, of which gather() cannot say how it was cancelled.
        # It would wait for ever, and the reader would never leave.
        await asyncio.gather(telling, return_exceptions=True)


async def _tell(scope: Scope, transport: Transport, reader: Reader) -> None:
    """Sends what changed, and a heartbeat when nothing did. Ends when the session or the permission is gone."""
    heartbeats = 0
    with suppress(ProtocolClosed):
        await transport.send_str("retry: 3000\n\n")
        while True:
            changed = await reader.changed(HEARTBEAT_SECONDS)
            if changed:
                await asyncio.sleep(GATHER_SECONDS)
                changed = sorted({*changed, *await reader.changed(0)})
                await transport.send_str(f"event: changed\ndata: {json.dumps({'topics': changed})}\n\n")
                continue
            heartbeats += 1
            await transport.send_str(": here\n\n")
            if heartbeats % HEARTBEATS_A_CHECK == 0 and await _refusal(scope) is not None:
                return


def _answer(protocol: HTTPProtocol, status: int, text: str) -> None:
    headers = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
    if status == 503:
        headers.append(("retry-after", "5"))
    protocol.response_str(status, headers, f"{text}\n")
