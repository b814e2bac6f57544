"""Dates and instants in words: short where a table shows them, whole where somebody points at them."""

from datetime import date, datetime, timedelta

DAYS_NAMED = 14
WEEKS_NAMED = 9


def day_text(day: date, today: date) -> str:
    """`Thu 12 Mar`; with the year when it is not this one."""
    text = f"{day:%a} {day.day} {day:%b}"
    return text if day.year == today.year else f"{text} {day.year}"


def distance_text(day: date, today: date) -> str:
    """How far off a day is: `today`, `in 3 days`, `2 weeks ago`. Days up to two weeks, then weeks, then months."""
    days = (day - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days == -1:
        return "yesterday"
    amount = span_text(abs(days))
    return f"in {amount}" if days > 0 else f"{amount} ago"


def late_text(promised_on: date, today: date) -> str:
    """`2 days late` for a promised day that has passed; empty for one that has not."""
    days = (today - promised_on).days
    return f"{span_text(days)} late" if days > 0 else ""


def span_text(days: int) -> str:
    """A span of days in words. Takes zero or more."""
    if days < DAYS_NAMED:
        return _count(days, "day")
    if days < WEEKS_NAMED * 7:
        return _count(days // 7, "week")
    if days < 2 * 365:
        return _count(days // 30, "month")
    return _count(days // 365, "year")


def waited_text(since_at: datetime, now: datetime) -> str:
    """How long something has been waiting, in its largest whole unit: `20 minutes`, `5 hours`, `3 days`."""
    waited = max(now - since_at, timedelta())
    if waited < timedelta(minutes=1):
        return "less than a minute"
    if waited < timedelta(hours=1):
        return _count(int(waited.total_seconds() // 60), "minute")
    if waited < timedelta(days=2):
        return _count(int(waited.total_seconds() // 3600), "hour")
    return span_text(waited.days)


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
