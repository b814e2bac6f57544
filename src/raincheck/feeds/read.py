"""Reads a file of one kind: batches of typed rows, and what is refused with the reason."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from raincheck.feeds.mapping import place_columns
from raincheck.feeds.refusal import CellError, MalformedFile, Refusal
from raincheck.feeds.row_rules import ROW_RULES
from raincheck.feeds.tabular import open_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from raincheck.feeds.kinds import Column, Kind
    from raincheck.feeds.lines import Progress

ROWS_IN_BATCH = 10_000
# Texts of one column that are remembered with their values; a column of distinct texts starts anew.
MOST_REMEMBERED = 100_000
MOST_REFUSALS = 500_000


@dataclass(frozen=True)
class Batch:
    """Good rows, column by column. A column that the file lacks is no key; an empty cell is None."""

    lines: list[int]
    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row with its line, as a mapping from column to value."""
        names = tuple(self.columns)
        for line, *values in zip(self.lines, *self.columns.values(), strict=True):
            yield line, dict(zip(names, values, strict=True))


class ColumnReader(dict[str, Any]):
    """Text -> value of one column; each text is read once. A refused text's value is its CellError."""

    def __init__(self, column: Column, zone: ZoneInfo, replaced: Mapping[str, str]) -> None:
        super().__init__()
        self.column = column
        self.zone = zone
        self.replaced = replaced
        self.any_refused = False

    def __missing__(self, text: str) -> Any:
        bare = text.strip()
        bare = self.replaced.get(bare, bare)
        value: Any
        try:
            value = self._read(bare)
        except CellError as refused:
            self.any_refused = True
            # A fresh one: the one raised keeps its frames, and with them the batch, alive.
            value = CellError(refused.reason, refused.nearest)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[text] = value
        return value

    def _read(self, bare: str) -> Any:
        if bare:
            return self.column.type.read(bare, self.zone)
        if self.column.required:
            raise CellError("must not be empty")
        return None


@dataclass
class Reading:
    """A file that is being read. Its figures are complete once `batches` is used up.

    Rows in which a column says one of some words are `left_aside`, unread, and counted by that word.
    """

    path: Path
    kind: Kind
    header: tuple[str, ...]
    left_out: tuple[str, ...]
    zone: ZoneInfo
    progress: Progress
    _rows: Iterator[tuple[int, list[str]]]
    _places: dict[str, int]
    _readers: dict[str, ColumnReader]
    _check_rows: bool
    _aside: tuple[int, Collection[str]] | None = None
    rows: int = 0
    left_aside: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    # What the refused rows say in the kind's first key column: to whose record they belong.
    refused_keys: dict[int, str] = field(default_factory=dict)

    def refuse(self, refusal: Refusal) -> None:
        """Takes down one more refused row; past a sensible number the file is not of this kind."""
        self.refusals.append(refusal)
        if len(self.refusals) > MOST_REFUSALS:
            raise MalformedFile(
                self.path,
                refusal.line,
                f"more than {MOST_REFUSALS:,} rows are refused; are these {self.kind.name}?",
            )

    def batches(self, size: int = ROWS_IN_BATCH) -> Iterator[Batch]:
        """The good rows. Refused ones go to `refusals` as they are met. Raises MalformedFile."""
        while chunk := list(islice(self._rows, size)):
            self.rows += len(chunk)
            yield self._batch(chunk)

    def _batch(self, chunk: list[tuple[int, list[str]]]) -> Batch:
        width = len(self.header)
        if any(len(cells) != width for _, cells in chunk):
            chunk = [row for row in chunk if self._is_even(*row)]
        if self._aside:
            chunk = self._without_those_aside(chunk, *self._aside)
        lines = [line for line, _ in chunk]
        texts = list(zip(*(cells for _, cells in chunk), strict=True))
        if not texts:
            return Batch([], {name: [] for name in self._readers})
        columns = {name: [reader[text] for text in texts[self._places[name]]] for name, reader in self._readers.items()}
        faults = self._faults(texts, columns) | self._row_faults(lines, columns)
        if not faults:
            return Batch(lines, columns)
        keys = texts[self._places[self.kind.key[0]]] if self.kind.key else ()
        for place, (name, text, refused) in sorted(faults.items()):
            self.refuse(Refusal(lines[place], name, text, refused.reason, refused.nearest))
            if keys:
                self.refused_keys[lines[place]] = keys[place].strip()
        kept = [place for place in range(len(lines)) if place not in faults]
        return Batch(
            [lines[place] for place in kept],
            {name: [values[place] for place in kept] for name, values in columns.items()},
        )

    def _without_those_aside(
        self, chunk: list[tuple[int, list[str]]], place: int, words: Collection[str]
    ) -> list[tuple[int, list[str]]]:
        kept = []
        for line, cells in chunk:
            word = cells[place].strip().casefold()
            if word in words:
                self.left_aside[word] += 1
            else:
                kept.append((line, cells))
        return kept

    def _is_even(self, line: int, cells: list[str]) -> bool:
        width = len(self.header)
        if len(cells) == width:
            return True
        short = len(cells) < width
        where = self.header[len(cells)] if short else self.header[-1]
        reason = f"{len(cells)} cells where the header names {width} columns"
        if self.kind.key and (place := self._places[self.kind.key[0]]) < len(cells):
            self.refused_keys[line] = cells[place].strip()
        self.refuse(Refusal(line, where, "" if short else cells[width], reason))
        return False

    def _faults(
        self,
        texts: list[tuple[str, ...]],
        columns: dict[str, list[Any]],
    ) -> dict[int, tuple[str, str, CellError]]:
        """Place in the batch -> the row's first cell that is refused."""
        faults: dict[int, tuple[str, str, CellError]] = {}
        for name, reader in self._readers.items():
            if reader.any_refused:
                for place, value in enumerate(columns[name]):
                    if isinstance(value, CellError) and place not in faults:
                        faults[place] = (name, texts[self._places[name]][place], value)
        return faults

    def _row_faults(
        self,
        lines: list[int],
        columns: dict[str, list[Any]],
    ) -> dict[int, tuple[str, str, CellError]]:
        rule = ROW_RULES.get(self.kind.name)
        if rule is None or not self._check_rows:
            return {}
        faults: dict[int, tuple[str, str, CellError]] = {}
        for place, (_, row) in enumerate(Batch(lines, columns).rows()):
            if any(isinstance(value, CellError) for value in row.values()):
                continue
            fault = rule(row)
            if fault is not None:
                name, reason = fault
                written = self._readers[name].column.type.write(row[name], self._readers[name].zone)
                faults[place] = (name, written, CellError(reason))
        return faults


NO_REPLACEMENTS: Mapping[str, Mapping[str, str]] = {}


@contextmanager
def open_reading(
    path: Path,
    kind: Kind,
    renamed: Mapping[str, str],
    zone: ZoneInfo,
    *,
    replaced: Mapping[str, Mapping[str, str]] = NO_REPLACEMENTS,
    leave_out: bool | None = None,
    check_rows: bool = True,
    aside: tuple[str, Collection[str]] | None = None,
) -> Iterator[Reading]:
    """Opens a file as one of a kind.

    `renamed` is our column -> the file's; `zone` the company's; `replaced` is our column -> texts of the file and
    what they stand for. `leave_out`: columns that are neither ours nor mapped are left out instead of refused; unless
    said otherwise they are where there is a map. `check_rows`: whether cells must agree with each other. `aside`: our
    column and the words of it, in small letters, with which a row is left aside.
    Raises MalformedFile if it is no table of this kind.
    """
    with open_table(path) as table:
        lenient = bool(renamed) if leave_out is None else leave_out
        places, left_out = place_columns(path, table.header, kind, renamed, leave_out=lenient)
        # In the order of the kind, so that a row with two faults always tells the same one.
        readers = {
            column.name: ColumnReader(column, zone, replaced.get(column.name, {}))
            for column in kind.columns
            if column.name in places
        }
        leaves = (places[aside[0]], aside[1]) if aside and aside[0] in places else None
        yield Reading(
            path, kind, table.header, left_out, zone, table.progress, table.rows, places, readers, check_rows, leaves
        )
