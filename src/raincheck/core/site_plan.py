"""From which sites an order goes on one day: the exact optimum of a stated objective.

The contract's order of sites (`core.site_choice`) is the default and looks at one claim at a time. A company may ask
for an objective over the whole order instead: the set of sites that together give all that can be given on the day,
with the least of what the objective names first, then second, then third. Each site of the set is a parcel; cost is
what a parcel from there costs; distance is the sum over the parcels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from raincheck.core.distance import Distance

OBJECTIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "most_lines": (),
    "fewest_parcels": ("parcels", "cost", "distance"),
    "cheapest": ("cost", "parcels", "distance"),
    "nearest": ("distance", "parcels", "cost"),
}
"""What is made least, in turn; nothing is the contract's own order of sites."""

Measure = tuple[int | Decimal, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """Units that an order wants of one product, and how many each site can give."""

    units: int
    by_site: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a parcel from one site to one customer is: its cost and how far it goes; `name` breaks ties."""

    name: str
    cost: Decimal
    distance: Distance


def best_sites(
    objective: Sequence[str], needs: Sequence[Need], reach: Mapping[int, Reach], used: frozenset[int]
) -> frozenset[int]:
    """The sites from which all that can be given is given with the least of the objective.

    A site in `used` sends a parcel anyway, so it adds nothing. Exact: every set is looked at, but those that are worse
    than the best one found, or can no longer give everything. Ties go to the set whose names come first.
    """
    sites = sorted(reach, key=lambda site: (site not in used, _measure(objective, reach[site]), reach[site].name))
    wanted = [min(need.units, sum(need.by_site.values())) for need in needs]
    search = _Search(objective, needs, reach, used, sites)
    search.go_on(0, wanted, frozenset(), _nothing(objective))
    return search.best or frozenset()


class _Search:
    """Decides site by site whether it is in, the used ones and the cheapest first."""

    def __init__(
        self,
        objective: Sequence[str],
        needs: Sequence[Need],
        reach: Mapping[int, Reach],
        used: frozenset[int],
        sites: Sequence[int],
    ) -> None:
        self._objective = objective
        self._needs = needs
        self._reach = reach
        self._used = used
        self._sites = sites
        # What all sites from one on can still give of each need.
        self._rest: list[list[int]] = [[0] * len(needs)]
        for site in reversed(sites):
            self._rest.append([s + need.by_site.get(site, 0) for s, need in zip(self._rest[-1], needs, strict=True)])
        self._rest.reverse()
        self.best: frozenset[int] | None = None
        self._least: tuple[Measure, tuple[str, ...]] | None = None

    def go_on(self, nr: int, wanted: list[int], chosen: frozenset[int], measure: Measure) -> None:
        """Looks at all sets that begin with what is chosen among the first `nr` sites."""
        if self._least is not None and measure > self._least[0]:
            return
        if not any(wanted):
            found = (measure, tuple(sorted(self._reach[site].name for site in chosen)))
            if self._least is None or found < self._least:
                self.best, self._least = chosen, found
            return
        if any(units > rest for units, rest in zip(wanted, self._rest[nr], strict=True)):
            return
        site = self._sites[nr]
        given = [need.by_site.get(site, 0) for need in self._needs]
        if any(units and here for units, here in zip(wanted, given, strict=True)):
            left = [max(0, units - here) for units, here in zip(wanted, given, strict=True)]
            more = _nothing(self._objective) if site in self._used else _measure(self._objective, self._reach[site])
            added = tuple(a + b for a, b in zip(measure, more, strict=True))
            self.go_on(nr + 1, left, chosen | {site}, added)
        self.go_on(nr + 1, wanted, chosen, measure)


def _measure(objective: Sequence[str], reach: Reach) -> Measure:
    of_one: dict[str, Measure] = {"parcels": (1,), "cost": (reach.cost,), "distance": reach.distance}
    return tuple(number for name in objective for number in of_one[name])


def _nothing(objective: Sequence[str]) -> Measure:
    return tuple(0 for name in objective for _ in range(3 if name == "distance" else 1))
