"""Endpoints of webhooks, as rows: added, changed, resting after failures, switched off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import orjson

from raincheck.store.db import one, row, rows, run
from raincheck.store.sealed import NotOpened, is_sealed_with_the_key_of_today, sealed, sealed_anew

OLD_SECRET_DAYS: Final = 1
BACK_AFTER: Final = 3


def add(url: str, note: str, secret: str, events: Sequence[str], at: datetime, by: str) -> int:
    """A new endpoint's row."""
    found = one(
        """INSERT INTO webhook_endpoint (url, note, secret, old_secret, events, is_active, made_at, made_by, failures,
                                         switched_off_why)
           VALUES (%s, %s, %s, '', %s::jsonb, true, %s, %s, 0, '') RETURNING id""",
        [url, note, sealed(secret), orjson.dumps(list(events)).decode(), at, by[:150]],
    )
    return int(found[0])


def url_of(endpoint: int) -> str | None:
    """An endpoint's address, its row locked; None if there is none such, or it was removed.

    The lock leaves whoever queues an event for it in peace, for it may be held while a delivery under way ends.
    """
    found = row("SELECT url FROM webhook_endpoint WHERE id = %s AND removed_at IS NULL FOR NO KEY UPDATE", [endpoint])
    return str(found[0]) if found else None


def change(endpoint: int, url: str, note: str, events: Sequence[str]) -> None:
    """Other words, another address, other events. What is queued goes to the new address."""
    run(
        """UPDATE webhook_endpoint SET url = %s, note = %s, events = %s::jsonb, rests_until = NULL, failures = 0,
                  failing_since = NULL WHERE id = %s""",
        [url, note, orjson.dumps(list(events)).decode(), endpoint],
    )


def rotate(endpoint: int, secret: str, at: datetime) -> None:
    """A new secret; the one before signs beside it for a day."""
    run(
        "UPDATE webhook_endpoint SET old_secret = secret, old_secret_until = %s, secret = %s WHERE id = %s",
        [at + timedelta(days=OLD_SECRET_DAYS), sealed(secret), endpoint],
    )


def seal_anew() -> tuple[int, list[int]]:
    """Seals what a former key sealed with the key of today: how many, and the endpoints whose secret no key opens."""
    done, lost = 0, []
    for endpoint, secret, old_secret in rows(
        "SELECT id, secret, old_secret FROM webhook_endpoint WHERE removed_at IS NULL ORDER BY id FOR NO KEY UPDATE"
    ):
        for column, kept in (("secret", secret), ("old_secret", old_secret)):
            if not kept or is_sealed_with_the_key_of_today(kept):
                continue
            try:
                anew = sealed_anew(kept)
            except NotOpened:
                lost += [int(endpoint)] if column == "secret" else []
                continue
            run(f"UPDATE webhook_endpoint SET {column} = %s WHERE id = %s", [anew, endpoint])  # noqa: S608 - ours
            done += 1
    return done, lost


def switch(endpoint: int, *, on: bool, why: str = "") -> None:
    """Switches an endpoint on or off; on, it starts without a past."""
    run(
        """UPDATE webhook_endpoint SET is_active = %s, switched_off_why = %s, rests_until = NULL, failures = 0,
                  failing_since = NULL WHERE id = %s""",
        [on, why[:500], endpoint],
    )


def remove(endpoint: int, at: datetime) -> None:
    """Takes an endpoint away; what it was told stays on record, what is queued for it is dropped."""
    run("DELETE FROM webhook_delivery WHERE endpoint_id = %s AND state = 'queued'", [endpoint])
    run(
        "UPDATE webhook_endpoint SET is_active = false, removed_at = %s, secret = '', old_secret = '' WHERE id = %s",
        [at, endpoint],
    )


def note_success(endpoint: int) -> None:
    """It answers. After `BACK_AFTER` failures in a row it was away and is back: what waits for it goes at once.

    Nothing is written where nothing had failed.
    """
    found = row(
        """UPDATE webhook_endpoint e SET failing_since = NULL, failures = 0, rests_until = NULL
           FROM (SELECT id, failures FROM webhook_endpoint WHERE id = %s AND failures > 0 FOR NO KEY UPDATE) AS before
           WHERE e.id = before.id RETURNING before.failures""",
        [endpoint],
    )
    if found is not None and found[0] >= BACK_AFTER:
        run(
            """UPDATE webhook_delivery SET try_again_at = NULL WHERE id IN (
                   SELECT id FROM webhook_delivery WHERE endpoint_id = %s AND state = 'queued'
                          AND try_again_at IS NOT NULL ORDER BY id FOR UPDATE SKIP LOCKED)""",
            [endpoint],
        )


def note_failure(endpoint: int, at: datetime) -> tuple[int, datetime]:
    """It did not answer. How often in a row, and since when."""
    found = one(
        """UPDATE webhook_endpoint SET failures = failures + 1, failing_since = coalesce(failing_since, %s)
           WHERE id = %s RETURNING failures, failing_since""",
        [at, endpoint],
    )
    return int(found[0]), found[1]


def rest(endpoint: int, until: datetime) -> None:
    """Nothing is sent to it before then."""
    run("UPDATE webhook_endpoint SET rests_until = %s WHERE id = %s", [until, endpoint])
