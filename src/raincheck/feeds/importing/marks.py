"""Knows rows without a key again, so that importing the same file twice changes nothing.

A row that says when it happened is the same whenever all of it is the same (the third equal row of one file is the
third). A row that does not is the same only in the same file: five units received last week and five received this
week are two deliveries. What was done here and exported is known by the fact on record.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from raincheck.actions.remember_rows import one_import_at_a_time, remember_rows
from raincheck.store.reads.importing import facts_of, known_marks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raincheck.feeds.table import Table


class Marks:
    """The marks of a file's rows. `subject_of` names what a row is about, as facts do."""

    def __init__(
        self, table: Table, verb: str, subject_of: Callable[[dict[str, Any]], str], units: str, happened_at: str
    ) -> None:
        self._table = table
        self._subject_of = subject_of
        self._units = units
        self._happened_at = happened_at
        one_import_at_a_time(table.kind.name)
        self._marks = self._marks_of(_digest_of_file(table.reading.path))
        self._known = known_marks(list(self._marks.values()))
        subjects = {subject_of(table.row(place)) for place in table.places()}
        self._facts = facts_of(verb, list(subjects))
        self._taken: list[str] = []

    def _marks_of(self, file: str) -> dict[int, str]:
        seen: Counter[str] = Counter()
        marks = {}
        for place in self._table.places():
            row = self._table.row(place)
            said = "|".join(f"{name}={value}" for name, value in sorted(row.items()) if value is not None)
            seen[said] += 1
            where = "" if row.get(self._happened_at) is not None else file
            digest = hashlib.sha256(f"{said}|{seen[said]}|{where}".encode()).hexdigest()
            marks[place] = f"import:{self._table.kind.name}:{digest}"
        return marks

    def is_known(self, place: int) -> bool:
        """Whether a row was taken before."""
        return self._marks[place] in self._known or self._is_on_record(place)

    def _is_on_record(self, place: int) -> bool:
        row = self._table.row(place)
        happened_at = row.get(self._happened_at)
        detail = self._facts.get((self._subject_of(row), happened_at)) if happened_at is not None else None
        if detail is None:
            return False
        if row.get("sku") is None:
            return not detail.get("lines")
        return (detail.get("lines") or {}).get(row["sku"], 0) == (row.get(self._units) or 0) and (
            detail.get("damaged") or {}
        ).get(row["sku"], 0) == (row.get("damaged") or 0)

    def take(self, place: int) -> None:
        """Notes that a row is taken now."""
        self._taken.append(self._marks[place])

    def write(self, actor: str) -> None:
        """Puts what was taken on record."""
        remember_rows(self._taken, actor)


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
