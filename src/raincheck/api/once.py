"""One effect for one call, however often it is sent (Idempotency-Key, draft-ietf-httpapi-idempotency-key-header).

The answer is stored in the transaction of its effect: the row is claimed first, then the action runs, then the answer
is written, then all of it is committed. So a crash leaves both or neither, and a repeated call finds the answer. What
was refused changed nothing and is not remembered: sent again, it is asked again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

import orjson
import psycopg
from django.db import Error as DjangoError
from django.db import connection, transaction
from django.http import HttpRequest
from psycopg import errors

from raincheck.api.problems import KEY_REUSED, MALFORMED, STILL_WORKING, FieldError, Problem
from raincheck.store import access

if TYPE_CHECKING:
    from raincheck.api.keys import ApiRequest

HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 255
WAIT_MS: Final = 10_000
TRIES: Final = 4
# The transaction lost against another one and left nothing: the same call will do now. A unique reference that
# somebody else wrote meanwhile is found there at the second try, and answered as such.
_TRY_AGAIN: Final = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer as it goes out and as it is stored."""

    status: int
    body: bytes


def do_once(request: HttpRequest, act: Callable[[], Remembered]) -> tuple[Remembered, bool]:
    """Runs `act`, or finds the answer it gave to the same call before; and whether it was found. Raises Problem."""
    call_key = _call_key(request)
    if call_key is None:
        return _persistently(act), False
    caller = cast("ApiRequest", request).auth
    request_hash = _hash_of(request)
    is_replay = False

    def claimed() -> Remembered:
        nonlocal is_replay
        with transaction.atomic():
            reply = _claim(caller.key_id, call_key, request_hash)
            is_replay = reply is None
            if reply is not None:
                answer = act()
                access.finish_reply(reply, answer.status, answer.body)
                return answer
        return _stored(caller.key_id, call_key, request_hash)

    return _persistently(claimed), is_replay


def _persistently(act: Callable[[], Remembered]) -> Remembered:
    """Runs a transaction, again if it was the one to give way. Inside a larger transaction there is no second try."""
    for tries_left in range(TRIES - 1, -1, -1):
        try:
            return act()
        except (psycopg.Error, DjangoError) as error:
            cause = error if isinstance(error, psycopg.Error) else error.__cause__
            if not isinstance(cause, _TRY_AGAIN) or not tries_left or connection.in_atomic_block:
                raise
    raise AssertionError("the last try returns or raises")


def _claim(key_id: int, call_key: str, request_hash: str) -> int | None:
    try:
        return access.claim_reply(key_id, call_key, request_hash, datetime.now(UTC), WAIT_MS)
    except errors.LockNotAvailable as error:
        raise Problem(
            STILL_WORKING,
            f"A call with the {HEADER} {call_key!r} has been at work for {WAIT_MS // 1000} seconds.",
            headers={"Retry-After": "5"},
        ) from error


def _stored(key_id: int, call_key: str, request_hash: str) -> Remembered:
    found = access.stored_reply(key_id, call_key)
    if found is None:
        # Forgotten in this very moment; the next try will claim it.
        raise Problem(STILL_WORKING, "The answer is being cleared away.", headers={"Retry-After": "1"})
    if found.request_hash != request_hash:
        raise Problem(KEY_REUSED, f"The {HEADER} {call_key!r} was used for another call; nothing was done.")
    return Remembered(found.status, found.body)


def _call_key(request: HttpRequest) -> str | None:
    given = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if given is None:
        return None
    if not given.strip() or len(given) > LONGEST_KEY or not (given.isascii() and given.isprintable()):
        said = f"must be 1 to {LONGEST_KEY} printable ASCII signs"
        raise Problem(MALFORMED, f"{HEADER}: {said}.", [FieldError(said, parameter=HEADER)])
    return str(given)


def _hash_of(request: HttpRequest) -> str:
    """What a call asks: its method, its address, and its body whatever the order of its fields."""
    body = orjson.dumps(getattr(request, "parsed_body", None), option=orjson.OPT_SORT_KEYS)
    said = f"{request.method} {request.get_full_path()}\0".encode()
    return hashlib.sha256(said + body).hexdigest()
