"""A drill gets an empty company of its own in an instant and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from raincheck.config.databases import default_database, ensure_template, kept_name, throwaway_database

pytestmark = pytest.mark.slow


def database_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.usefixtures("fresh_database")
def test_a_throw_away_database_is_empty_migrated_and_gone_afterwards() -> None:
    with throwaway_database() as name:
        assert name in database_names()
        with default_database(name), connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), count(*) FROM django_migrations")
            current, migrations_applied = cursor.fetchone()
        assert current == name
        assert migrations_applied > 0
    assert name not in database_names()


@pytest.mark.usefixtures("fresh_database")
def test_it_is_gone_also_when_the_drill_fails_halfway() -> None:
    with pytest.raises(ZeroDivisionError), throwaway_database() as name:
        raise ZeroDivisionError
    assert name not in database_names()


@pytest.mark.usefixtures("fresh_database")
def test_it_is_dropped_although_somebody_still_looks_into_it() -> None:
    with throwaway_database() as name:
        looker = psycopg.connect(**{**connection.get_connection_params(), "dbname": name})
    assert name not in database_names()
    looker.close()


@pytest.mark.usefixtures("fresh_database")
def test_a_rehearsal_that_is_kept_stays_under_another_name() -> None:
    with throwaway_database(keep=True) as name:
        pass
    kept = kept_name(name)
    try:
        assert name not in database_names()
        assert kept in database_names()
        with throwaway_database():
            assert kept in database_names(), "the next one swept it"
    finally:
        with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {kept}")


@pytest.mark.django_db
def test_inside_a_transaction_the_default_database_cannot_be_changed() -> None:
    with pytest.raises(RuntimeError, match="transaction"), default_database("elsewhere"):
        pass


@pytest.mark.usefixtures("fresh_database")
def test_the_template_is_built_once_and_nobody_can_enter_it() -> None:
    name = ensure_template()
    assert ensure_template() == name
    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(**{**connection.get_connection_params(), "dbname": name})


@pytest.mark.usefixtures("fresh_database")
def test_what_a_killed_drill_leaves_is_swept_by_the_next_but_a_running_one_is_spared() -> None:
    program = textwrap.dedent("""
        import sys, django
        django.setup()
        from raincheck.config.databases import throwaway_database
        with throwaway_database() as name:
            print(name, flush=True)
            sys.stdin.read()
    """)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "raincheck.config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        with throwaway_database():
            assert name in database_names()
        other.send_signal(signal.SIGKILL)
    wait_for_session_to_end(name)
    with throwaway_database():
        assert name not in database_names()


def wait_for_session_to_end(name: str) -> None:
    """The server notices a dead client a moment later: wait until the lock that marks the database is free."""
    with psycopg.connect(**{**connection.get_connection_params(), "dbname": settings.HOME_DATABASE}) as admin:
        admin.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@pytest.fixture
def address_of_a_weak_role() -> Iterator[str]:
    """A DATABASE_URL for the company's own database, as a role that may not create databases."""
    parameters = {**connection.get_connection_params(), "dbname": settings.HOME_DATABASE, "autocommit": True}
    with psycopg.connect(**parameters) as admin:
        role = f"raincheck_weak_{os.getpid()}"
        admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'weak'")
        yield make_conninfo(
            user=role,
            password="weak",
            **{key: parameters[key] for key in ("dbname", "host", "port") if key in parameters},
        )
        admin.execute(f"DROP ROLE {role}")


@pytest.mark.usefixtures("fresh_database")
def test_a_role_that_may_not_create_databases_is_told_how_to_get_the_right(address_of_a_weak_role: str) -> None:
    program = textwrap.dedent("""
        import django
        django.setup()
        from raincheck.config.databases import throwaway_database
        from raincheck.core.errors import Refused
        try:
            with throwaway_database():
                pass
        except Refused as refusal:
            print(refusal)
    """)
    environment = {
        **os.environ,
        "DATABASE_URL": address_of_a_weak_role,
        "DJANGO_SETTINGS_MODULE": "raincheck.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert "CREATEDB" in done.stdout
