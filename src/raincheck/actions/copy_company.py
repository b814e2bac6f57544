"""Fill an empty database with a copy of a living company's records, so that a drill starts from it."""

from django.db.backends.base.base import BaseDatabaseWrapper

from raincheck.store import copy_company as tables
from raincheck.store.db import raw


def copy_company(live: BaseDatabaseWrapper) -> None:
    """Copies every record that `live` holds into the default connection's database, which must be empty."""
    live.ensure_connection()
    tables.copy_company(live.connection, raw())
