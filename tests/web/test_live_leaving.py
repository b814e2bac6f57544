"""A stream that ends from our side lets its reader go, whatever the server's own future is made of."""

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from typing import Any, cast

import pytest
from granian.rsgi import HTTPProtocol, Scope

# The package calls the application by the module's name.
live = import_module("raincheck.web.live.app")


class OfTheServer:
    """A future as granian's: awaited and cancelled like any, without what asyncio's own keep for themselves."""

    _asyncio_future_blocking = False

    def __init__(self) -> None:
        self.inner: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __getattr__(self, name: str) -> Any:
        if name == "_cancel_message":
            raise AttributeError(name)
        return getattr(self.inner, name)


class Line:
    """A connection that stays open; what is sent to it goes nowhere."""

    def client_disconnect(self) -> OfTheServer:
        return OfTheServer()

    def response_stream(self, *_status_and_headers: object) -> "Line":
        return self

    async def send_str(self, _data: str) -> None:
        await asyncio.sleep(0)


class Asked:
    """A request for the Desk's stream."""

    query_string = "topic=desk"


def ends(line: Coroutine[Any, Any, None]) -> bool:
    """Whether it ends by itself. A loop of its own, since what waits for ever would also keep `asyncio.run` waiting."""
    loop = asyncio.new_event_loop()
    try:
        done, _ = loop.run_until_complete(asyncio.wait({loop.create_task(line)}, timeout=60))
    finally:
        loop.close()
    return bool(done)


def test_a_reader_whose_session_ended_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[tuple[int, str] | None] = [None, (401, "Sign in first.")]

    async def refusal(_scope: Scope) -> tuple[int, str] | None:
        return answers.pop(0)

    monkeypatch.setattr(live, "_refusal", refusal)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0)
    monkeypatch.setattr(live, "HEARTBEATS_A_CHECK", 1)
    before = len(live.feed)
    line = live.app(cast("Scope", Asked()), cast("HTTPProtocol", Line()))
    assert ends(line), "the stream goes on for ever"
    assert answers == []
    assert len(live.feed) == before
