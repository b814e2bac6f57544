"""A table out of a file: its header, then its rows with the line each starts on. CSV, CSV.gz or a workbook."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.feeds.lines import Progress, open_lines
from raincheck.feeds.refusal import MalformedFile, shown
from raincheck.feeds.sheets import is_workbook, open_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 100_000
MOST_COLUMNS = 500


@dataclass(frozen=True)
class Table:
    """A file's header and the stream of its rows, each with the line it starts on, counted as an editor does.

    Empty rows are left out. A row that is not as wide as the header comes as it is.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    progress: Progress


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Opens a file as a table. Raises MalformedFile where it is none, also while rows are read."""
    try:
        size = path.stat().st_size
        if not path.is_file() and not path.is_dir():
            raise MalformedFile(path, None, "is no file; what comes through a pipe must be saved first")
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise MalformedFile(path, None, f"cannot be read: {error.strerror}") from error
    if not start:
        raise MalformedFile(path, None, "the file is empty; its first line must name the columns")
    progress = Progress(size)
    if is_workbook(start):
        with open_sheet(path, progress) as sheet:
            yield _table(path, _numbered(sheet), progress, padded=True)
    else:
        with open_lines(path, progress) as lines:
            yield _table(path, _parsed(path, lines), progress, padded=False)


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return enumerate(rows, start=1)


def _parsed(path: Path, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """CSV rows with the line each starts on."""
    first = next(lines, "")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_then(first, lines), delimiter=_delimiter(first), strict=True)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise MalformedFile(path, start, _explained(str(error))) from error


def _then(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(header: str) -> str:
    """The sign that parts the header's names: the most frequent outside of quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _explained(error: str) -> str:
    if "field larger" in error or "unexpected end" in error:
        return 'a quotation mark (") opens here and does not close; a mark inside a cell is written twice ("")'
    if "expected after" in error:
        return 'text follows a closing quotation mark ("); a mark inside a cell is written twice ("")'
    if "new-line" in error:
        return "lines end with a bare carriage return; save the file as CSV in UTF-8"
    return error


def _table(
    path: Path,
    rows: Iterator[tuple[int, list[str]]],
    progress: Progress,
    *,
    padded: bool,
) -> Table:
    line, cells = next(((line, cells) for line, cells in rows if any(cells)), (1, []))
    header = tuple(cell.strip() for cell in cells)
    if padded:
        # A sheet's rows run on into empty cells.
        while header and not header[-1]:
            header = header[:-1]
    if not header:
        raise MalformedFile(path, None, "the file is empty; its first line must name the columns")
    if len(header) > MOST_COLUMNS:
        raise MalformedFile(path, line, f"more than {MOST_COLUMNS} columns")
    for place, name in enumerate(header):
        if not name:
            raise MalformedFile(path, line, f"column {place + 1} has no name")
        if name in header[:place]:
            raise MalformedFile(path, line, f"two columns are named {shown(name)}")
    return Table(header, _filled(rows, len(header), padded=padded), progress)


def _filled(
    rows: Iterator[tuple[int, list[str]]],
    width: int,
    *,
    padded: bool,
) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything. A sheet leaves out or adds empty cells at the end; a CSV file must not."""
    for line, cells in rows:
        if (not cells or not cells[0]) and not any(cells):
            continue
        if padded and len(cells) != width and not any(cells[width:]):
            yield line, (cells + [""] * width)[:width]
        else:
            yield line, cells
