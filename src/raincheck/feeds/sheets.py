"""The rows of a workbook's first sheet, as texts, read as a stream."""

from __future__ import annotations

import datetime as dt
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from raincheck.feeds.refusal import MalformedFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from raincheck.feeds.lines import Progress

# A workbook is a zip; its texts are unpacked into memory, so what it says it holds is bounded before.
MOST_UNPACKED_BYTES = 512 * 1024**2
ZIP_MAGIC = b"PK\x03\x04"


def is_workbook(start: bytes) -> bool:
    return start.startswith(ZIP_MAGIC)


@contextmanager
def open_sheet(path: Path, progress: Progress) -> Iterator[Iterator[list[str]]]:
    """The rows of the first sheet. Numbers, dates and yes/no come as the texts that a CSV file would hold."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise MalformedFile(path, None, "the workbook is too large; save the sheet as CSV")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError) as error:
        raise MalformedFile(
            path, None, f"not a workbook that can be read ({_brief(error)}); save the sheet as CSV"
        ) from error
    try:
        sheets = book.worksheets
        if not sheets:
            raise MalformedFile(path, None, "the workbook has no sheet")
        yield _rows(path, sheets[0], progress)
    finally:
        book.close()


def _rows(path: Path, sheet: Worksheet, progress: Progress) -> Iterator[list[str]]:
    most = sheet.max_row or 0
    number = 0
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if most:
                progress.set(min(1.0, number / most))
            yield [_text(value) for value in row]
    except (DefusedXmlException, ParseError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise MalformedFile(path, number + 1, f"the sheet is damaged ({_brief(error)}); save it as CSV") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # A sheet keeps every number as a float: 12 is 12.0 there.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _brief(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
