"""What goes wrong inside a call, as a problem."""

import logging
from typing import Any, Final

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError
from psycopg import errors

from raincheck.api import problems
from raincheck.api.problems import FieldError, Problem
from raincheck.api.wording import pointer_to
from raincheck.core.errors import Malformed, NotFound, RaincheckError
from raincheck.store.outage import DATABASE_AWAY
from raincheck.words.sentences import as_sentence

log = logging.getLogger("raincheck.api")

# Where a body names what: noun of `NotFound` -> fields; products and lines stand in lists, or alone.
_FIELDS: Final = {
    "customer": ("customer",),
    "supplier": ("supplier",),
    "site": ("site",),
    "purchase order": ("po",),
    "transfer": ("transfer",),
    "preview": ("preview",),
    "hold": ("hold",),
    "order": ("order", "from", "to"),
    "product": ("sku", "instead"),
    "line": ("sku",),
}


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem document for an error. Whatever nobody foresaw goes to the log, whole."""
    return problems.response_of(problem_of(request, error))


def problem_of(request: HttpRequest, error: Exception) -> Problem:
    """Which problem an error is."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HttpError):
        # The framework wraps what reading a body raises.
        cause = error.__cause__
        return cause if isinstance(cause, Problem) else Problem(problems.BAD_REQUEST, str(error))
    if isinstance(error, NotFound):
        return _not_found(request, error)
    if isinstance(error, SuspiciousOperation):
        return Problem(problems.BAD_REQUEST, "The call is not put together as HTTP calls are.")
    if isinstance(error, Http404):
        return Problem(problems.NO_SUCH_CALL, f"There is no call at {request.path_info}.")
    if isinstance(error, RaincheckError):
        kind = problems.MALFORMED if isinstance(error, Malformed) else problems.REFUSED
        return Problem(kind, as_sentence(str(error)))
    if isinstance(error, DATABASE_AWAY):
        return _database_away(error)
    log.error("%s %s failed", request.method, request.path_info, exc_info=error)
    return Problem(problems.BROKEN, "It was written to the server's log. Nothing was half-done.")


def _not_found(request: HttpRequest, error: NotFound) -> Problem:
    """Named in the body: a field that is wrong. Named in the address: nothing is there."""
    pointer = _pointer_into(getattr(request, "parsed_body", None), error)
    if pointer is None:
        return Problem(problems.NOT_FOUND, as_sentence(str(error)))
    return Problem(problems.MALFORMED, as_sentence(str(error)), [FieldError(str(error), pointer=pointer)])


def _pointer_into(body: Any, error: NotFound) -> str | None:
    if not isinstance(body, dict):
        return None
    if error.noun in ("product", "line"):
        for number, line in enumerate(body.get("lines") or ()):
            if isinstance(line, dict) and line.get("sku") == error.name:
                return pointer_to(("lines", number, "sku"))
    named = (field for field in _FIELDS.get(error.noun, ()) if body.get(field) == error.name)
    return next((pointer_to((field,)) for field in named), None)


def _database_away(error: Exception) -> Problem:
    """The session may be dead: it is closed, so that this thread's next call opens a new one."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if not connection.in_atomic_block:
        connection.close()
    log.warning("the database did not do it: %s", " ".join(str(error).split()))
    if isinstance(cause, errors.DiskFull):
        detail = "The disk that holds the database is full. Nothing was stored; somebody has to free some space."
        return Problem(problems.UNAVAILABLE, detail, headers={"Retry-After": "60"})
    if isinstance(cause, (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)):
        detail = "Others are at work on the same products. Nothing was stored: send it again."
        return Problem(problems.UNAVAILABLE, detail, headers={"Retry-After": "1"})
    detail = "The database is away. What was sent is stored whole or not at all: send the same call again."
    return Problem(problems.UNAVAILABLE, detail, headers={"Retry-After": "2"})
