"""The keys of the HTTP API, for the people who look after them."""

from dataclasses import dataclass
from datetime import date, datetime

from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key. `prefix` is how it begins: all that is known of it. `scopes` are names of permissions and roles."""

    prefix: str
    name: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    last_used_on: date | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyInForce:
    """A key that a call may use. `scopes` are names of permissions and roles, as they were given."""

    id: int
    name: str
    scopes: list[str]
    last_used_on: date | None


def key_in_force(key_hash: str) -> KeyInForce | None:
    """The key with this hash, unless it is revoked. Timing tells nothing: a hash cannot be steered by its key."""
    return first_named(
        KeyInForce,
        "SELECT id, name, scopes, last_used_on FROM api_key WHERE key_hash = %(hash)s AND revoked_at IS NULL",
        {"hash": key_hash},
    )


def api_keys() -> list[ApiKeyRow]:
    """Every key ever made, those in force first, the newest first. One query."""
    return named_rows(
        ApiKeyRow,
        """SELECT prefix, name, scopes, created_at, created_by, last_used_on, revoked_at FROM api_key
           ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC""",
    )
