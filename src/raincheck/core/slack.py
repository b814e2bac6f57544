"""How much of a product's supply may still be taken without breaking what was set aside (design: "The pass").

For every day t, slack(t) = supply there by t, less the units set aside that must be there by t, less those taken from
supply there by t. As long as no slack is negative, all that was set aside can be covered (earliest deadline first).
Setting aside by a deadline and taking from a day's supply therefore are the same subtraction: from that day on.

Cost: each call walks the days after the one it names; a product has few distinct days.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from raincheck.core.supply import Supply

UNDATED = date.max
"""Where a supply without a date stands: after every day."""


class Slack:
    """The slack of one product, by day."""

    __slots__ = ("_days", "_slack")

    def __init__(self, supplies: Iterable[Supply], deadlines: Iterable[date]) -> None:
        by_day: dict[date, int] = dict.fromkeys(deadlines, 0)
        for supply in supplies:
            day = supply.ships_on or UNDATED
            by_day[day] = by_day.get(day, 0) + supply.units
        self._days = sorted(by_day)
        self._slack: list[int] = []
        total = 0
        for day in self._days:
            total += by_day[day]
            self._slack.append(total)

    def room(self, day: date) -> int:
        """How many units may be taken from supply of this day, or set aside to be there by it."""
        return min(self._slack[bisect_left(self._days, day) :], default=0)

    def take(self, day: date, units: int) -> None:
        """Takes units from supply of this day, or sets them aside to be there by it; negative units give back."""
        slack = self._slack
        for index in range(bisect_left(self._days, day), len(slack)):
            slack[index] -= units
