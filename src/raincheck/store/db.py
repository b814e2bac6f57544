"""Plain SQL on Django's connection: server-side binding, prepared statements, arrays in and columns out.

Snapshots and decisions move thousands of rows at once; they read tuples and write arrays instead of model instances.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection

from raincheck.store.arrays import ArrayDumper
from raincheck.store.instants import InstantLoader

Params = Sequence[Any]

# Statements a session keeps prepared: all of the store's, with room for those whose text is put together.
PREPARED_STATEMENTS = 400


def raw() -> psycopg.Connection[Any]:
    """The psycopg connection behind Django's, opened if need be."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    inner = connection.connection
    if not isinstance(inner, psycopg.Connection):
        raise TypeError("Raincheck runs on PostgreSQL through psycopg 3")
    if inner.prepare_threshold is None:
        # Django switches prepared statements off altogether. The ORM's, bound on our side, stay unprepared.
        inner.prepare_threshold = 5
        inner.prepared_max = PREPARED_STATEMENTS
        inner.adapters.register_dumper(list, ArrayDumper)
        inner.adapters.register_loader("timestamptz", InstantLoader)
    return inner


def rows(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with psycopg.Cursor(raw()) as cursor:
        return cursor.execute(sql.encode(), params, prepare=True).fetchall()


def row(sql: str, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row of a query, or None."""
    with psycopg.Cursor(raw()) as cursor:
        return cursor.execute(sql.encode(), params, prepare=True).fetchone()


def one(sql: str, params: Params = ()) -> tuple[Any, ...]:
    """The first row of a query that always has one (a count, a RETURNING). Raises LookupError if it has none."""
    found = row(sql, params)
    if found is None:
        raise LookupError(sql)
    return found


def run(sql: str, params: Params = ()) -> int:
    """Runs a statement; the number of rows it touched."""
    with psycopg.Cursor(raw()) as cursor:
        return cursor.execute(sql.encode(), params, prepare=True).rowcount


def columns(records: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into columns for `unnest`; `width` empty columns where there are no rows."""
    turned = [list(column) for column in zip(*records, strict=True)]
    return turned or [[] for _ in range(width)]
