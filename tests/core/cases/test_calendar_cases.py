"""Days and instants: working days, holidays, midnights that do not exist, and the road to the customer."""

from datetime import UTC, date, datetime

import pytest
from tests.core.company import calendar, road

from raincheck.core.calendar import Road
from raincheck.core.settings import Settings


@pytest.mark.parametrize(
    ("after", "working_days", "expected"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 7), 0, date(2026, 3, 7)),
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 8), 1, date(2026, 3, 9)),
        (date(2026, 3, 4), 5, date(2026, 3, 11)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
    ids=[
        "no days on a Monday", "no days on a Saturday is that Saturday", "Tuesday", "over a weekend", "from a Saturday",
        "from a Sunday", "a whole week", "a leap day", "a new year",
    ],
)  # fmt: skip
def test_working_days_are_counted_from_the_day_after(after: date, working_days: int, expected: date) -> None:
    assert calendar().add_working_days(after, working_days) == expected


def test_holidays_are_no_working_days() -> None:
    easter = calendar(holidays=(date(2026, 4, 3), date(2026, 4, 6)))
    assert easter.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert not easter.is_working_day(date(2026, 4, 3))
    assert not easter.is_working_day(date(2026, 4, 4))
    assert easter.is_working_day(date(2026, 4, 7))


def test_a_company_may_work_on_sundays_only() -> None:
    sundays = Settings(working_days=("sun",)).calendar
    assert sundays.add_working_days(date(2026, 3, 2), 2) == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("UTC", datetime(2026, 3, 2, 23, 59, tzinfo=UTC), date(2026, 3, 2)),
        ("America/New_York", datetime(2026, 3, 3, 4, 59, tzinfo=UTC), date(2026, 3, 2)),
        ("America/New_York", datetime(2026, 3, 3, 5, 0, tzinfo=UTC), date(2026, 3, 3)),
        ("Pacific/Auckland", datetime(2026, 3, 2, 11, 0, tzinfo=UTC), date(2026, 3, 3)),
    ],
)
def test_the_companys_day_begins_at_its_own_midnight(zone: str, at: datetime, expected: date) -> None:
    assert calendar(zone).day_of(at) == expected


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 9), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
    ids=["winter time", "the day after clocks went forward", "the day after they went back", "a day without 00:00"],
)
def test_midnight_is_an_instant_whatever_the_clocks_do(zone: str, day: date, expected: datetime) -> None:
    company = calendar(zone)
    assert company.start_of(day) == expected
    assert company.day_of(company.start_of(day)) == day


def test_the_same_time_of_day_is_kept_when_the_clocks_change() -> None:
    """Friday 10:00 in New York is 15:00 UTC; Monday 10:00, after the clocks went forward, is 14:00 UTC."""
    company = calendar("America/New_York")
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    assert company.same_time_on(friday, date(2026, 3, 9)) == datetime(2026, 3, 9, 14, tzinfo=UTC)


def test_receiving_and_handling_are_working_days_transit_is_every_day() -> None:
    """Arrives Friday: received Monday, handed over Wednesday, four days on the road: Sunday."""
    way = road(receiving_days=1, handling_days=2, transit_days=4)
    assert way.there_on(date(2026, 3, 6)) == date(2026, 3, 9)
    assert way.ships_on(date(2026, 3, 9)) == date(2026, 3, 11)
    assert way.delivers_on(date(2026, 3, 11)) == date(2026, 3, 15)
    assert way.latest_shipping_on(date(2026, 3, 15)) == date(2026, 3, 11)


def test_nothing_on_the_road_takes_time_unless_somebody_says_so() -> None:
    """What arrives on a Saturday is there, ships and is delivered on that Saturday."""
    saturday = date(2026, 3, 7)
    assert road().delivers_on(road().ships_on(road().there_on(saturday))) == saturday


def test_the_road_of_the_settings() -> None:
    settings = Settings(receiving_days=1, handling_days=2, transit_days=3, holidays=(date(2026, 4, 3),))
    assert settings.road == Road(settings.calendar, 1, 2, 3)
    assert not settings.calendar.is_working_day(date(2026, 4, 3))
    assert str(Settings(timezone="Europe/Paris").calendar.zone) == "Europe/Paris"


@pytest.mark.parametrize(
    ("handling_days", "transit_days", "wanted_on", "released_on"),
    [
        (0, 0, date(2026, 3, 7), date(2026, 3, 7)),  # Without handling it goes on Saturday itself.
        (0, 3, date(2026, 3, 10), date(2026, 3, 7)),
        (1, 0, date(2026, 3, 10), date(2026, 3, 9)),
        (1, 0, date(2026, 3, 9), date(2026, 3, 8)),  # Released on Sunday it goes on Monday.
        (1, 0, date(2026, 3, 7), date(2026, 3, 8)),  # Nothing goes on a Saturday: on Monday, the first day after it.
        (2, 0, date(2026, 3, 9), date(2026, 3, 5)),  # Friday's is the last handling day before Monday's.
        (2, 1, date(2026, 3, 12), date(2026, 3, 9)),
        (3, 0, date(2026, 3, 10), date(2026, 3, 5)),
    ],
)
def test_the_last_day_to_release_what_is_wanted_on_a_day(
    handling_days: int, transit_days: int, wanted_on: date, released_on: date
) -> None:
    way = road(handling_days=handling_days, transit_days=transit_days)
    assert way.latest_release_on(wanted_on) == released_on
    assert way.delivers_on(way.ships_on(released_on)) >= wanted_on


def test_what_is_released_on_a_friday_serves_whoever_wants_it_until_monday_s_release_does() -> None:
    """Two days of handling: released on Friday it is there on Tuesday; on Thursday, on Monday."""
    way = road(handling_days=2)
    assert way.wanted_until(date(2026, 3, 5)) == date(2026, 3, 9)
    assert way.wanted_until(date(2026, 3, 8)) == date(2026, 3, 10)
    assert way.wanted_until(date(2026, 3, 9)) == date(2026, 3, 11)
    assert road(transit_days=2).wanted_until(date(2026, 3, 6)) == date(2026, 3, 8)
