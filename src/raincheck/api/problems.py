"""Problem documents (RFC 9457): every way in which a call can fail, as a closed list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.http import HttpResponse

MEDIA_TYPE: Final = "application/problem+json"
ADDRESS: Final = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title, and what the caller can do about it."""

    name: str
    status: int
    title: str
    way_out: str

    @property
    def type(self) -> str:
        """What `type` says: an address at which the kind is explained."""
        return ADDRESS + self.name


BAD_JSON = Kind(
    "bad-json", 400, "The body is not JSON", "Send one JSON document in UTF-8. `detail` says where it breaks."
)
BAD_REQUEST = Kind("bad-request", 400, "The call cannot be read", "`detail` says what is wrong with it.")
NO_KEY = Kind(
    "no-key", 401, "A key is needed", "Send `Authorization: Bearer KEY` with a key in force (`raincheck apikey list`)."
)
NOT_ALLOWED = Kind(
    "not-allowed", 403, "The key may not do this", "Make a key with the scope that `detail` names, or another call."
)
HTTPS_NEEDED = Kind(
    "https-needed", 403, "HTTPS is needed", "Call by https. A key that was sent in the clear should be revoked."
)
NOT_FOUND = Kind(
    "not-found", 404, "Nothing has this name", "Check the name in the address; upper and lower case differ."
)
NO_SUCH_CALL = Kind("no-such-call", 404, "There is no such call", "`/api/v1/openapi.json` lists the calls there are.")
WRONG_METHOD = Kind("wrong-method", 405, "The address takes other methods", "The header `Allow` names them.")
REFUSED = Kind(
    "refused",
    409,
    "The business says no",
    "Nothing was changed. `detail` says why; it may hold or change with the facts.",
)
STILL_WORKING = Kind(
    "still-working",
    409,
    "The same call is still being done",
    "Another call with this Idempotency-Key has not ended. Send it again after `Retry-After` seconds.",
)
TOO_LARGE = Kind("too-large", 413, "The body is too large", "A body has at most 1 MiB: split the call.")
NOT_JSON = Kind("not-json", 415, "The body must be JSON", "Send `Content-Type: application/json`, not compressed.")
MALFORMED = Kind(
    "malformed",
    422,
    "The call does not make sense",
    "Nothing was changed. `errors` names each field (`pointer` into the body, or `parameter`) and says what is wrong.",
)
KEY_REUSED = Kind(
    "key-reused",
    422,
    "The Idempotency-Key belongs to another call",
    "A key stands for one call with one content. Take a new key for a new call.",
)
TOO_MANY_TRIES = Kind(
    "too-many-tries", 429, "Too many calls with a wrong key", "Wait `Retry-After` seconds. A right key is not affected."
)
BROKEN = Kind(
    "broken", 500, "Something broke on our side", "Nothing was half-done. It is in the server's log: tell who runs it."
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The database is away",
    "What was sent is stored whole or not at all. Send the same call again after `Retry-After` seconds; "
    "with the same `ref` or Idempotency-Key it is done once.",
)

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        BAD_JSON, BAD_REQUEST, NO_KEY, NOT_ALLOWED, HTTPS_NEEDED, NOT_FOUND, NO_SUCH_CALL, WRONG_METHOD, REFUSED,
        STILL_WORKING, TOO_LARGE, NOT_JSON, MALFORMED, KEY_REUSED, TOO_MANY_TRIES, BROKEN, UNAVAILABLE,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a JSON pointer into the body (RFC 6901), or a parameter's or header's name."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def shown(self) -> dict[str, str]:
        """As it stands in `errors`."""
        place = {"pointer": self.pointer} if self.pointer is not None else {"parameter": self.parameter or ""}
        return {**place, "detail": self.detail}


class Problem(Exception):
    """Ends a call with a problem document."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def response_of(problem: Problem) -> HttpResponse:
    """The answer to a call that failed."""
    kind = problem.kind
    document: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
    }
    if problem.errors:
        document["errors"] = [error.shown() for error in problem.errors]
    return HttpResponse(
        orjson.dumps(document), status=kind.status, content_type=MEDIA_TYPE, headers=dict(problem.headers)
    )
