"""COPY into a table, on Django's connection and in its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from raincheck.store.db import raw

WORTHWHILE_ROWS = 1_000
"""From about so many rows on COPY is quicker than INSERT from arrays."""


def copy_in(table: str, types: Mapping[str, str], records: Iterable[Sequence[Any]]) -> None:
    """Inserts rows of these columns (name -> type), which must be what the table holds: COPY casts nothing."""
    columns = sql.SQL(", ").join(map(sql.Identifier, types))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table), columns)
    with psycopg.Cursor(raw()) as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(types.values()))
        for record in records:
            copy.write_row(record)
