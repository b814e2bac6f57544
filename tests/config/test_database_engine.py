"""A connection that is kept between requests is given up as soon as its server has gone, and not before."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.usefixtures("fresh_database")


def one() -> int:
    """Answered by the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        (value,) = cursor.fetchone()
        assert isinstance(value, int)
        return value


def test_a_connection_at_rest_is_kept() -> None:
    assert one() == 1
    session = connection.connection
    assert connection.is_usable()
    assert one() == 1
    assert connection.connection is session


def test_a_connection_that_the_server_ended_is_replaced() -> None:
    assert one() == 1
    session = connection.connection
    with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [session.info.backend_pid])
        while admin.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [session.info.backend_pid]).fetchone():
            pass
    assert not connection.is_usable()
    connection.close()
    assert one() == 1
    assert connection.connection is not session
