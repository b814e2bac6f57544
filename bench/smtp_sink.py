"""A mail server in a process of its own: it takes every message and writes its Message-ID and notices to a file.

    python -m bench.smtp_sink PORT FILE

A line is on file before the server says yes, so what it took is known whoever is killed.
"""

import os
import sys
import threading
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller


class _Taking:
    def __init__(self, file: str) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """A message."""
        message = message_from_bytes(envelope.content)
        os.write(self._out, f"{message['Message-ID']}\n".encode())
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(_Taking(sys.argv[2]), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    threading.Event().wait()
