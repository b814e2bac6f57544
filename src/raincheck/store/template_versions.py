"""Versions of the words of messages: a new one in force, or none."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from raincheck.store.db import one, row, run


def lock_template(event: str, language: str) -> None:
    """Until the transaction ends nobody else changes these words."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"message_template/{event}/{language}"])


def version_in_force(event: str, language: str) -> int:
    """The version in force; 0: the shipped words."""
    found = row(
        "SELECT version FROM message_template WHERE event = %s AND language = %s AND ended_at IS NULL",
        [event, language],
    )
    return int(found[0]) if found else 0


def add_version(event: str, language: str, parts: Mapping[str, str], at: datetime, actor: str) -> int:
    """Puts words in force in place of those that were; their version. The template must be locked."""
    end_version(event, language, at)
    found = one(
        """INSERT INTO message_template (event, language, version, parts, made_at, made_by)
           SELECT %s, %s, coalesce(max(version), 0) + 1, %s::jsonb, %s, %s
           FROM message_template WHERE event = %s AND language = %s RETURNING version""",
        [event, language, orjson.dumps(dict(parts)).decode(), at, actor, event, language],
    )
    return int(found[0])


def end_version(event: str, language: str, at: datetime) -> bool:
    """Takes the company's words out of force, so that the shipped ones are used again; False if none were."""
    return (
        run(
            "UPDATE message_template SET ended_at = %s WHERE event = %s AND language = %s AND ended_at IS NULL",
            [at, event, language],
        )
        > 0
    )
