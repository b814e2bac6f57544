"""Who calls: the key of a call, and whether it may do this. Cookies and sessions count for nothing here.

A key in force is remembered for a few seconds in each process, so a busy client costs no look-up; a revoked key works
that much longer at the most.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from raincheck.actions.api_keys import MARK, hash_of, note_key_use, permissions_of_scopes
from raincheck.actions.permissions import PERMISSIONS
from raincheck.api.attempts import Attempts
from raincheck.api.problems import NO_KEY, NOT_ALLOWED, TOO_MANY_TRIES, Problem
from raincheck.store.reads.api_key import key_in_force

REMEMBERED_SECONDS: Final = 5.0
MOST_REMEMBERED: Final = 10_000
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="Raincheck"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is and what it may do."""

    key_id: int
    name: str
    permissions: frozenset[str]

    @property
    def actor(self) -> str:
        """How the record names whoever did something with this key."""
        return f"api:{self.name}"


class ApiRequest(HttpRequest):
    """A request whose key was accepted: how calls see it."""

    auth: Caller


class Keys:
    """The keys this process remembers, by hash."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Caller, float]] = {}
        self._lock = threading.Lock()

    def caller(self, key: str, now: float) -> Caller | None:
        """Who holds a key, or None if it is none in force. `now` counts seconds from any start."""
        key_hash = hash_of(key)
        known = self._known.get(key_hash)
        if known is not None and known[1] > now:
            return known[0]
        found = key_in_force(key_hash)
        if found is None:
            self._known.pop(key_hash, None)
            return None
        at = datetime.now(UTC)
        if found.last_used_on != at.date():
            note_key_use(found.id, at)
        caller = Caller(found.id, found.name, permissions_of_scopes(found.scopes))
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key_hash] = (caller, now + REMEMBERED_SECONDS)
        return caller

    def forget(self) -> None:
        """Forgets all keys, so that each is looked up again."""
        self._known.clear()


keys = Keys()
attempts = Attempts()


class ApiKey(HttpAuthBase):
    """Guards a call: it needs a key that has one of the permissions."""

    openapi_scheme = "bearer"

    def __init__(self, permission: str, *others: str) -> None:
        super().__init__()
        for name in (permission, *others):
            if name not in PERMISSIONS:
                raise KeyError(f"no permission is called {name!r}")
        self.permissions = (permission, *others)

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller. Raises Problem: 401 without a key in force, 403 without the permission, 429 for wild guessing."""
        given = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _, key = given.partition(" ")
        key = key.strip()
        if not key or scheme.lower() != "bearer":
            raise Problem(NO_KEY, "The call has no header Authorization: Bearer KEY.", headers=_CHALLENGE)
        caller = keys.caller(key, time.monotonic()) if key.startswith(MARK) else None
        if caller is None:
            raise _wrong_key(request)
        if not caller.permissions.intersection(self.permissions):
            wanted = " or ".join(self.permissions)
            raise Problem(NOT_ALLOWED, f"The key {caller.name!r} lacks the scope {wanted}.")
        return caller


def _wrong_key(request: HttpRequest) -> Problem:
    wait_seconds = attempts.wait_seconds(address_of(request), time.monotonic())
    if wait_seconds:
        return Problem(
            TOO_MANY_TRIES,
            "Too many calls from this address came with a wrong key.",
            headers={"Retry-After": str(wait_seconds)},
        )
    return Problem(NO_KEY, "The key is not known, or it was revoked.", headers=_CHALLENGE)


def address_of(request: HttpRequest) -> str:
    """Where a call comes from: the last address that no proxy of ours has, as RAINCHECK_PROXIES counts them."""
    proxies: int = settings.PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if hops:
            return str(hops[-min(proxies, len(hops))])
    return str(request.META.get("REMOTE_ADDR", ""))
