"""Remember rows that were imported and have no key of their own, so that the same row is never taken twice."""

from collections.abc import Iterable

from raincheck.store.db import rows, run
from raincheck.store.reads.importing import ROW_IMPORTED


def one_import_at_a_time(kind: str) -> None:
    """Lets only one import of a kind write at a time, until the transaction ends."""
    rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {kind}"])


def remember_rows(marks: Iterable[str], actor: str = "") -> None:
    """Puts the marks of imported rows on record."""
    run(
        """INSERT INTO fact (at, verb, subject, actor, detail)
           SELECT clock_timestamp(), %s, mark, %s, '{}'::jsonb FROM unnest(%s::text[]) AS v (mark)""",
        [ROW_IMPORTED, actor, list(marks)],
    )
