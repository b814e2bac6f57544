"""Days and instants: working days, the company's midnight, and the road from arrival to the customer.

Days are dates in the company's zone; instants are aware UTC datetimes (contract, section 3, "Dates").
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from raincheck.core.site_hours import SiteHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The company's zone, working days (Monday is 0) and holidays.

    >>> Calendar(ZoneInfo("UTC"), frozenset(range(5)), frozenset()).add_working_days(date(2026, 3, 6), 1)
    datetime.date(2026, 3, 9)
    """

    zone: ZoneInfo
    working_days: frozenset[int]
    holidays: frozenset[date]

    def day_of(self, at: datetime) -> date:
        """The company's date at an instant."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The instant of 00:00 company time on a day."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on a day."""
        return day.weekday() in self.working_days and day not in self.holidays

    def add_working_days(self, day: date, working_days: int) -> date:
        """The day that lies so many working days after a day; the day itself for 0, whatever day that is."""
        for _ in range(working_days):
            day += timedelta(days=1)
            while not self.is_working_day(day):
                day += timedelta(days=1)
        return day

    def first_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def same_time_on(self, at: datetime, day: date) -> datetime:
        """The instant with the same company time of day as `at`, on another day."""
        local = at.astimezone(self.zone)
        return datetime.combine(day, local.time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Road:
    """How long goods take from arrival at a site to the customer: what stands between a supplier's date and ours.

    `receiving_days` and `handling_days` are working days, `transit_days` are calendar days. `hours` are those of a
    site that has its own; without them a parcel leaves at any instant.
    """

    calendar: Calendar
    receiving_days: int
    handling_days: int
    transit_days: int
    hours: "SiteHours | None" = None

    def there_on(self, arrives_on: date) -> date:
        """The day on which what arrives can be allocated."""
        return self.calendar.add_working_days(arrives_on, self.receiving_days)

    def ships_on(self, there_on: date) -> date:
        """The day on which what is there goes to the carrier."""
        if self.hours is not None and self.handling_days == 0:
            return self.calendar.first_working_day(there_on)
        return self.calendar.add_working_days(there_on, self.handling_days)

    def ships_on_from(self, at: datetime) -> date:
        """The day on which what is there at an instant goes to the carrier."""
        return self.calendar.day_of(self.leaves_at(at))

    def leaves_at(self, at: datetime) -> datetime:
        """When what is released at an instant goes to the carrier: then, or working days later at that time of day.

        What a site with hours releases after its cut-off counts from its next day.
        """
        if self.handling_days == 0:
            return at if self.hours is None else self.hours.opens_at(at)
        day = self.calendar.day_of(at if self.hours is None else self.hours.handled_from(at))
        return self.calendar.same_time_on(at, self.calendar.add_working_days(day, self.handling_days))

    def delivers_on(self, ships_on: date) -> date:
        """The day of delivery at the customer: the day that is promised."""
        return ships_on + timedelta(days=self.transit_days)

    def latest_release_on(self, delivered_on: date) -> date:
        """The last day to release what is delivered on a day and not before it.

        Where handling over days without work skips that day, the last for the first delivery after it.
        """
        day = self.latest_shipping_on(delivered_on)
        if self.handling_days == 0:
            return day
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        for _ in range(self.handling_days - 1):
            day -= timedelta(days=1)
            while not self.calendar.is_working_day(day):
                day -= timedelta(days=1)
        return day - timedelta(days=1)

    def wanted_until(self, released_on: date) -> date:
        """The last wanted day for which goods are to be released on a day or before it (inverse: latest_release_on)."""
        wanted_on = self.delivers_on(self.ships_on(released_on))
        while self.latest_release_on(wanted_on) > released_on:
            wanted_on -= timedelta(days=1)
        return wanted_on

    def latest_shipping_on(self, delivered_on: date) -> date:
        """The last day to ship for a delivery on or before a day (inverse of `delivers_on`)."""
        return delivered_on - timedelta(days=self.transit_days)
