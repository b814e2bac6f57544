"""Whole columns of numbers out of the database and in, by binary COPY without looking at single values.

Every value is a number of fixed width and never NULL, so every row is as long as the next and the bytes that travel are
the columns. Days travel as ordinals (`day_number`), what is missing as 0.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import psycopg
from psycopg import sql

from raincheck.core.batch.columns import Ints
from raincheck.store.db import raw

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"


def day_number(day: str) -> str:
    """SQL: a day as `date.toordinal` counts it, 0 for none."""
    return f"coalesce({day} - DATE '0001-01-01' + 1, 0)::int4"


def day_of(number: str) -> str:
    """SQL: the day of such a number, NULL for 0."""
    return f"(DATE '0001-01-01' + (nullif({number}, 0) - 1)::int4)"


def copy_out(query: sql.Composable, widths: Mapping[str, int]) -> dict[str, Ints]:
    """The columns of a query, which gives int4 or int8 (name -> 4 or 8 bytes) and no NULL."""
    buffer = bytearray()
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(query)
    with psycopg.Cursor(raw()) as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            buffer += piece
    table = np.frombuffer(buffer, _row(widths), offset=len(_HEADER), count=_rows_in(buffer, widths))
    return {name: table[name].astype(np.int64) for name in widths}


def copy_columns(table: str, columns: Mapping[str, Ints]) -> None:
    """Makes a temporary table of these columns (int8), which goes with the transaction."""
    names = sql.SQL(", ").join(sql.SQL("{} int8 NOT NULL").format(sql.Identifier(name)) for name in columns)
    widths = dict.fromkeys(columns, 8)
    rows = np.empty(len(next(iter(columns.values()))), _row(widths))
    rows["fields"] = len(columns)
    for name, values in columns.items():
        rows[f"{name} bytes"], rows[name] = 8, values
    with psycopg.Cursor(raw()) as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(sql.Identifier(table), names))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))) as copy:
            copy.write(_HEADER)
            copy.write(rows.data.cast("B") if len(rows) else b"")
            copy.write(_TRAILER)
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def drop(table: str) -> None:
    """Drops such a table before its transaction ends."""
    with psycopg.Cursor(raw()) as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table)))


def _row(widths: Mapping[str, int]) -> np.dtype[np.void]:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, width in widths.items():
        fields += [(f"{name} bytes", ">i4"), (name, f">i{width}")]
    return np.dtype(fields)


def _rows_in(buffer: bytearray, widths: Mapping[str, int]) -> int:
    count, rest = divmod(len(buffer) - len(_HEADER) - len(_TRAILER), _row(widths).itemsize)
    if rest:
        raise ValueError("a column is NULL or has another width than it was said to have")
    return count
