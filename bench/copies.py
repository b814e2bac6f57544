"""Copies of a benchmark's database, and its rows as COPY writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from raincheck.config.databases import default_database
from raincheck.store.db import raw

TABLES = sorted(model._meta.db_table for model in apps.get_app_config("store").get_models())


@contextmanager
def copied(base: str) -> Iterator[str]:
    """A copy of a database that nobody works in, to which Django's default connection goes until the block ends."""
    name = f"{base[:-5]}_copy"
    connection.close()
    parameters = {**connection.get_connection_params(), "dbname": settings.HOME_DATABASE, "autocommit": True}
    with psycopg.connect(**parameters) as admin:
        # As every throw-away database: what a killed run leaves is dropped by the next.
        admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(base)))
        try:
            with default_database(name):
                yield name
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def rows_of(table: str) -> list[bytes]:
    """Every row of a table, by its first column, which is its key."""
    return b"".join(_out(table)).splitlines()


def save(table: str, file: Path) -> None:
    """Every row of a table into a file, by its key."""
    with file.open("wb") as out:
        for block in _out(table):
            out.write(block)


def load(table: str, file: Path) -> None:
    """The rows of a file into a table."""
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with file.open("rb") as rows, raw().cursor() as cursor, cursor.copy(statement) as copy:
        while block := rows.read(1 << 20):
            copy.write(block)


def _out(table: str) -> Iterator[bytes]:
    statement = sql.SQL("COPY (SELECT * FROM {} ORDER BY 1) TO STDOUT").format(sql.Identifier(table))
    with raw().cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)
