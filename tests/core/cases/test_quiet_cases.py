"""Quiet hours where the customer is: over midnight, in summer time, and what no night holds."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.quiet import ALWAYS_TOLD, LAST_MOMENT, OPTIONS, held_until, is_wanted, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")]
TEN, SEVEN = time(22), time(7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-01-10T20:59", None),  # 21:59 in Berlin
        ("2026-01-10T21:00", "2026-01-11T06:00"),
        ("2026-01-11T05:59", "2026-01-11T06:00"),
        ("2026-01-11T06:00", None),
        ("2026-03-28T23:00", "2026-03-29T05:00"),  # The clocks go forward in this night.
        ("2026-10-24T22:00", "2026-10-25T06:00"),  # And back in this one.
    ],
)
def test_a_night_over_midnight(now: str, ends: str | None) -> None:
    assert quiet_until(at(now), BERLIN, TEN, SEVEN) == (at(ends) if ends else None)


@pytest.mark.parametrize("now", ["2026-10-25T00:00", "2026-10-25T00:29", "2026-10-25T01:00", "2026-10-25T01:29"])
def test_an_end_that_the_clock_shows_twice_is_the_second(now: str) -> None:
    assert quiet_until(at(now), BERLIN, TEN, time(2, 30)) == at("2026-10-25T01:30")


def test_an_end_that_the_clock_skips_is_when_it_is_past() -> None:
    assert quiet_until(at("2026-03-29T00:50"), BERLIN, TEN, time(2, 30)) == at("2026-03-29T01:30")


def test_quiet_hours_within_a_day() -> None:
    assert quiet_until(at("2026-01-10T11:59"), BERLIN, time(13), time(15)) is None
    assert quiet_until(at("2026-01-10T12:00"), BERLIN, time(13), time(15)) == at("2026-01-10T14:00")
    assert quiet_until(at("2026-01-10T14:00"), BERLIN, time(13), time(15)) is None


@pytest.mark.parametrize(("begins", "ends"), [(None, None), (TEN, None), (None, SEVEN), (TEN, TEN)])
def test_without_two_times_there_are_no_quiet_hours(begins: time | None, ends: time | None) -> None:
    assert quiet_until(at("2026-01-10T23:00"), BERLIN, begins, ends) is None


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants, st.sampled_from(ZONES), st.times(), st.times())
def test_quiet_hours_end_within_a_day_and_then_it_is_not_quiet(
    now: datetime, zone: ZoneInfo, begins: time, ends: time
) -> None:
    until = quiet_until(now, zone, begins, ends)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert quiet_until(until, zone, begins, ends) is None


@given(instants, st.sampled_from(ZONES), st.sampled_from(sorted(OPTIONS)), st.integers(0, 26 * 60))
def test_an_option_is_never_held_beyond_its_day(now: datetime, zone: ZoneInfo, event: str, minutes: int) -> None:
    until = held_until(event, now, zone, now + timedelta(minutes=minutes))
    assert (until + LAST_MOMENT - timedelta(seconds=1)).astimezone(zone).date() <= now.astimezone(zone).date()


def test_an_option_leaves_an_hour_before_the_day_ends_where_the_customer_is() -> None:
    queued_at, morning = at("2026-01-10T20:30"), at("2026-01-11T06:00")
    assert held_until("option_notice", queued_at, BERLIN, morning) == at("2026-01-10T22:00")
    assert held_until("option_notice", queued_at, BERLIN, at("2026-01-10T21:00")) == at("2026-01-10T21:00")


def test_a_link_that_somebody_asks_for_at_night_is_sent_at_night() -> None:
    queued_at = at("2026-01-10T23:30")
    assert held_until("link_sent", queued_at, BERLIN, at("2026-01-11T06:00")) == queued_at


def test_other_messages_wait_for_the_morning() -> None:
    ends = at("2026-01-11T06:00")
    assert held_until("shipped", at("2026-01-10T22:00"), BERLIN, ends) == ends


def test_what_has_to_be_said_is_said_to_everybody() -> None:
    receipts = ("answer_received", "withdrawal_received")
    for event in (
        "order_confirmed",
        "option_notice",
        "cancelled",
        "refunded",
        "payment_failed",
        "link_sent",
        *receipts,
    ):
        assert event in ALWAYS_TOLD
        assert is_wanted(event, wants_mail=False)
    assert not is_wanted("shipped", wants_mail=False)
    assert not is_wanted("tracking_changed", wants_mail=False)
    assert is_wanted("shipped", wants_mail=True)
