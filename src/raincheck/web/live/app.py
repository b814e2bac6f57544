"""The ASGI application behind `/live`."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

from django.core.exceptions import DisallowedHost

from raincheck.store.outage import DATABASE_AWAY
from raincheck.web.live.feed import Feed, Reader
from raincheck.web.live.topics import may_listen, parse_topics
from raincheck.web.live.visitor import visitor

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT_SECONDS: Final = 15.0
# A burst of changes becomes one event.
GATHER_SECONDS: Final = 0.15
# After so many heartbeats the session and the roles are looked at again.
HEARTBEATS_A_CHECK: Final = 4
MAX_STREAMS: Final = 2000

feed = Feed()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams `changed` events to a signed-in person until either side leaves.

    400 for topics that do not exist, 401 signed out, 403 not allowed, 405 no GET, 503 too many streams or no database.
    """
    if scope["type"] != "http":
        return
    if len(feed) >= MAX_STREAMS:
        await _answer(send, 503, "Too many live pages are open. Try again in a minute.")
        return
    refusal = await _refusal(scope)
    if refusal is not None:
        await _answer(send, *refusal)
        return
    reader = Reader(_topics(scope))
    feed.join(reader)
    try:
        await _stream(scope, receive, send, reader)
    finally:
        feed.leave(reader)


async def _refusal(scope: Scope) -> tuple[int, str] | None:
    if scope["method"] != "GET":
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
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return parse_topics(asked.get("topic", []))


async def _stream(scope: Scope, receive: Receive, send: Send, reader: Reader) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _send_text(send, "retry: 3000\n\n")
    leaving = asyncio.create_task(_gone(receive))
    telling = asyncio.create_task(_tell(scope, send, reader))
    try:
        await asyncio.wait({leaving, telling}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (leaving, telling):
            task.cancel()
        await asyncio.gather(leaving, telling, return_exceptions=True)
    with suppress(OSError, RuntimeError):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _tell(scope: Scope, send: Send, reader: Reader) -> None:
    """Sends what changed, and a heartbeat when nothing did. Ends when the session or the permission is gone."""
    heartbeats = 0
    while True:
        changed = await reader.changed(HEARTBEAT_SECONDS)
        if changed:
            await asyncio.sleep(GATHER_SECONDS)
            changed = sorted({*changed, *await reader.changed(0)})
            await _send_text(send, f"event: changed\ndata: {json.dumps({'topics': changed})}\n\n")
            continue
        heartbeats += 1
        await _send_text(send, ": here\n\n")
        if heartbeats % HEARTBEATS_A_CHECK == 0 and await _refusal(scope) is not None:
            return


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode(), "more_body": False})
