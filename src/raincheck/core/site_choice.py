"""Which site serves a claim among those that can on the same day (contract, "The pass", step 2).

First the site that covers in full most of the order's open lines from that day's supply, then one in the customer's
country, then the nearest, then by name. What the lines outside this book take is known only by what they hold now, so a
claim of such an order stays where it is tied on that day: else it would move with whichever products a pass looks at.
"""

from collections import defaultdict
from datetime import date

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.slack import UNDATED
from raincheck.core.supply import Supply


def postcode_distance(one: str, other: str) -> int:
    """How far two postcodes of one country are apart, in no unit: codes that share more leading characters are nearer.

    Postal systems number by region, so the first differing character says most. 0 for equal codes.

    >>> postcode_distance("10001", "10002") < postcode_distance("10001", "94105")
    True
    """
    width = max(len(one), len(other))
    distance = 0
    for a, b in zip(one.ljust(width), other.ljust(width), strict=True):
        distance = distance * 64 + abs(ord(a) - ord(b))
    return distance


Portion = tuple[Supply, int]
"""A supply, and the most units to take of it at this point."""


class SiteChoice:
    """Orders the supplies of one day for one claim, and keeps count of what is left where."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._left: dict[tuple[int, int, date], int] = defaultdict(int)
        self._got: dict[tuple[int, int, date], int] = defaultdict(int)
        for supply in book.supplies:
            self._left[supply.product, supply.site, supply.ships_on or UNDATED] += supply.units
        self._lines: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for claim in book.claims:
            lines = self._lines[claim.order]
            lines[claim.line] = (claim.product, lines.get(claim.line, (0, 0))[1] + claim.units)

    def ordered(self, claim: Claim, supplies: list[Supply]) -> list[Portion]:
        """Supplies of one day in the order in which this claim takes them, each with the most units to take of it."""
        best_first = sorted(supplies, key=lambda supply: self._key(claim, supply))
        held = self._book.held.get(claim.id, {}) if claim.order in self._book.elsewhere else {}
        stays = [(supply, held[supply.key]) for supply in best_first if supply.key in held]
        return stays + [(supply, claim.units) for supply in best_first]

    def took(self, claim: Claim, supply: Supply, units: int) -> None:
        """Notes that a claim took (negative: gave back) units of a supply."""
        day = supply.ships_on or UNDATED
        self._left[supply.product, supply.site, day] -= units
        self._got[claim.line, supply.site, day] += units

    def _key(self, claim: Claim, supply: Supply) -> tuple[int, bool, int, str, int]:
        site = self._book.sites[supply.site]
        return (
            -self._covered_lines(claim.order, supply.site, supply.ships_on or UNDATED),
            site.country != claim.country,
            postcode_distance(site.postcode, claim.postcode),
            site.name,
            supply.id,
        )

    def _covered_lines(self, order: int, site: int, day: date) -> int:
        here = sum(
            self._left.get((product, site, day), 0) + self._got.get((line, site, day), 0) >= units
            for line, (product, units) in self._lines[order].items()
        )
        there = sum(
            line.by_site_day.get((site, day), 0) >= line.open_units for line in self._book.elsewhere.get(order, ())
        )
        return here + there
