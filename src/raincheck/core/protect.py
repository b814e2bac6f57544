"""Units that only customers of a tier may have (contract, "The pass", step 4), and what slack means beside them.

Each protection sets aside the earliest units that leave the told days of everybody else coverable. From there on
supply lies in shares: each protected one for its tier, the rest for everybody. A tier's told days are covered from its
own share first, and from the rest only as far as that falls short. So with own(p) = a tier's share up to a place p,
less its units set aside or taken up to p, its shortage at m is the deepest own(p) below zero among p <= m; and

    slack(m) = the rest up to m - what others set aside or took of it up to m - every tier's shortage at m

must never be negative. Without protections every shortage is what was set aside, and this is `core.slack`.

Several protections of one product set aside in the order gold, silver, standard.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.slack import EVERYBODY, UNDATED, Place, Slack, place_of
from raincheck.core.supply import Supply, SupplyKey

TIERS = ("gold", "silver", "standard")
"""Who units can be protected for, in the order in which protections set aside."""

_NOTHING: Mapping[str, int] = {}


class ProtectedSlack(Slack):
    """The slack of one product of which units are protected, by place and by whose share."""

    __slots__ = ("_own",)

    def __init__(self, supplies: Iterable[Supply], tiers: Iterable[str]) -> None:
        super().__init__(supplies)
        self._own = {tier: [0] * len(self._places) for tier in tiers}

    def room(self, place: Place, tier: str = EVERYBODY) -> int:
        """How many units of a share may be taken at a place, or set aside for the tier to come from supply up to it."""
        first = self._index(place)
        if first < 0:
            return 0
        if tier not in self._own:
            return min(self._beside(None)[first:])
        least, room = None, None
        for own, beside in zip(reversed(self._own[tier][first:]), reversed(self._beside(tier)[first:]), strict=True):
            least = beside if least is None else min(least, beside)
            room = own + least if room is None else min(room, own + least)
        return room or 0

    def take(self, place: Place, units: int, tier: str = EVERYBODY) -> None:
        """Takes units of a share, or sets aside as many for the tier; negative units give back."""
        if tier not in self._own:
            super().take(place, units)
            return
        first = max(0, self._index(place))
        self._own[tier][first:] = [own - units for own in self._own[tier][first:]]

    def protect(self, place: Place, units: int, tier: str) -> int:
        """Moves at most so many units at a place to a tier's share: as many as leave all others covered; how many."""
        units = max(0, min([units, *self._beside(tier)[self._index(place) :]]))
        self.take(place, units)
        self.take(place, -units, tier)
        return units

    def _beside(self, tier: str | None) -> list[int]:
        """The rest at each place, less the shortages of all tiers but one."""
        beside = self._slack
        for other, own in self._own.items():
            if other != tier:
                shortage, left = 0, []
                for rest, surplus in zip(beside, own, strict=True):
                    shortage = max(shortage, -surplus)
                    left.append(rest - shortage)
                beside = left
        return beside


class Shares:
    """How many units of which supply are protected for whom and not drawn yet, and which of them claims drew."""

    def __init__(self, book: Book) -> None:
        self._units = {(one.product, one.tier): one.units for one in book.protections if one.units > 0}
        self._left: dict[SupplyKey, dict[str, int]] = {}
        self._at: dict[tuple[int, int, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._drawn: dict[tuple[int, SupplyKey], int] = defaultdict(int)

    def slack(self, product: int, supplies: Iterable[Supply]) -> Slack:
        """The slack of a product, before anything is set aside."""
        tiers = [tier for tier in TIERS if (product, tier) in self._units]
        return ProtectedSlack(supplies, tiers) if tiers else Slack(supplies)

    def protect(self, product: int, supplies: Iterable[Supply], slack: Slack) -> None:
        """Sets aside what is protected of a product, in the order of its supplies; told days are set aside already."""
        if not isinstance(slack, ProtectedSlack):
            return
        for tier in TIERS:
            needed = self._units.get((product, tier), 0)
            for supply in supplies:
                units = slack.protect(place_of(supply), min(needed, supply.units - self.of_others(supply, tier)), tier)
                if units:
                    self._move(supply, tier, units)
                    needed -= units

    def by_tier(self, supply: Supply) -> Mapping[str, int]:
        """What is protected of a supply, by tier."""
        return self._left.get(supply.key, _NOTHING)

    def of_others(self, supply: Supply, tier: str) -> int:
        """What is protected of a supply for other tiers."""
        by_tier = self._left.get(supply.key)
        return sum(by_tier.values()) - by_tier.get(tier, 0) if by_tier else 0

    def of_others_at(self, product: int, site: int, day: date, tier: str) -> int:
        """What is protected for other tiers of all that can ship from a site on a day."""
        at_site = self._at.get((product, site, day))
        return sum(units for other, units in at_site.items() if other != tier) if at_site else 0

    def draw(self, claim: Claim, supply: Supply, units: int) -> None:
        """A claim takes units that are protected for its tier."""
        self._move(supply, claim.tier, -units)
        self._drawn[claim.id, supply.key] += units

    def drawn(self, claim: Claim, supply: Supply) -> int:
        """How many protected units of a supply a claim has."""
        return self._drawn.get((claim.id, supply.key), 0)

    def left(self) -> dict[SupplyKey, dict[str, int]]:
        """What is protected and nobody has drawn, by supply and tier."""
        return {key: {tier: units for tier, units in by_tier.items() if units} for key, by_tier in self._left.items()}

    def _move(self, supply: Supply, tier: str, units: int) -> None:
        by_tier = self._left.setdefault(supply.key, {})
        by_tier[tier] = by_tier.get(tier, 0) + units
        self._at[supply.product, supply.site, supply.ships_on or UNDATED][tier] += units
