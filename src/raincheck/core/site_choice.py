"""Which site serves a claim among those that can on the same day (contract, "The pass", step 2).

First the site that covers in full most of the order's open lines from that day's supply, then one in the customer's
country, then the nearest, then by name. A ship-complete group counts its own lines: they are all in the book. A plain
claim counts all lines of its order; of those outside the book only what they hold now is known, so units that are tied
on that day already stay where they are: else they would move with whichever products a pass looks at.

A company may ask for an objective over the whole order instead (`core.site_plan`): then its sites come first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.distance import NOBODY_KNOWS_KM, Distance, kilometres, postcode_distance
from raincheck.core.protect import Shares
from raincheck.core.site_plan import OBJECTIVES, Need, Reach, best_sites
from raincheck.core.slack import UNDATED, place_of
from raincheck.core.supply import Supply, SupplyKey

Portion = tuple[Supply, int]
"""A supply, and the most units to take of it at this point."""


class SiteChoice:
    """Orders the supplies of one day for one claim, and keeps count of what is left where."""

    def __init__(self, book: Book, shares: Shares) -> None:
        self._book = book
        self._shares = shares
        self._left: dict[tuple[int, int, date], int] = defaultdict(int)
        self._got: dict[tuple[int, int, int, date], int] = defaultdict(int)
        self._got_in_all: dict[tuple[int, int], int] = defaultdict(int)
        self._settled: set[int] = set()
        self._by_key = {supply.key: supply for supply in book.supplies}
        for supply in book.supplies:
            self._left[supply.product, supply.site, supply.ships_on or UNDATED] += supply.units
        # The open lines of each order, and apart from them those of its ship-complete group: line -> product -> units.
        self._lines: dict[tuple[int, int | None], dict[int, dict[int, int]]] = defaultdict(dict)
        for claim in book.claims:
            for group in {None, claim.group}:
                line = self._lines[claim.order, group].setdefault(claim.line, {})
                line[claim.product] = line.get(claim.product, 0) + claim.units

    def ordered(self, claim: Claim, supplies: list[Supply], left: Mapping[SupplyKey, int]) -> list[Portion]:
        """Supplies of one day in the order in which this claim takes them, each with the most units to take of it.

        `left` says how many units each still has. What a claim holds at a site (`held_at`) it takes there again, of
        whichever of the site's supplies comes first.
        """
        # A group may see supplies of several days side by side: what is only just overdue counts as due today.
        if claim.group is None and len({supply.site for supply in supplies}) == 1:
            return [(supply, claim.units) for supply in sorted(supplies, key=lambda supply: supply.id)]
        best_first = self._best_first(claim, supplies)
        at_site = self.held_at(claim, supplies)
        stays: list[Portion] = []
        for supply in best_first:
            if units := min(at_site[supply.site], left[supply.key] - self._shares.of_others(supply, claim.tier)):
                stays.append((supply, units))
                at_site[supply.site] -= units
        return stays + [(supply, claim.units) for supply in best_first]

    def sites(self, claim: Claim, supplies: list[Supply]) -> list[int]:
        """The sites of supplies of one day, the best for this claim first."""
        return list(dict.fromkeys(supply.site for supply in self._best_first(claim, supplies)))

    def held_at(self, claim: Claim, supplies: list[Supply]) -> dict[int, int]:
        """How many units a claim holds at each site on the day of these supplies, and takes there again.

        Of a ship-complete group only reserved units, and only where some of them stay its own: their handling began
        where they lie.
        """
        at_site: dict[int, int] = defaultdict(int)
        if claim.group is not None and not claim.keeps_stock:
            return at_site
        days = {place_of(supply) for supply in supplies}
        for key, units in self._book.held.get(claim.id, {}).items():
            supply = self._by_key.get(key)
            if supply is None or place_of(supply) not in days or (claim.group is not None and not supply.is_stock):
                continue
            at_site[supply.site] += units
        return at_site

    def settle(self, lines: Iterable[int]) -> None:
        """These lines take no more than they have: what lies somewhere for them besides draws nobody there."""
        self._settled.update(lines)

    def took(self, claim: Claim, supply: Supply, units: int) -> None:
        """Notes that a claim took (negative: gave back) units of a supply."""
        day = supply.ships_on or UNDATED
        self._left[supply.product, supply.site, day] -= units
        self._got[claim.line, supply.product, supply.site, day] += units
        self._got_in_all[claim.line, supply.product] += units

    def _best_first(self, claim: Claim, supplies: list[Supply]) -> list[Supply]:
        planned = self._planned(claim, supplies)
        return sorted(supplies, key=lambda supply: (supply.site not in planned, self._key(claim, supply)))

    def _key(self, claim: Claim, supply: Supply) -> tuple[int, Distance, str, int]:
        covered = self._covered_lines(claim, supply.site, supply.ships_on or UNDATED)
        return (-covered, self._distance(claim, supply.site), self._book.sites[supply.site].name, supply.id)

    def _distance(self, claim: Claim, site_id: int) -> Distance:
        """From a site to the claim's customer."""
        site, customer = self._book.sites[site_id], self._book.points.get((claim.country, claim.postcode))
        km = kilometres(site.point, customer) if site.point and customer else NOBODY_KNOWS_KM
        return (int(site.country != claim.country), km, postcode_distance(site.postcode, claim.postcode))

    def _planned(self, claim: Claim, supplies: list[Supply]) -> frozenset[int]:
        """The sites that serve the claim's order best on the day of these supplies, by the company's objective."""
        objective = OBJECTIVES[self._book.site_choice]
        if not objective or not supplies:
            return frozenset()
        day = supplies[0].ships_on or UNDATED
        needs: list[Need] = []
        used: set[int] = set()
        for line, of_line in self._lines[claim.order, claim.group].items():
            for product, units in of_line.items():
                used.update(site for site in self._book.sites if self._got.get((line, product, site, day)))
                if line not in self._settled:
                    by_site = {site: max(0, self._for(claim, product, site, day)) for site in self._book.sites}
                    needs.append(Need(units - self._got_in_all[line, product], by_site))
        if claim.group is None:
            for other in self._book.elsewhere.get(claim.order, ()):
                by_site = {site: other.by_site_day.get((site, day), 0) for site in self._book.sites}
                needs.append(Need(other.open_units, by_site))
        reach = {site: self._reach(claim, site) for site in self._book.sites}
        return best_sites(objective, needs, reach, frozenset(used))

    def _reach(self, claim: Claim, site_id: int) -> Reach:
        site = self._book.sites[site_id]
        cost = site.parcel_cost if site.country == claim.country else site.parcel_cost_abroad
        return Reach(site.name, cost, self._distance(claim, site_id))

    def _covered_lines(self, claim: Claim, site: int, day: date) -> int:
        """How many lines of the claim's order (of its group, if it has one) this site covers in full on this day."""
        here = sum(
            all(
                self._for(claim, product, site, day) + self._got.get((line, product, site, day), 0) >= units
                for product, units in of_line.items()
            )
            for line, of_line in self._lines[claim.order, claim.group].items()
            if line not in self._settled
        )
        if claim.group is not None:
            return here
        elsewhere = self._book.elsewhere.get(claim.order, ())
        return here + sum(line.by_site_day.get((site, day), 0) >= line.open_units for line in elsewhere)

    def _for(self, claim: Claim, product: int, site: int, day: date) -> int:
        """What nobody took of a site's supply of one day, without what is kept for other tiers."""
        left = self._left.get((product, site, day), 0)
        return left - self._shares.of_others_at(product, site, day, claim.tier)
