"""Rows as dataclasses, by column name."""

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import JsonbLoader

from raincheck.store.db import raw

T = TypeVar("T")


def named_rows(kind: type[T], sql: str, params: Mapping[str, Any] | None = None) -> list[T]:
    """All rows of a query as `kind`, whose fields are the query's columns."""
    with psycopg.Cursor(raw(), row_factory=class_row(kind)) as cursor:
        # Django leaves JSON as text on its connections; a read wants it parsed.
        cursor.adapters.register_loader("jsonb", JsonbLoader)
        return cursor.execute(sql.encode(), params).fetchall()


def named_row(kind: type[T], sql: str, params: Mapping[str, Any] | None = None) -> T:
    """The one row of a query that always has one (an aggregate)."""
    (found,) = named_rows(kind, sql, params)
    return found


def first_named(kind: type[T], sql: str, params: Mapping[str, Any] | None = None) -> T | None:
    """The first row of a query, or None."""
    found = named_rows(kind, sql, params)
    return found[0] if found else None
