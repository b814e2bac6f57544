"""An instant that goes into the database comes out as the same instant, in UTC, by SQL and by the ORM."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from raincheck.store.db import one

ZONES = some.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = some.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001


def test_every_instant_comes_back_in_utc(db: None) -> None:
    @given(INSTANTS)
    def comes_back(instant: datetime) -> None:
        (read,) = one("SELECT %s::timestamptz", [instant])
        assert (read, read.tzinfo) == (instant, UTC)

    comes_back()


def test_the_orm_reads_the_same_instant(db: None) -> None:
    at = datetime(2026, 3, 29, 1, 30, 0, 250, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [at])
        assert cursor.fetchone() == one("SELECT %s::timestamptz", [at]) == (at,)


def test_no_instant_stays_none(db: None) -> None:
    assert one("SELECT NULL::timestamptz") == (None,)


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_is_no_instant_is_an_error_not_another_day(db: None, text: str) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        one("SELECT %s::timestamptz", [text])
