"""When a site hands parcels to the carrier (the columns `timezone`, `cutoff` and `working_days` of a site).

A site that names neither a cut-off nor working days has no hours: it hands over at any instant, also on weekends.
One that does hands over on its working days, until its cut-off by its own clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from raincheck.core.calendar import WEEKDAYS, Calendar, Road

_A_MOMENT = timedelta(seconds=1)
"""What is released at the cut-off itself is in time."""


@dataclass(frozen=True, slots=True)
class SiteHours:
    """A site's clock, its working days (holidays are the company's), and its cut-off; None: it has none."""

    zone: ZoneInfo
    calendar: Calendar
    cutoff: time | None

    def has_passed(self, at: datetime) -> bool:
        """Whether the cut-off of a working day has passed at an instant."""
        local = at.astimezone(self.zone)
        return self.cutoff is not None and self.calendar.is_working_day(local.date()) and local.time() > self.cutoff

    def opens_at(self, at: datetime) -> datetime:
        """The instant itself on a working day until the cut-off, else 00:00 of the site's next working day.

        >>> week = Calendar(ZoneInfo("UTC"), frozenset(range(5)), frozenset())
        >>> SiteHours(ZoneInfo("UTC"), week, time(16)).opens_at(datetime(2026, 3, 6, 17, tzinfo=UTC))
        datetime.datetime(2026, 3, 9, 0, 0, tzinfo=datetime.timezone.utc)
        """
        day = at.astimezone(self.zone).date()
        if self.calendar.is_working_day(day) and not self.has_passed(at):
            return at
        next_on = self.calendar.first_working_day(day + timedelta(days=1))
        return self._opened_at(next_on)

    def handled_from(self, at: datetime) -> datetime:
        """The instant itself, or after the cut-off of a working day the beginning of the site's next day."""
        return self._opened_at(at.astimezone(self.zone).date() + timedelta(days=1)) if self.has_passed(at) else at

    def changes_after(self, at: datetime) -> datetime:
        """The first instant after another at which the site begins or has stopped to hand over for a working day."""
        day = at.astimezone(self.zone).date()
        while True:
            day = self.calendar.first_working_day(day)
            for change_at in (self._opened_at(day), self._closed_at(day)):
                if change_at > at:
                    return change_at
            day += timedelta(days=1)

    def _opened_at(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _closed_at(self, day: date) -> datetime:
        if self.cutoff is None:
            return self._opened_at(day + timedelta(days=1))
        return datetime.combine(day, self.cutoff, self.zone).astimezone(UTC) + _A_MOMENT


def road_of(road: Road, timezone: str, cutoff: time | None, working_days: tuple[str, ...]) -> Road:
    """The road by way of a site: the company's, with the site's own working days, clock and cut-off."""
    if cutoff is None and not working_days:
        return road
    own = frozenset(WEEKDAYS.index(day) for day in working_days) or road.calendar.working_days
    calendar = Calendar(road.calendar.zone, own, road.calendar.holidays)
    hours = SiteHours(ZoneInfo(timezone) if timezone else road.calendar.zone, calendar, cutoff)
    return Road(calendar, road.receiving_days, road.handling_days, road.transit_days, hours)
