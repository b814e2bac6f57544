"""Marks of rows that were imported and have no key of their own, so that the same row is never taken twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson

from raincheck.store.db import rows, run

VERB = "row_imported"


def one_at_a_time(kind: str) -> None:
    """Lets only one import of a kind write at a time, until the transaction ends."""
    rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {kind}"])


def known_marks(marks: Sequence[str]) -> frozenset[str]:
    """Which of these marks are there."""
    found = rows("SELECT subject FROM fact WHERE verb = %s AND subject = ANY(%s)", [VERB, list(marks)])
    return frozenset(mark for (mark,) in found)


def set_marks(marks: Iterable[str], actor: str = "") -> None:
    """Puts marks on record."""
    run(
        """INSERT INTO fact (at, verb, subject, actor, detail)
           SELECT clock_timestamp(), %s, mark, %s, '{}'::jsonb FROM unnest(%s::text[]) AS v (mark)""",
        [VERB, actor, list(marks)],
    )


def facts_of(verb: str, subjects: Sequence[str]) -> dict[tuple[str, datetime], dict[str, dict[str, int]]]:
    """(subject, instant) -> detail of what was done to these subjects."""
    found = rows("SELECT subject, at, detail FROM fact WHERE verb = %s AND subject = ANY(%s)", [verb, list(subjects)])
    return {(subject, at): orjson.loads(detail) for subject, at, detail in found}
