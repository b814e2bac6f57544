"""Dates, instants and offsets as a drill writes them.

``10d``, ``36h`` and ``90m`` count from ``starts`` (a day is 24 hours); a date is ``2026-03-02``; an instant is
``2026-03-02T09:00:00Z``. An instant without a zone is the company's. Years run from 1970 to 2199, so that no
lead time on top of a date can leave the calendar.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.problems import shown

FIRST_YEAR = 1970
LAST_YEAR = 2199

_OFFSET = re.compile(r"([0-9]{1,7})([mhd])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_STEP = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_date(entry: Entry, example: str = "2026-03-02") -> date:
    """A calendar date. `example` is what a refusal shows."""
    text = entry.text()
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        entry.refuse(f"{shown(text)} is not in the calendar")
        return date(FIRST_YEAR, 1, 1)
    if day is None:
        if text:
            entry.refuse(f"{shown(text)!r} is not a date such as {example}")
        return date(FIRST_YEAR, 1, 1)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        entry.refuse(f"{shown(text)} is out of range: years run from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def read_instant(entry: Entry, zone: ZoneInfo, example: str = "2026-03-02T09:00:00Z") -> datetime | None:
    """An instant, in UTC; without a zone of its own it is the company's time. None if it is refused."""
    text = entry.text()
    if not _INSTANT.fullmatch(text):
        if text:
            entry.refuse(f"{shown(text)!r} is not an instant such as {example}")
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        entry.refuse(f"{shown(text)} is not in the calendar")
        return None
    # One day inside the bounds of dates, so that no zone leads out of them.
    if not FIRST_YEAR < written.year <= LAST_YEAR:
        entry.refuse(f"{shown(text)} is out of range: years run from {FIRST_YEAR + 1} to {LAST_YEAR}")
        return None
    return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)


@dataclass(frozen=True)
class Clock:
    """When the drill starts and in which zone its company lives."""

    starts_at: datetime
    zone: ZoneInfo

    def instant(self, entry: Entry) -> datetime | None:
        """An offset from the start, or an instant; None if it is refused."""
        if not _OFFSET.fullmatch(entry.text()):
            return read_instant(entry, self.zone, "2026-03-02T09:00:00Z, or an offset such as 36h")
        return self._after_start(entry)

    def day(self, entry: Entry) -> date:
        """A date, or the company's date at an offset from the start."""
        if not _OFFSET.fullmatch(entry.text()):
            return read_date(entry, "2026-03-02, or an offset such as 10d")
        at = self._after_start(entry) or self.starts_at
        return at.astimezone(self.zone).date()

    def _after_start(self, entry: Entry) -> datetime | None:
        count, unit = entry.text()[:-1], entry.text()[-1]
        try:
            at = self.starts_at + int(count) * _STEP[unit]
        except OverflowError:
            at = None
        if at is None or at.year > LAST_YEAR:
            entry.refuse(f"{count}{unit} is out of range: years run from {FIRST_YEAR} to {LAST_YEAR}")
            return None
        return at
