"""How much of a product's supply may still be taken without breaking what was set aside (design: "The pass").

Supply stands in order of its place: its shipping day, stock before inbound. For every place p, slack(p) = supply up to
p, less the units set aside that need supply up to p, less those taken from it. As long as no slack is negative, all
that was set aside can be covered (the nearest deadline from the earliest supply). Setting aside by a deadline and
taking from a supply are the same subtraction: from that place on. A deadline between two supply days counts as the
earlier one, because nothing comes in between.

Cost: each call walks the places after the one it names; a product has few.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from raincheck.core.supply import Supply

UNDATED = date.max
"""Where a supply without a date stands: after every day."""

EVERYBODY = ""
"""Whose supply is not protected for a tier."""

Place = tuple[date, bool]
"""(shipping day, whether inbound)."""


def place_of(supply: Supply) -> Place:
    """Where a supply stands."""
    return (supply.ships_on or UNDATED, not supply.is_stock)


def serving_order(supply: Supply) -> tuple[Place, int]:
    """By the day it can ship, stock first, then id (contract, "The pass", step 2)."""
    return (place_of(supply), supply.id)


class Slack:
    """The slack of one product, by place."""

    __slots__ = ("_places", "_slack")

    def __init__(self, supplies: Iterable[Supply]) -> None:
        units: dict[Place, int] = {}
        for supply in supplies:
            place = place_of(supply)
            units[place] = units.get(place, 0) + supply.units
        self._places = sorted(units)
        self._slack: list[int] = []
        total = 0
        for place in self._places:
            total += units[place]
            self._slack.append(total)

    def room(self, place: Place, tier: str = EVERYBODY) -> int:  # noqa: ARG002
        """How many units may be taken from supply at a place, or set aside to come from supply up to it.

        `tier` matters where units are protected (core.protect).
        """
        first = self._index(place)
        return min(self._slack[first:]) if first >= 0 else 0

    def take(self, place: Place, units: int, tier: str = EVERYBODY) -> None:  # noqa: ARG002
        """Takes units from supply at a place, or sets aside as many up to it; negative units give back."""
        first = max(0, self._index(place))
        self._slack[first:] = [slack - units for slack in self._slack[first:]]

    def _index(self, place: Place) -> int:
        """The last place that is not after a place; -1 if all are."""
        return bisect_right(self._places, place) - 1
