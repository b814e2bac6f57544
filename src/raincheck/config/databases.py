"""Databases beside the company's own: the empty template, and throw-away copies of it for drills and tests.

PostgreSQL cannot copy a database that somebody works in, so an empty, migrated one is kept that nobody may enter.
A copy of it takes some tens of milliseconds (docs/adr/0002-embedded-postgresql.md has the measurement).
"""

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from raincheck.core.errors import RaincheckError, Refused

# Advisory locks are taken on the company's own database: one for whoever builds a template, one per throw-away.
BUILD_LOCK = "raincheck template"

Admin = psycopg.Connection[Any]


def ensure_template() -> str:
    """The name of the empty database that has every migration of this release. Built (a few seconds) when missing.

    Safe to call from several processes at once. Templates of other releases are dropped.
    Raises Refused when the role may not create databases.
    """
    name = _prefix("template") + migrations_digest()
    with _admin() as admin:
        if _exists(admin, name):
            return name
        _check_may_create(admin)
        admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [BUILD_LOCK])
        if not _exists(admin, name):
            _build(admin, name)
            _sweep_templates(admin, keep=name)
    return name


@contextmanager
def throwaway_database(*, keep: bool = False) -> Iterator[str]:
    """The name of a new, empty, migrated database, dropped at the end (with `keep` it stays, under its `kept_name`).

    What a killed process left is dropped here too. Raises Refused when the role may not create databases.
    """
    name = _prefix("throwaway") + uuid.uuid4().hex
    with _admin() as admin:
        _check_may_create(admin)
        _sweep_throwaways(admin)
        # Held for as long as this session lives: how others tell that the database is in use.
        admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        _clone(admin, name)
        try:
            yield name
        finally:
            if keep:
                admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", name, kept_name(name)))
            else:
                admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def kept_name(name: str) -> str:
    """The name under which the throw-away database `name` stays when it is kept: one that nobody sweeps."""
    return name.replace("throwaway", "kept")


@contextmanager
def default_database(name: str) -> Iterator[None]:
    """Within the block Django's default connection of this process goes to database `name` of the same server.

    For one-threaded programs: threads that start inside the block follow, those with an open connection do not.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Inside a transaction Django's connection stays where it is.")
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def migrations_digest() -> str:
    """Changes whenever a migration of any installed app does."""
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _admin() -> Iterator[Admin]:
    """A session of its own on the company's database, each statement committed by itself."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = {**connection.settings_dict, "NAME": settings.HOME_DATABASE}
    parameters = wrapper.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True}) as admin:
        yield admin


def _exists(admin: Admin, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _check_may_create(admin: Admin) -> None:
    may = "SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
    row = admin.execute(may).fetchone()
    if row is not None and not row[0]:
        raise Refused(
            f"The database role {row[1]} may not create databases, which drills and replays need: "
            f"let a superuser run ALTER ROLE {row[1]} CREATEDB."
        )


def _build(admin: Admin, name: str) -> None:
    draft = f"{name}_draft"
    admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", draft))
    admin.execute(_statement("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", draft))
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--no-input", "--skip-checks"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "raincheck.config.settings", "RAINCHECK_DATABASE": draft},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RaincheckError(f"The empty database cannot be migrated: {last}")
    admin.execute(_statement("ALTER DATABASE {} ALLOW_CONNECTIONS false", draft))
    admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", draft, name))


def _clone(admin: Admin, name: str) -> None:
    try:
        admin.execute(_statement("CREATE DATABASE {} TEMPLATE {}", name, ensure_template()))
    except psycopg.errors.InvalidCatalogName:
        # Another release, on the same server, has just dropped this one's template.
        admin.execute(_statement("CREATE DATABASE {} TEMPLATE {}", name, ensure_template()))


def _sweep_templates(admin: Admin, keep: str) -> None:
    for name in _names(admin, _prefix("template")):
        if name != keep:
            admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _sweep_throwaways(admin: Admin) -> None:
    for name in _names(admin, _prefix("throwaway")):
        row = admin.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()
        if row is not None and row[0]:
            admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
            admin.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _prefix(kind: str) -> str:
    """Several companies may share a server: what belongs to this one begins with a mark of its own database's name."""
    mark = hashlib.sha256(str(settings.HOME_DATABASE).encode()).hexdigest()[:6]
    return f"raincheck_{mark}_{kind}_"


def _names(admin: Admin, prefix: str) -> list[str]:
    rows = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return sorted(row[0] for row in rows)


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
