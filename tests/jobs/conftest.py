"""A mail server of the test's own, which takes what it is told to take."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django.fixtures import Settings
from tests.jobs.receiver import Receiver, receiving
from tests.serving import free_port

# Its server goes on in a thread when a test's output is gone already.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass
class Sink:
    """Takes messages. `rcpt_reply` and `data_reply` are what it says instead of yes, for as long as they are set."""

    port: int
    messages: list[Message] = field(default_factory=list)
    rcpt_reply: str = ""
    data_reply: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """For RAINCHECK_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def times_taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(message["Message-ID"]) for message in self.messages)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """A recipient."""
        if self.rcpt_reply:
            return self.rcpt_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """A message."""
        if self.data_reply:
            return self.data_reply
        self.messages.append(message_from_bytes(envelope.content))
        self.arrived.set()
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that listens on this machine."""
    found = Sink(free_port())
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def through_the_sink(sink: Sink, settings: Settings) -> Sink:
    """The sink as the mail server of this process."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.DEFAULT_FROM_EMAIL = "Field & Hearth <hello@shop.example>"
    return sink


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program that takes every webhook, in a network that may be called."""
    settings.WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)
    with receiving() as found:
        yield found
