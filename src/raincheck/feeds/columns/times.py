"""Days, instants and times of day. ISO 8601 alone: 03/04/2026 is two different days in two countries."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.feeds.columns.base import ColumnType
from raincheck.feeds.refusal import CellError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
OTHER_ORDER = re.compile(r"(?P<a>[0-9]{1,2})[./-](?P<b>[0-9]{1,2})[./-](?P<year>[0-9]{4})(?P<rest>.*)")
YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})[./]?(?P<month>[0-9]{2})[./]?(?P<day>[0-9]{2})")

# Outside of these years a date is a slip of the pen or a default of some other system (1900-01-00, 9999-12-31).
FIRST_YEAR, LAST_YEAR = 1970, 2199


@dataclass(frozen=True)
class Day(ColumnType):
    """A calendar date."""

    @property
    def expects(self) -> str:
        return "a date, YYYY-MM-DD"

    def read(self, text: str, zone: ZoneInfo) -> dt.date:  # noqa: ARG002
        if DAY.fullmatch(text):
            return _real_day(text)
        instant = INSTANT.fullmatch(text)
        if instant is None:
            raise CellError("not a date in the form YYYY-MM-DD", _meant(text))
        day = _real_day(instant["day"])
        if instant["clock"].strip("0:.") or instant["zone"]:
            raise CellError("a date alone is expected, YYYY-MM-DD, without a time of day", day.isoformat())
        return day

    def write(self, value: dt.date, zone: ZoneInfo) -> str:  # noqa: ARG002
        return value.isoformat()


@dataclass(frozen=True)
class Instant(ColumnType):
    """A point in time. Without a zone it is company time; a date alone is the start of that day."""

    @property
    def expects(self) -> str:
        return "a date, with a time and a zone if known: YYYY-MM-DD, YYYY-MM-DD HH:MM or ISO 8601"

    def read(self, text: str, zone: ZoneInfo) -> dt.datetime:
        if DAY.fullmatch(text):
            day = _real_day(text)
            return dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC)
        parts = INSTANT.fullmatch(text)
        if parts is None:
            raise CellError("not a time in the form YYYY-MM-DD HH:MM:SS or ISO 8601", _meant(text))
        _real_day(parts["day"])
        try:
            instant = dt.datetime.fromisoformat(text)
        except ValueError:
            raise CellError("no such time of day or zone; write HH:MM:SS, and a zone as Z or +01:00") from None
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=zone)
        return instant.astimezone(dt.UTC)

    def write(self, value: dt.datetime, zone: ZoneInfo) -> str:
        return value.astimezone(zone).isoformat()


@dataclass(frozen=True)
class TimeOfDay(ColumnType):
    """A time of day at the row's place."""

    @property
    def expects(self) -> str:
        return "a time of day, HH:MM"

    def read(self, text: str, zone: ZoneInfo) -> dt.time:  # noqa: ARG002
        # A sheet stores a time with seconds.
        short = text[:-3] if re.fullmatch(r"[0-9]{2}:[0-9]{2}:00", text) else text
        if not CLOCK.fullmatch(short):
            raise CellError(
                "not a time of day in the form HH:MM",
                f"0{text}" if re.fullmatch(r"[0-9]:[0-5][0-9]", text) else None,
            )
        try:
            return dt.time.fromisoformat(short)
        except ValueError:
            raise CellError("no such time of day; HH:MM goes from 00:00 to 23:59") from None

    def write(self, value: dt.time, zone: ZoneInfo) -> str:  # noqa: ARG002
        return value.strftime("%H:%M")


def _real_day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise CellError("no such day in the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _meant(text: str) -> str | None:
    """What another form most probably means, where only one reading is a day."""
    compact = YEAR_FIRST.fullmatch(text)
    if compact:
        return _one_day([(compact["year"], compact["month"], compact["day"])])
    other = OTHER_ORDER.fullmatch(text)
    if other is None:
        return None
    readings = {(other["year"], other["a"], other["b"]), (other["year"], other["b"], other["a"])}
    return _one_day(sorted(readings))


def _one_day(readings: list[tuple[str, str, str]]) -> str | None:
    days = []
    for year, month, day in readings:
        try:
            days.append(dt.date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return days[0] if len(days) == 1 else None
