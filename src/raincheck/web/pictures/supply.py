"""The product page's picture: what will lie there above the line, who still waits below it.

Everything is in percents of the picture, so that it fits any width while its lettering keeps its size.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from math import ceil

from raincheck.web.projection import ProjectedDay
from raincheck.words.moments import day_text


@dataclass(frozen=True, slots=True)
class Column:
    """One day: its slot, and the tops and heights of its areas."""

    x: float
    width: float
    on_hand_y: float
    on_hand_height: float
    free_y: float
    free_height: float
    waiting_y: float
    waiting_height: float
    arriving: int
    arriving_y: float
    arriving_height: float
    arrives: str
    spoken: str
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class SupplyPicture:
    """The whole picture. `zero` is the height of the line between what is there and who waits."""

    columns: list[Column]
    unit_ticks: list[Tick]
    day_ticks: list[Tick]
    zero: float
    summary: str


def supply_picture(days: list[ProjectedDay], today: date) -> SupplyPicture:
    """Scales the days to the picture: the same units per percent above and below the line."""
    top = max([day.on_hand for day in days] + [day.arriving for day in days] + [1])
    bottom = max(day.waiting for day in days)
    step = _step(top + bottom)
    top, bottom = ceil(top / step) * step, ceil(bottom / step) * step
    scale = 88 / (top + bottom)
    zero = 8 + top * scale
    width = 100 / len(days)
    columns = [_column(index, day, width, zero, scale, today) for index, day in enumerate(days)]
    units = range(-bottom, top + 1, step)
    return SupplyPicture(
        columns=columns,
        unit_ticks=[Tick(round(zero - value * scale, 3), str(abs(value))) for value in units],
        day_ticks=_day_ticks(days, width, today),
        zero=round(zero, 3),
        summary=_summary(days, today),
    )


def _column(index: int, day: ProjectedDay, width: float, zero: float, scale: float, today: date) -> Column:
    def above(units: int) -> tuple[float, float]:
        return round(zero - units * scale, 3), round(units * scale, 3)

    on_hand_y, on_hand_height = above(max(0, day.on_hand))
    free_y, free_height = above(day.free)
    arriving_y, arriving_height = above(day.arriving)
    return Column(
        x=round(index * width, 3),
        width=round(width, 3),
        on_hand_y=on_hand_y,
        on_hand_height=on_hand_height,
        free_y=free_y,
        free_height=free_height,
        waiting_y=round(zero, 3),
        waiting_height=round(day.waiting * scale, 3),
        arriving=day.arriving,
        arriving_y=arriving_y,
        arriving_height=arriving_height,
        arrives=", ".join(day.arrivals),
        spoken=_spoken(day, today),
        is_weekend=day.on.weekday() > 4,
    )


def _spoken(day: ProjectedDay, today: date) -> str:
    arriving = f"{day.arriving} arrive ({', '.join(day.arrivals)}), " if day.arriving else ""
    return f"{day_text(day.on, today)}: {arriving}{day.on_hand} on hand, {day.free} free to promise, {day.waiting} wait"


def _step(span: int) -> int:
    """A round number of units that cuts the span into six at most."""
    steps = (base * 10**power for power in count() for base in (1, 2, 5))
    return next(int(step) for step in steps if span <= 6 * step)


def _day_ticks(days: list[ProjectedDay], width: float, today: date) -> list[Tick]:
    every = max(1, ceil(len(days) / 7))
    ticks = [(index, day) for index, day in enumerate(days) if index % every == 0]
    return [
        Tick(round(index * width, 3), "today" if day.on == today else f"{day.on.day} {day.on:%b}")
        for index, day in ticks
    ]


def _summary(days: list[ProjectedDay], today: date) -> str:
    first, last = days[0], days[-1]
    arrivals = [f"{day.arriving} on {day_text(day.on, today)}" for day in days if day.arriving]
    coming = f"Arriving: {', '.join(arrivals)}." if arrivals else "Nothing is due to arrive."
    return (
        f"Today {first.on_hand} on hand, {first.free} free to promise and {first.waiting} waiting. {coming} "
        f"By {day_text(last.on, today)} {last.on_hand} on hand and {last.waiting} still waiting."
    )
