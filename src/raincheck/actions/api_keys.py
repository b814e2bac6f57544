"""Make and revoke keys of the HTTP API. A key is shown once, when it is made; the database knows its hash alone."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from django.db import transaction

from raincheck.actions.permissions import PERMISSIONS, Role, permissions_of
from raincheck.core.errors import Malformed, NotFound
from raincheck.store import access
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox

MARK = "rck_"
"""Every key begins so: scanners of code and logs know it for a secret."""
PREFIX_SIGNS = 12
LONGEST_NAME = 100
REPLIES_KEPT_DAYS = 7


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made. `key` is the secret itself."""

    key: str
    prefix: str


def make_api_key(name: str, scopes: Sequence[str], at: datetime | None = None, actor: str = "") -> NewKey:
    """Makes a key that may do what its scopes say: names of permissions, or of roles for all that the role may do.

    Raises Malformed for a name or a scope that makes no sense.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Malformed(f"a key needs a name of 1 to {LONGEST_NAME} printable signs")
    if not scopes:
        raise Malformed("a key needs at least one scope: a permission such as order.place, or a role such as sales")
    for scope in scopes:
        _check_scope(scope)
    # 256 random bits cannot be guessed, so a plain hash keeps them as well as a slow one, and costs a call nothing.
    key = MARK + secrets.token_urlsafe(32)
    prefix = key[:PREFIX_SIGNS]
    with transaction.atomic():
        outbox = Outbox(
            at or database_now(), "apikey_made", f"apikey:{prefix}", actor, {"name": name, "scopes": scopes}
        )
        access.insert_key(name, prefix, hash_of(key), list(dict.fromkeys(scopes)), outbox.at, actor)
        _ = outbox.fact
    return NewKey(key, prefix)


def revoke_api_key(prefix: str, at: datetime | None = None, actor: str = "") -> None:
    """Revokes the key that begins with `prefix`. Raises NotFound if no key in force does."""
    with transaction.atomic():
        outbox = Outbox(at or database_now(), "apikey_revoked", f"apikey:{prefix[:PREFIX_SIGNS]}", actor)
        if not access.revoke_key(prefix, outbox.at):
            raise NotFound(f"no key in force begins with {prefix!r}")
        _ = outbox.fact


def note_key_use(key: int, at: datetime) -> None:
    """Notes the day of a key's use, and forgets the answers of its calls that nobody asks for any more.

    Called once a day for each key: what needs doing daily for a key is done by its first call of the day.
    """
    with transaction.atomic():
        if access.note_use(key, at.date()):
            access.forget_replies(key, at - timedelta(days=REPLIES_KEPT_DAYS))


def hash_of(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Every permission that a key with these scopes has. A role gives what it gives today, not what it gave then."""
    given = list(scopes)
    return permissions_of(given) | frozenset(scope for scope in given if scope in PERMISSIONS)


def _check_scope(scope: str) -> None:
    known = {*PERMISSIONS, *(role.value for role in Role)}
    if scope not in known:
        near = get_close_matches(scope, sorted(known), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"permissions are {', '.join(PERMISSIONS)}"
        raise Malformed(f"no permission or role is called {scope!r}: {hint}")
