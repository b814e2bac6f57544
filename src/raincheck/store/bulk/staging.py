"""Rows of a file in a temporary table, where one statement can compare them with what is there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from raincheck.store.db import raw


def stage(table: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """A temporary table of these columns (name -> type), filled with rows. It goes with the transaction.

    A second staging under the same name replaces the first.
    """
    name = sql.Identifier(table)
    columns = [sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in types.items()]
    with psycopg.Cursor(raw()) as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(name))
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(name, sql.SQL(", ").join(columns)))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            copy.set_types([kind.split("(")[0] for kind in types.values()])
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("ANALYZE {}").format(name))
