"""The picture of a comparison over time: how many units the carrier had by each day, a line a variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

WIDTH: Final = 600
HEIGHT: Final = 180


@dataclass(frozen=True, slots=True)
class Curve:
    """A variant's line, as the `points` of an SVG polyline in a box of `WIDTH` x `HEIGHT`."""

    title: str
    points: str
    units: int


@dataclass(frozen=True, slots=True)
class Curves:
    """All lines, on one scale."""

    lines: list[Curve]
    first_on: date
    last_on: date
    most_units: int

    @property
    def spoken(self) -> str:
        """The picture in words."""
        ends = "; ".join(f"{line.title}: {line.units:,}" for line in self.lines)
        return f"Units with the carrier, from {self.first_on.isoformat()} to {self.last_on.isoformat()}. In all: {ends}"


def curves(variants: Sequence[Mapping[str, Any]], starts: str, ends: str) -> Curves | None:
    """The lines of a comparison's variants; None where nothing was carried."""
    carried = [{date.fromisoformat(day): units for day, units in variant["carried"].items()} for variant in variants]
    days = [day for one in carried for day in one]
    if not days:
        return None
    first_on = min(date.fromisoformat(starts[:10]), *days)
    last_on = max(date.fromisoformat(ends[:10]), *days, first_on + timedelta(days=1))
    most = max(max(one.values(), default=0) for one in carried)
    lines = [
        Curve(variant["title"], _points(one, first_on, last_on, most), max(one.values(), default=0))
        for variant, one in zip(variants, carried, strict=True)
    ]
    return Curves(lines, first_on, last_on, most)


def _points(carried: Mapping[date, int], first_on: date, last_on: date, most: int) -> str:
    """Steps: level until a day, then up by what the carrier took on it."""
    span = (last_on - first_on).days
    points = [(0.0, float(HEIGHT))]
    for day in sorted(carried):
        x = WIDTH * (day - first_on).days / span
        points.append((x, points[-1][1]))
        points.append((x, HEIGHT * (1 - carried[day] / most)))
    points.append((float(WIDTH), points[-1][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
