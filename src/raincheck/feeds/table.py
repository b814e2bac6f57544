"""A whole file's good rows, column by column, from which rows can still be refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from raincheck.feeds.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.feeds.kinds import Kind
    from raincheck.feeds.read import Reading
    from raincheck.feeds.report import Report


@dataclass
class Table:
    """The rows of one file of one kind by their place, 0 for the first; `refused` are the places that are not taken."""

    kind: Kind
    report: Report
    reading: Reading
    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)

    def fill(self, progress: Callable[[float], None]) -> None:
        """Reads the file to its end. Raises MalformedFile."""
        for batch in self.reading.batches():
            self.lines += batch.lines
            for name, values in batch.columns.items():
                self.columns.setdefault(name, []).extend(values)
            progress(self.reading.progress.done)
        self.report.rows = self.reading.rows
        self.report.refused = self.reading.refusals

    def places(self) -> Iterator[int]:
        """The places of the rows that stand."""
        return (place for place in range(len(self.lines)) if place not in self.refused)

    def value(self, name: str, place: int) -> Any:
        """A cell; None where it is empty or the file has no such column."""
        column = self.columns.get(name)
        return None if column is None else column[place]

    def row(self, place: int) -> dict[str, Any]:
        """A row's cells, by the columns that the file has."""
        return {name: values[place] for name, values in self.columns.items()}

    def refuse(self, place: int, name: str, reason: str, nearest: str | None = None) -> None:
        """Takes a row out, with the reason. A row is refused once."""
        if place in self.refused:
            return
        self.refused.add(place)
        value = self.value(name, place)
        text = "" if value is None else self.kind.column(name).type.write(value, self.reading.zone)
        self.reading.refuse(Refusal(self.lines[place], name, text, reason, nearest))


def broken_keys(table: Table) -> dict[str, int]:
    """The first key column's values of refused rows, each with the line of its first such row."""
    key = table.kind.key[0]
    lines = [(line, code) for line, code in table.reading.refused_keys.items()]
    lines += [(table.lines[place], table.value(key, place)) for place in table.refused]
    return {code: line for line, code in sorted(lines, reverse=True)}
