"""Keys of the HTTP API and the answers remembered for repeated calls, as rows. Only a key's hash is ever stored."""

from collections.abc import Sequence
from datetime import date, datetime

import orjson

from raincheck.store.db import one, row, run


def insert_key(name: str, prefix: str, key_hash: str, scopes: Sequence[str], at: datetime, by: str) -> int:
    """A new key's row."""
    found = one(
        """INSERT INTO api_key (name, prefix, key_hash, scopes, created_at, created_by)
           VALUES (%s, %s, %s, %s::jsonb, %s, %s) RETURNING id""",
        [name, prefix, key_hash, orjson.dumps(list(scopes)).decode(), at, by],
    )
    return int(found[0])


def revoke_key(prefix: str, at: datetime) -> bool:
    """Revokes the key that begins so; False if no key in force does."""
    return run("UPDATE api_key SET revoked_at = %s WHERE prefix = %s AND revoked_at IS NULL", [at, prefix]) > 0


def note_use(key: int, on: date) -> bool:
    """Notes the day of a key's last use; False if that day is on record already."""
    return (
        run("UPDATE api_key SET last_used_on = %s WHERE id = %s AND last_used_on IS DISTINCT FROM %s", [on, key, on])
        > 0
    )


def claim_reply(key: int, call: str, content: str, at: datetime, wait_ms: int) -> int | None:
    """The row that will hold the answer to a call, or None if there is one already.

    While another transaction works on the same call this waits for its end, at the most `wait_ms`, then raises
    psycopg.errors.LockNotAvailable. The bound holds for every lock of the transaction from here on.
    """
    found = row(
        """INSERT INTO idempotent_reply (api_key_id, key, request_hash, created_at)
           SELECT %s, %s, %s, %s FROM set_config('lock_timeout', %s, true) AS bound
           ON CONFLICT (api_key_id, key) DO NOTHING RETURNING id""",
        [key, call, content, at, str(wait_ms)],
    )
    return int(found[0]) if found else None


def finish_reply(row: int, status: int, body: bytes) -> None:
    """Stores the answer, in the transaction of what it answers for."""
    run("UPDATE idempotent_reply SET status = %s, body = %s WHERE id = %s", [status, body, row])


def stored_reply(key: int, call: str) -> tuple[str, int, bytes] | None:
    """The hash of what was asked in a call before, and its answer."""
    found = row(
        """SELECT request_hash, status, body FROM idempotent_reply
           WHERE api_key_id = %s AND key = %s AND status IS NOT NULL""",
        [key, call],
    )
    return (found[0], found[1], bytes(found[2])) if found else None


def forget_replies(key: int, before: datetime) -> int:
    """Forgets the answers of a key that were given before an instant; how many."""
    return run("DELETE FROM idempotent_reply WHERE api_key_id = %s AND created_at < %s", [key, before])
