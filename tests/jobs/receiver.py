"""A program that is told of events: a real HTTP server that answers what it is told to answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One call."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def event(self) -> dict[str, Any]:
        """What it said."""
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """Takes calls. `statuses` is what it answers first, then `status`; `location` makes a redirect of it."""

    port: int = 0
    status: int = 200
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    answer: bytes = b"thank you"
    calls: list[Received] = field(default_factory=list)
    hangs: threading.Event | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks?shop=1"

    @property
    def types(self) -> list[str]:
        """The events it was told of, in order."""
        return [str(call.event["type"]) for call in self.calls]


@contextmanager
def receiving(status: int = 200) -> Iterator[Receiver]:
    """A receiver for the length of the block."""
    receiver = Receiver(status=status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            whole = int(self.headers["Content-Length"])
            body = self.rfile.read(whole).decode()
            if len(body.encode()) < whole:
                return  # Who called was killed in the middle of it.
            receiver.calls.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if receiver.hangs is not None:
                receiver.hangs.wait()
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        if receiver.hangs is not None:
            receiver.hangs.set()
        server.shutdown()
        server.server_close()
