"""The columns and rows of the planner's optimum (equations in `core.optimum`), and the way back to pegs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.programme import Programme
from raincheck.core.score import Yardstick
from raincheck.core.supply import Supply, SupplyKey

ParcelKey = tuple[int, int | None, int | None, date | None]
"""(order, group, site, shipping day); no site for units from a lead time, no day for a group's (it has one day)."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What is optimised: a cost for each column."""

    costs: dict[int, int]
    most_wins: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where units of a claim may come from: a supply, or (None) its lead time; the column that counts them."""

    supply: Supply | None
    ships_on: date
    column: int


class Model:
    """The programme of one book over the claims `ours`; the others keep what `rule` gave them.

    `start` are the values of the rule's own outcome: they meet every condition.
    """

    def __init__(self, book: Book, ours: list[Claim], rule: Pegs, by: Yardstick) -> None:
        self.book, self.by, self.ours = book, by, ours
        self.programme = Programme()
        self.start: list[int] = []
        self._rule = rule
        self._left = self._left_by_the_others()
        self._sources: dict[int, list[Source]] = {claim.id: [] for claim in ours}
        self._undated: dict[int, int] = {}
        self._on_time: dict[int, int] = {}
        self._days: dict[int, dict[date | None, int]] = {}
        self._parcels: dict[ParcelKey, int] = {}
        groups: dict[int, list[Claim]] = defaultdict(list)
        for claim in ours:
            if claim.group is not None:
                groups[claim.group].append(claim)
        self._ruled_on = {group: self._rule_day(claims) for group, claims in groups.items()}
        self._add_sources()
        for claim in ours:
            if claim.group is None:
                self._add_plain(claim)
        for group, claims in groups.items():
            self._add_group(group, claims)
        for claim in ours:
            self._add_parcels(claim)

    def objectives(self) -> Iterator[Objective]:
        """Units on time, lateness, parcels."""
        yield Objective(self._units_on_time(), most_wins=True)
        yield Objective(self._lateness(), most_wins=False)
        yield Objective(dict.fromkeys(self._parcels.values(), 1), most_wins=False)

    def hold(self, objective: Objective, reached: int) -> None:
        """From here on nothing may be worse in this objective."""
        if objective.costs and objective.most_wins:
            self.programme.row(objective.costs, lower=reached)
        elif objective.costs:
            self.programme.row(objective.costs, upper=reached)

    def pegs_of(self, values: list[int]) -> Pegs:
        """The outcome that the values stand for, of every claim of the book."""
        pegs = {claim.id: self._rule[claim.id] for claim in self.book.claims}
        for claim in self.ours:
            found: list[Peg] = []
            for source in sorted(self._sources[claim.id], key=lambda source: (source.ships_on, source.column)):
                if units := values[source.column]:
                    lead = Peg(claim.id, units, PegKind.LEAD_TIME, None, source.ships_on)
                    found.append(lead if source.supply is None else peg_to(claim.id, units, source.supply))
            if missing := claim.units - sum(peg.units for peg in found):
                found.append(Peg(claim.id, missing, PegKind.NONE, None, None))
            pegs[claim.id] = found
        return pegs

    # Columns, each with its value in the rule's outcome.

    def _column(self, most: int, start: int) -> int:
        self.start.append(start)
        return self.programme.column(most)

    def _left_by_the_others(self) -> dict[SupplyKey, int]:
        left = {supply.key: supply.units for supply in self.book.supplies}
        ours = {claim.id for claim in self.ours}
        for claim, pegs in self._rule.items():
            for peg in pegs:
                if claim not in ours and peg.supply is not None:
                    left[peg.supply.key] -= peg.units
        return left

    def _add_sources(self) -> None:
        """x(c, s) and l(c), with the rows that bound what there is."""
        supplies: dict[int, list[Supply]] = defaultdict(list)
        for supply in sorted(self.book.supplies, key=lambda supply: supply.key):
            supplies[supply.product].append(supply)
        of_supply: dict[SupplyKey, dict[int, int]] = defaultdict(dict)
        of_lead_time: dict[int, dict[int, int]] = defaultdict(dict)
        bought: dict[int, int] = defaultdict(int)
        for claim in self.ours:
            bought[claim.product] += self._by_lead_time(claim)
        for claim in self.ours:
            given = self._given(claim)
            for supply in supplies[claim.product]:
                most = min(claim.units, self._left[supply.key])
                if supply.ships_on is not None and most > 0 and (supply.is_stock or not claim.stock_only):
                    column = self._column(most, given.get(supply.key, 0))
                    self._sources[claim.id].append(Source(supply, supply.ships_on, column))
                    of_supply[supply.key][column] = 1
            there_on = None if claim.stock_only else self.book.lead_time_there_on(claim)
            if there_on is not None and bought[claim.product]:
                most = min(claim.units, bought[claim.product])
                column = self._column(most, self._by_lead_time(claim) if self._has_date(claim) else 0)
                self._sources[claim.id].append(Source(None, self.book.road.ships_on(there_on), column))
                of_lead_time[claim.product][column] = 1
        for key, entries in of_supply.items():
            self.programme.row(entries, upper=self._left[key])
        for product, entries in of_lead_time.items():
            self.programme.row(entries, upper=bought[product])

    def _add_plain(self, claim: Claim) -> None:
        """n(c) and o(c)."""
        sources = self._sources[claim.id]
        dated = sum(self.start[source.column] for source in sources)
        self._undated[claim.id] = self._column(claim.units, claim.units - dated)
        entries = {source.column: 1 for source in sources} | {self._undated[claim.id]: 1}
        self.programme.row(entries, lower=claim.units, upper=claim.units)
        in_time = [source.column for source in sources if self._is_in_time(claim, source.ships_on)]
        if in_time and claim.told_units:
            most = min(claim.told_units, claim.units)
            column = self._column(most, min(most, sum(self.start[column] for column in in_time)))
            self._on_time[claim.id] = column
            self.programme.row({column: 1} | dict.fromkeys(in_time, -1), upper=0)

    def _add_group(self, group: int, claims: list[Claim]) -> None:
        """y(g, t): everything is there by the day it ships, or none of it is given."""
        on = sorted({source.ships_on for claim in claims for source in self._sources[claim.id]})
        days = self._days[group] = {}
        for day in (*on, None):
            days[day] = self._column(1, int(day == self._ruled_on[group]))
        self.programme.row(dict.fromkeys(days.values(), 1), lower=1, upper=1)
        for claim in claims:
            sources = self._sources[claim.id]
            whole = {source.column: 1 for source in sources} | {days[None]: claim.units}
            self.programme.row(whole, lower=claim.units, upper=claim.units)
            for index, day in enumerate(on):
                there = {source.column: 1 for source in sources if source.ships_on <= day}
                by_then = {days[earlier]: -claim.units for earlier in on[: index + 1]}
                self.programme.row(there | by_then, lower=0)

    def _add_parcels(self, claim: Claim) -> None:
        """z(k): whoever gets units opens the parcel."""
        for source in self._sources[claim.id]:
            site = source.supply.site if source.supply else None
            key = (claim.order, claim.group, site, source.ships_on if claim.group is None else None)
            if key not in self._parcels:
                self._parcels[key] = self._column(1, 0)
            parcel = self._parcels[key]
            if self.start[source.column]:
                self.start[parcel] = 1
            most = self.programme.most[source.column]
            self.programme.row({source.column: 1, parcel: -most}, upper=0)

    # Objectives.

    def _units_on_time(self) -> dict[int, int]:
        costs = dict.fromkeys(self._on_time.values(), 1)
        for claim in self.ours:
            if claim.group is not None and claim.told_units:
                for day, column in self._days[claim.group].items():
                    if day is not None and self._is_in_time(claim, day):
                        costs[column] = costs.get(column, 0) + min(claim.told_units, claim.units)
        return costs

    def _lateness(self) -> dict[int, int]:
        costs: dict[int, int] = {}
        for claim in self.ours:
            if claim.group is None:
                for source in self._sources[claim.id]:
                    costs[source.column] = self._late(claim, source.ships_on)
                costs[self._undated[claim.id]] = self._late(claim, None)
            else:
                for day, column in self._days[claim.group].items():
                    costs[column] = costs.get(column, 0) + claim.units * self._late(claim, day)
        return costs

    def _late(self, claim: Claim, ships_on: date | None) -> int:
        return self.by.late_unit_days(claim, None if ships_on is None else self.book.road.delivers_on(ships_on))

    def _is_in_time(self, claim: Claim, ships_on: date) -> bool:
        return claim.told_on is not None and self.book.road.delivers_on(ships_on) <= claim.told_on

    # The rule's outcome.

    def _given(self, claim: Claim) -> dict[SupplyKey, int]:
        if not self._has_date(claim):
            return {}
        return {peg.supply.key: peg.units for peg in self._rule[claim.id] if peg.supply is not None}

    def _by_lead_time(self, claim: Claim) -> int:
        return sum(peg.units for peg in self._rule[claim.id] if peg.kind is PegKind.LEAD_TIME)

    def _has_date(self, claim: Claim) -> bool:
        """Whether what it was given counts: a group in which one part has no date is given nothing."""
        return claim.group is None or self._ruled_on[claim.group] is not None

    def _rule_day(self, claims: list[Claim]) -> date | None:
        days = [peg.ships_on for claim in claims for peg in self._rule[claim.id]]
        return None if None in days else max(day for day in days if day is not None)
