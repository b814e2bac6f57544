"""A light load: kept connections that each send the next request when the last is answered.

One thread and no HTTP library: it takes some 30 µs of CPU a request, so that what is measured is the server.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import psutil
import uvloop

Request = Callable[[int], bytes]
"""The next request of a client, by the client's number: a whole HTTP message."""


@dataclass(slots=True)
class Load:
    """What was answered."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    first_refusal: bytes = b""

    @property
    def answered(self) -> int:
        """How many requests were answered."""
        return sum(self.statuses.values())

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds

    def wait_ms(self, share: float) -> float:
        """How long the share of the requests that were answered soonest waited at the most."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


class _Client(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, number: int, next_request: Callable[[int], bytes | None], load: Load) -> None:
        self.number, self.next_request, self.load = number, next_request, load
        self.done = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.sent_at = 0.0

    def itself(self) -> "_Client":
        """The protocol of its connection."""
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)

    def send(self) -> None:
        request = self.next_request(self.number)
        if request is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + length:
            return
        status = int(head[9:12])
        self.load.statuses[status] = self.load.statuses.get(status, 0) + 1
        self.load.waits.append(time.perf_counter() - self.sent_at)
        if status >= 400 and not self.load.first_refusal:
            self.load.first_refusal = self.buffer
        self.buffer = self.buffer[end + 4 + length :]
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


def for_seconds(address: str, clients: int, request: Request, seconds: float) -> Load:
    """Keeps `clients` busy for some time."""
    ends_at = time.perf_counter() + seconds
    return uvloop.run(_run(address, clients, lambda number: request(number) if time.perf_counter() < ends_at else None))


def all_of(address: str, clients: int, requests: Iterable[bytes]) -> Load:
    """Sends each request once, spread over `clients`."""
    left = iter(requests)
    return uvloop.run(_run(address, clients, lambda _: next(left, None)))


async def _run(address: str, clients: int, next_request: Callable[[int], bytes | None]) -> Load:
    load = Load()
    parts = urlsplit(address)
    connections = [_Client(number, next_request, load) for number in range(clients)]
    for client in connections:
        await asyncio.get_running_loop().create_connection(client.itself, parts.hostname or "", parts.port or 80)
    me, started = psutil.Process(), time.perf_counter()
    before = sum(me.cpu_times()[:2])
    for client in connections:
        client.send()
    await asyncio.gather(*(client.done for client in connections))
    load.seconds, load.cpu_seconds = time.perf_counter() - started, sum(me.cpu_times()[:2]) - before
    return load


def post(path: str, key: str, body: bytes) -> bytes:
    """A POST with a JSON body as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, key: str) -> bytes:
    """A GET as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
