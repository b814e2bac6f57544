"""The Desk's picture: units that wait, by the day on which they ship."""

from dataclasses import dataclass
from datetime import date

from raincheck.store.reads.desk import ServedDay
from raincheck.words.moments import day_text


@dataclass(frozen=True, slots=True)
class DayBar:
    """One column. `height` and `top` are percents of the picture; `label` stands under it, `spoken` says it all."""

    units: int
    height: float
    top: float
    css: str
    weekday: str
    label: str
    spoken: str
    is_today: bool = False


def days_picture(days: list[ServedDay], today: date) -> list[DayBar]:
    """The columns, scaled to the highest; a column with units is never too low to be seen."""
    highest = max((day.units for day in days), default=0) or 1
    return [_bar(day, highest, today) for day in days]


def _bar(day: ServedDay, highest: int, today: date) -> DayBar:
    height = max(round(100 * day.units / highest, 2), 4.0) if day.units else 0.0
    if day.on is not None:
        is_today = day.on == today
        weekday, label = f"{day.on:%a}"[:1], str(day.on.day)
        css = "fill-today" if is_today else "fill-day"
        spoken = day_text(day.on, today)
    elif day.is_later:
        weekday, label, css, spoken = "", "later", "fill-later", "later"
    else:
        weekday, label, css, spoken = "", "no date", "fill-undated", "no date"
    return DayBar(day.units, height, 100 - height, css, weekday, label, f"{spoken}: {day.units} units", day.on == today)
