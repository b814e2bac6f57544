"""Answer a call once, however often it is sent: the answer is stored in the transaction of its effect.

The row of the answer is claimed first, then the effect is had, then the answer is written, then all of it is committed.
So a crash leaves both or neither, and a repeated call finds the answer. An effect that is refused changes nothing, and
its claim goes with it: sent again, it is asked again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from psycopg import errors

from raincheck.core.errors import RaincheckError
from raincheck.store import access

WAIT_MS = 10_000
"""How long a repeated call waits for the first to end."""


class StillAnswering(RaincheckError):
    """The same call is being answered by another transaction."""


class OtherCall(RaincheckError):
    """The key was used for a call with other content."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes out and as it is stored."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is recognised again: whose key, which name it was given, and a hash of what it asks."""

    key: int
    name: str
    content: str


def answer_once(call: Call, act: Callable[[], Reply], at: datetime) -> tuple[Reply, bool]:
    """Has `act` answer, or finds the answer that was given before; and whether it was found.

    Raises OtherCall for a name that stands for other content, StillAnswering after `WAIT_MS` in vain, and what `act`
    raises.
    """
    with transaction.atomic():
        row = _claim(call, at)
        if row is not None:
            reply = act()
            access.finish_reply(row, reply.status, reply.body)
            return reply, False
    stored = access.stored_reply(call.key, call.name)
    if stored is None:
        raise StillAnswering("the answer is being cleared away in this moment")
    content, status, body = stored
    if content != call.content:
        raise OtherCall(f"{call.name!r} was used for another call; nothing was done")
    return Reply(status, body), True


def _claim(call: Call, at: datetime) -> int | None:
    try:
        return access.claim_reply(call.key, call.name, call.content, at, WAIT_MS)
    except errors.LockNotAvailable as error:
        raise StillAnswering(f"a call named {call.name!r} has been at work for {WAIT_MS // 1000} seconds") from error
