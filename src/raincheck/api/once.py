"""One effect for one call, however often it is sent (Idempotency-Key, draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

import orjson
import psycopg
from django.db import Error as DjangoError
from django.db import connection
from django.http import HttpRequest
from psycopg import errors

from raincheck.actions.answer_once import Call, OtherCall, Reply, StillAnswering, answer_once
from raincheck.api.problems import KEY_REUSED, MALFORMED, STILL_WORKING, FieldError, Problem

if TYPE_CHECKING:
    from raincheck.api.keys import ApiRequest

HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 255
TRIES: Final = 4
# The transaction lost against another one and left nothing: the same call will do now. A unique reference that
# somebody else wrote meanwhile is found there at the second try, and answered as such.
_TRY_AGAIN: Final = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)


def do_once(request: HttpRequest, act: Callable[[], Reply]) -> tuple[Reply, bool]:
    """Runs `act`, or finds the answer it gave to the same call before; and whether it was found. Raises Problem."""
    name = _call_name(request)
    if name is None:
        return _persistently(lambda: (act(), False))
    call = Call(cast("ApiRequest", request).auth.key_id, name, _hash_of(request))
    try:
        return _persistently(lambda: answer_once(call, act, datetime.now(UTC)))
    except OtherCall as error:
        raise Problem(KEY_REUSED, f"The {HEADER} {error}.") from error
    except StillAnswering as error:
        raise Problem(STILL_WORKING, f"Not answered yet: {error}.", headers={"Retry-After": "5"}) from error


def _persistently(act: Callable[[], tuple[Reply, bool]]) -> tuple[Reply, bool]:
    """Runs a transaction, again if it was the one to give way. Inside a larger transaction there is no second try."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except (psycopg.Error, DjangoError) as error:
            cause = error if isinstance(error, psycopg.Error) else error.__cause__
            if not isinstance(cause, _TRY_AGAIN) or connection.in_atomic_block:
                raise
    return act()


def _call_name(request: HttpRequest) -> str | None:
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
