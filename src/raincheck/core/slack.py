"""How much of a product's supply may still be taken without breaking what was set aside (design: "The pass").

For every day t on which supply is there, slack(t) = supply there by t, less the units set aside that must be there
by t, less those taken from supply there by t. As long as no slack is negative, all that was set aside can be covered
(the earliest deadline from the earliest supply). Setting aside by a deadline and taking from a day's supply are the
same subtraction: from that day on. A deadline between two supply days counts as the earlier one, because nothing
comes in between.

Cost: each call walks the supply days after the one it names; a product has few.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from raincheck.core.supply import Supply

UNDATED = date.max
"""Where a supply without a date stands: after every day."""


class Slack:
    """The slack of one product, by supply day."""

    __slots__ = ("_days", "_slack")

    def __init__(self, supplies: Iterable[Supply]) -> None:
        by_day: dict[date, int] = {}
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
        first = bisect_right(self._days, day) - 1
        return min(self._slack[first:]) if first >= 0 else 0

    def take(self, day: date, units: int) -> None:
        """Takes units from supply of this day, or sets them aside to be there by it; negative units give back."""
        first = max(0, bisect_right(self._days, day) - 1)
        self._slack[first:] = [slack - units for slack in self._slack[first:]]
