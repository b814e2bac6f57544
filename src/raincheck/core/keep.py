"""Told days and reserved units are kept before anybody takes (contract, "The pass", step 3).

In rank order supply that is there in time for a told day is set aside: as many units as fit for a plain claim, all or
none for a ship-complete group. Reserved units that stay their claim's own (`Claim.keeps_stock`) are set aside as well,
whatever was told.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from raincheck.core import kits
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.slack import Place, Slack, place_of
from raincheck.core.supply import Supply, SupplyKey


class Keeps:
    """What is set aside for whom, on the slack of a pass."""

    def __init__(
        self,
        book: Book,
        slack: Mapping[int, Slack],
        supplies: Mapping[int, Sequence[Supply]],
        reserved: Mapping[int, Mapping[SupplyKey, int]],
    ) -> None:
        """`reserved` says where the units lie that claims had before the pass; empty: that is not known."""
        self._book = book
        self._slack = slack
        self._reserved = reserved
        self._stock = {
            product: [place_of(supply) for supply in supplies.get(product, ()) if supply.is_stock] for product in slack
        }
        self._lying = {supply.key: supply for supply in book.supplies if supply.is_stock} if reserved else {}
        self._there = {key: supply.units for key, supply in self._lying.items()}
        self._kept: dict[int, list[tuple[Place, int]]] = defaultdict(list)

    def keep(self, party: list[Claim]) -> None:
        """Sets aside what a party keeps."""
        if any(claim.waits_for_payment for claim in party):
            return
        own = {claim.id: self._keep_stock(claim) if claim.keeps_stock else 0 for claim in party}
        if not self._book.keeps_told_dates:
            return
        wanted = {claim.id: claim.units_to_keep for claim in party}
        if party[0].kit is not None and party[0].group is None:
            room = {claim.id: self._room(claim) + own[claim.id] for claim in party}
            wanted = kits.units_to_keep(self._book, party, room)
        told: list[tuple[Claim, Place, int]] = []
        for claim in party:
            units = max(0, wanted.get(claim.id, 0) - own[claim.id])
            if claim.told_on is None or not units:
                continue
            deadline = self._deadline(claim, claim.told_on)
            told.append((claim, deadline, self._set_aside(claim, deadline, units)))
            if claim.group is not None and told[-1][2] < units:
                for member, last, kept in told:
                    self._slack[member.product].take(last, -kept, member.tier)
                return
        for claim, deadline, units in told:
            self._kept[claim.id].append((deadline, units))

    def give_back(self, party: list[Claim]) -> None:
        """What was set aside for the party is free for it to take."""
        for claim in party:
            for deadline, units in self._kept.pop(claim.id, ()):
                self._slack[claim.product].take(deadline, -units, claim.tier)

    def _keep_stock(self, claim: Claim) -> int:
        """Sets aside reserved units where they lie; how many. Where that is not known, any stock will do."""
        left = min(claim.keeps_stock, claim.units)
        kept = 0
        for place, units in self._lie(claim, left):
            aside = self._set_aside(claim, place, min(left, units))
            self._kept[claim.id].append((place, aside))
            left -= min(left, units)
            kept += aside
        return kept

    def _lie(self, claim: Claim, units: int) -> list[tuple[Place, int]]:
        """Where the stock lies that the claim has reserved, the earliest first; what was counted away is not there."""
        if not self._reserved:
            return [(max(self._stock[claim.product], default=(date.min, False)), units)]
        found: list[tuple[Place, int]] = []
        held = self._reserved.get(claim.id, {})
        for supply in sorted(
            (self._lying[key] for key in held if key in self._lying), key=lambda s: (place_of(s), s.id)
        ):
            there = min(units, held[supply.key], self._there[supply.key])
            self._there[supply.key] -= there
            units -= there
            found.append((place_of(supply), there))
        return found

    def _set_aside(self, claim: Claim, deadline: Place, units: int) -> int:
        """Sets aside as many of so many units as fit; how many."""
        units = min(units, self._slack[claim.product].room(deadline, claim.tier))
        self._slack[claim.product].take(deadline, units, claim.tier)
        return units

    def _room(self, claim: Claim) -> int:
        """How many units may be set aside for the claim's told day."""
        if claim.told_on is None:
            return 0
        return self._slack[claim.product].room(self._deadline(claim, claim.told_on), claim.tier)

    def _deadline(self, claim: Claim, told_on: date) -> Place:
        """The last place of supply that is in time for the told day; only stock is, for what may not be backordered."""
        in_time: Place = (self._book.road.latest_shipping_on(told_on), True)
        if not claim.stock_only:
            return in_time
        return max((place for place in self._stock[claim.product] if place <= in_time), default=(date.min, False))
