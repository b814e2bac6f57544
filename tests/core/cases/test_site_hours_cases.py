"""A site with a cut-off or working days of its own hands over by its own clock; one without does so at any instant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from raincheck.core.calendar import Calendar, Road
from raincheck.core.site_hours import SiteHours, road_of

WEEK = Calendar(ZoneInfo("UTC"), frozenset(range(5)), frozenset({date(2026, 3, 10)}))
COMPANY = Road(WEEK, 1, 0, 2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_site_that_names_neither_is_the_companys_own() -> None:
    assert road_of(COMPANY, "America/Los_Angeles", None, ()) is COMPANY
    assert COMPANY.leaves_at(at("2026-03-07T23:00")) == at("2026-03-07T23:00")


@pytest.mark.parametrize(
    ("released", "leaves"),
    [
        ("2026-03-06T15:59", "2026-03-06T15:59"),
        ("2026-03-06T16:00", "2026-03-06T16:00"),  # At the cut-off: in time.
        ("2026-03-06T16:00:01", "2026-03-09T00:00"),  # Friday after it: Monday.
        ("2026-03-07T10:00", "2026-03-09T00:00"),  # On a Saturday: Monday.
        ("2026-03-09T17:00", "2026-03-11T00:00"),  # Monday after it; Tuesday is a holiday.
    ],
)
def test_what_is_released_after_the_cut_off_leaves_on_the_next_working_day(released: str, leaves: str) -> None:
    assert road_of(COMPANY, "", time(16), ()).leaves_at(at(released)) == at(leaves)


@pytest.mark.parametrize(
    ("released", "leaves"),
    [
        ("2026-03-05T10:00", "2026-03-06T10:00"),
        ("2026-03-05T17:00", "2026-03-09T17:00"),  # Counts from Friday.
        ("2026-03-07T17:00", "2026-03-09T17:00"),  # A Saturday has no cut-off: one working day later.
    ],
)
def test_handling_counts_from_the_next_day_after_the_cut_off(released: str, leaves: str) -> None:
    road = road_of(Road(WEEK, 0, 1, 0), "", time(16), ())
    assert road.leaves_at(at(released)) == at(leaves)


def test_receiving_and_shipping_count_the_sites_own_working_days() -> None:
    road = road_of(COMPANY, "", None, ("mon", "sat"))
    assert road.there_on(date(2026, 3, 6)) == date(2026, 3, 7)
    assert road.ships_on(date(2026, 3, 8)) == date(2026, 3, 9)
    assert road.ships_on(date(2026, 3, 7)) == date(2026, 3, 7)


def test_the_clock_on_the_sites_wall_counts_and_the_date_is_the_companys() -> None:
    road = road_of(COMPANY, "America/Los_Angeles", time(16), ())
    assert road.leaves_at(at("2026-03-02T23:59")) == at("2026-03-02T23:59")
    assert road.leaves_at(at("2026-03-03T00:30")) == at("2026-03-03T08:00")
    assert road.ships_on_from(at("2026-03-03T00:30")) == date(2026, 3, 3)
    tokyo = road_of(COMPANY, "Asia/Tokyo", time(16), ())
    assert tokyo.leaves_at(at("2026-03-02T10:00")) == at("2026-03-02T15:00")


def test_a_site_begins_and_stops_to_hand_over_once_a_working_day() -> None:
    hours = SiteHours(ZoneInfo("UTC"), WEEK, time(16))
    seen, now = [], at("2026-03-06T09:00")
    for _ in range(4):
        now = hours.changes_after(now)
        seen.append(now)
    assert seen == [
        at("2026-03-06T16:00:01"),
        at("2026-03-09T00:00"),
        at("2026-03-09T16:00:01"),
        at("2026-03-11T00:00"),
    ]


def test_without_a_cut_off_it_stops_at_midnight() -> None:
    hours = SiteHours(ZoneInfo("UTC"), WEEK, None)
    assert hours.changes_after(at("2026-03-06T09:00")) == at("2026-03-07T00:00")
    assert hours.opens_at(at("2026-03-07T00:00")) == at("2026-03-09T00:00")


def test_who_is_released_later_never_leaves_sooner() -> None:
    """Around cut-offs, weekends and both midnights, for sites east and west of the company."""
    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        for handling_days in (0, 1, 2):
            road = road_of(Road(WEEK, 0, handling_days, 0), zone, time(11), ())
            leaves = [road.leaves_at(at("2026-03-04T00:00") + timedelta(minutes=30 * n)) for n in range(48 * 10)]
            days = [WEEK.day_of(leaves_at) for leaves_at in leaves]
            assert days == sorted(days), (zone, handling_days)


def test_where_handling_takes_days_they_are_counted_also_at_a_site_with_hours() -> None:
    road = road_of(Road(WEEK, 0, 2, 0), "", time(16), ())
    assert road.ships_on(date(2026, 3, 5)) == date(2026, 3, 9)
    assert road.ships_on(date(2026, 3, 7)) == date(2026, 3, 11), "Monday, then Wednesday: Tuesday is a holiday"
