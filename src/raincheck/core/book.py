"""Everything one pass looks at: the supply and the claims of the touched products, and the rules they stand under."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from raincheck.core.calendar import Road
from raincheck.core.demand import Claim
from raincheck.core.distance import Point
from raincheck.core.supply import Supply, SupplyKey


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a pass must know of a product. `lead_time_days` is None when it names no supplier."""

    lead_time_days: int | None = None
    available_from: date | None = None

    def is_preorder(self, today: date) -> bool:
        """Whether the product can only be pre-ordered today."""
        return self.available_from is not None and self.available_from > today


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a pass must know of a site to choose between sites; its parcels cost so much at home and abroad."""

    name: str
    country: str = ""
    postcode: str = ""
    point: Point | None = None
    parcel_cost: Decimal = Decimal(0)
    parcel_cost_abroad: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineElsewhere:
    """An open line of an order in this book whose product is not in it: what each site could give it, by day."""

    open_units: int
    by_site_day: Mapping[tuple[int, date], int]


@dataclass(frozen=True, slots=True)
class Given:
    """Units of a claim that a fact, a rebalance or (`by_hand`) a person, tied to a supply.

    `ships_on` is the day for which they were given.
    """

    claim: int
    supply: SupplyKey
    units: int
    fact: int
    by_hand: bool
    ships_on: date | None


@dataclass(frozen=True, slots=True)
class Protection:
    """Units of a product that only customers of a tier may have: those that are left of what was protected."""

    product: int
    tier: str
    units: int


@dataclass(frozen=True, slots=True)
class Book:
    """The input of a pass. Lists may come in any order: equal facts give equal results.

    It must hold every claim of its products, and with one line of a ship-complete group all of that group's lines;
    `sites` only where supply lies at more than one; there `held` says, by claim, how many units it has of which
    supply so far. `keeps_told_dates` is False where rank may break a told date. `given` units are part of claims and
    supplies, and the pass leaves them alone (`core.given`); `groups_not_before` is the day before which a group that
    was given some cannot be whole. `roads` are those by way of sites with hours of their own. `site_choice` names the
    objective by which sites are chosen (`core.site_plan`); `points` say where postcodes lie, by (country, postcode).
    """

    today: date
    road: Road
    supplies: tuple[Supply, ...]
    claims: tuple[Claim, ...]
    products: Mapping[int, ProductFacts]
    sites: Mapping[int, SiteFacts] = field(default_factory=dict)
    elsewhere: Mapping[int, tuple[LineElsewhere, ...]] = field(default_factory=dict)
    held: Mapping[int, Mapping[SupplyKey, int]] = field(default_factory=dict)
    hold_days: int = 7
    lend_days: int = 30
    margin_days: int = 0
    keeps_told_dates: bool = True
    given: tuple[Given, ...] = ()
    groups_not_before: Mapping[int, date] = field(default_factory=dict)
    protections: tuple[Protection, ...] = ()
    roads: Mapping[int, Road] = field(default_factory=dict)
    site_choice: str = "most_lines"
    points: Mapping[tuple[str, str], Point] = field(default_factory=dict)

    def with_claims(self, claims: tuple[Claim, ...]) -> "Book":
        """The same facts with other claims."""
        return replace(self, claims=claims)

    def road_by(self, site: int) -> Road:
        """The road by way of a site."""
        return self.roads.get(site, self.road)

    def first_sold_on(self, claim: Claim) -> date | None:
        """The first day of sale of a claim's product; of a part, that of the kit and all its parts. None: always."""
        return self.products[claim.product].available_from if claim.kit is None else claim.kit.available_from

    def is_preorder(self, claim: Claim) -> bool:
        """Whether a claim's units are only pre-ordered today."""
        first_on = self.first_sold_on(claim)
        return first_on is not None and first_on > self.today

    def there_for_group_on(self, supply: Supply) -> date | None:
        """When a ship-complete group counts a supply as there: one that is only just overdue as if it arrived today."""
        if not supply.due_today:
            return supply.there_on
        available_from = self.products[supply.product].available_from
        return max(self.road_by(supply.site).there_on(self.today), available_from or self.today)

    def wanted_there_on(self, claim: Claim) -> date | None:
        """The day on which units wanted for later are to be there, and leave; None if that is today or has passed.

        It is the last day from which handling and transit deliver on the wanted day (contract, "Dates", `wanted_on`).
        """
        if claim.wanted_on is None:
            return None
        leaves_on = self.road.latest_release_on(claim.wanted_on)
        return leaves_on if leaves_on > self.today else None

    def wanted_ships_on(self, claim: Claim) -> date | None:
        """The day before which units wanted for later do not go to the carrier; None if that is today or has passed."""
        there_on = self.wanted_there_on(claim)
        return None if there_on is None else self.road.ships_on(there_on)

    def lead_time_there_on(self, claim: Claim) -> date | None:
        """When units of this claim that no inbound covers are there: the lead time after they were first so dated.

        None without a supplier, before the product is available, and once that day has passed without a purchase.
        """
        facts = self.products[claim.product]
        if facts.lead_time_days is None or self.is_preorder(claim):
            return None
        arrives_on = (claim.lead_time_from or self.today) + timedelta(days=facts.lead_time_days)
        return None if arrives_on < self.today else self.road.there_on(arrives_on)
