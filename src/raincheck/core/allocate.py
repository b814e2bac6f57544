"""The pass: who gets which units (contract, section 3, "Who gets what", steps 1, 2, 3, 5 and 6).

Answers, for one book, the pegs of every claim. Guarantees: no supply is pegged over its units; a claim's pegs sum to
its units; the order of the input never matters; told days are kept wherever supply in time allows, in rank order; a
second pass over the outcome gives the same pegs. Cost: sorting, then one walk over the claims.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.site_choice import SiteChoice
from raincheck.core.slack import UNDATED, Slack
from raincheck.core.supply import Supply

Pegs = dict[int, list[Peg]]


def allocate(book: Book) -> Pegs:
    """Runs the pass and gives the pegs of every claim, by claim."""
    run = _Run(book)
    for party in run.parties:
        run.keep(party)
    for party in run.parties:
        run.give_back_keep(party)
        run.take(party)
    run.exchange_inbound_for_stock()
    return run.pegs


class _Run:
    """The working copy of one pass. A party is a plain claim alone, or all claims of one ship-complete group."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.left = {supply.key: supply.units for supply in book.supplies}
        self.pegs: Pegs = {}
        self.kept: dict[int, int] = {}
        self.parties = _in_rank_order(book.claims)
        self.deadlines = {
            claim.id: book.road.latest_shipping_on(claim.told_on) for claim in book.claims if claim.told_on is not None
        }
        self.several_sites = len({supply.site for supply in book.supplies}) > 1
        self.choice = SiteChoice(book) if self.several_sites else None
        self.supplies: dict[int, list[Supply]] = defaultdict(list)
        for supply in sorted(book.supplies, key=_by_day):
            self.supplies[supply.product].append(supply)
        deadlines: dict[int, set[date]] = defaultdict(set)
        for claim in book.claims:
            if claim.units_to_keep:
                deadlines[claim.product].add(self.deadlines[claim.id])
        self.slack = {product: Slack(self.supplies[product], deadlines[product]) for product in book.products}

    # Step 3: told days.

    def keep(self, party: list[Claim]) -> None:
        """Sets aside supply in time for the told day: as many units as fit, for a group all or none."""
        wanted = [(claim, claim.units_to_keep) for claim in party if claim.units_to_keep]
        fitting = [(c, min(units, self.slack[c.product].room(self.deadlines[c.id]))) for c, units in wanted]
        if party[0].group is not None and fitting != wanted:
            return
        for claim, units in fitting:
            self.slack[claim.product].take(self.deadlines[claim.id], units)
            self.kept[claim.id] = units

    def give_back_keep(self, party: list[Claim]) -> None:
        """What was set aside for the party is free for it to take."""
        for claim in party:
            if units := self.kept.get(claim.id, 0):
                self.slack[claim.product].take(self.deadlines[claim.id], -units)

    # Step 5: taking.

    def take(self, party: list[Claim]) -> None:
        """Gives a party its units."""
        if party[0].group is None:
            self._commit(party[0], self._earliest(party[0], _own_day))
        else:
            self._take_complete(party)

    def _take_complete(self, party: list[Claim]) -> None:
        """A ship-complete group: its own if all of it is there soon, lent to others if it is there later."""
        book = self.book
        earliest = {claim.id: self._earliest(claim, _day_for_group(book)) for claim in party}
        group_on = self._group_day(party, earliest)
        if group_on is None:
            waited_days = (book.today - min(claim.joined_on or book.today for claim in party)).days
            holds = waited_days >= book.lend_days
        else:
            holds = group_on <= book.today + timedelta(days=book.hold_days)
        for claim in party:
            if holds or claim.stock_only:
                self._commit(claim, earliest[claim.id])
            elif group_on is None:
                self._commit(claim, [])
            else:
                self._commit(claim, self._latest_before(claim, group_on - timedelta(days=book.margin_days)))

    def _group_day(self, party: list[Claim], earliest: dict[int, list[tuple[Supply, int]]]) -> date | None:
        """The day on which the group's last part is there, or None while a part has no date."""
        there_on = self.book.today
        for claim in party:
            takes = earliest[claim.id]
            for supply, _ in takes:
                day = self.book.today if supply.due_today else supply.there_on
                if day is None:
                    return None
                there_on = max(there_on, day)
            if sum(units for _, units in takes) < claim.units:
                day = None if claim.stock_only else self.book.lead_time_there_on(claim)
                if day is None:
                    return None
                there_on = max(there_on, day)
        return there_on

    def _earliest(self, claim: Claim, day_of: Callable[[Supply], date]) -> list[tuple[Supply, int]]:
        """What the claim gets if it takes the earliest supply first. Takes nothing yet."""
        supplies = self.supplies[claim.product]
        if claim.stock_only:
            supplies = [supply for supply in supplies if supply.is_stock]
        if day_of is not _own_day:
            supplies = sorted(supplies, key=lambda s: (day_of(s), not s.is_stock))
        return self._walk(claim, supplies, day_of)

    def _latest_before(self, claim: Claim, there_by: date) -> list[tuple[Supply, int]]:
        """What the claim gets if it takes the latest supply that is there by a day, then the earliest after it."""
        supplies = self.supplies[claim.product]
        in_time = [s for s in supplies if s.there_on is not None and s.there_on <= there_by]
        later = [s for s in supplies if s.there_on is None or s.there_on > there_by]
        in_time.sort(key=lambda s: (_own_day(s).toordinal(), not s.is_stock), reverse=True)
        return self._walk(claim, in_time + later, _own_day)

    def _walk(
        self, claim: Claim, supplies: list[Supply], day_of: Callable[[Supply], date]
    ) -> list[tuple[Supply, int]]:
        """Takes along the supplies as far as slack allows, those of one day by site; leaves the slack as it was."""
        slack = self.slack[claim.product]
        needed = claim.units
        takes: list[tuple[Supply, int]] = []
        for _, same_day in groupby(supplies, key=lambda s: (day_of(s), s.is_stock)):
            if not needed:
                break
            choices = [supply for supply in same_day if self.left[supply.key]]
            if len(choices) > 1 and self.choice is not None:
                choices = self.choice.ordered(claim, choices)
            for supply in choices:
                day = _own_day(supply)
                units = min(needed, self.left[supply.key], slack.room(day))
                if units > 0:
                    slack.take(day, units)
                    takes.append((supply, units))
                    needed -= units
        for supply, units in takes:
            slack.take(_own_day(supply), -units)
        return takes

    def _commit(self, claim: Claim, takes: list[tuple[Supply, int]]) -> None:
        """Makes takes into pegs; what is left over has the lead time or no date."""
        pegs = self.pegs[claim.id] = []
        open_units = claim.units
        for supply, units in takes:
            self._move(claim, supply, units)
            pegs.append(peg_to(claim.id, units, supply))
            open_units -= units
        if open_units:
            there_on = None if claim.stock_only else self.book.lead_time_there_on(claim)
            if there_on is None:
                pegs.append(Peg(claim.id, open_units, PegKind.NONE, None, None))
            else:
                ships_on = self.book.road.ships_on(there_on)
                pegs.append(Peg(claim.id, open_units, PegKind.LEAD_TIME, None, ships_on))

    def _move(self, claim: Claim, supply: Supply, units: int) -> None:
        self.left[supply.key] -= units
        self.slack[supply.product].take(_own_day(supply), units)
        if self.choice is not None:
            self.choice.took(claim, supply, units)

    # Step 6: giving back.

    def exchange_inbound_for_stock(self) -> None:
        """In rank order, ship-complete groups hold stock that nobody took instead of inbound: the latest goes first."""
        for party in self.parties:
            if party[0].group is None:
                continue
            for claim in party:
                free = [s for s in self.supplies[claim.product] if s.is_stock and self.left[s.key]]
                if free and not self.book.products[claim.product].is_preorder(self.book.today):
                    self._exchange(claim, free)

    def _exchange(self, claim: Claim, free: list[Supply]) -> None:
        pegs = self.pegs[claim.id]
        inbound = [peg for peg in pegs if peg.kind is PegKind.INBOUND and peg.supply is not None]
        inbound.sort(key=lambda peg: (peg.ships_on or UNDATED, peg.supply.id if peg.supply else 0), reverse=True)
        stock = self.choice.ordered(claim, free) if self.choice is not None else free
        gained: dict[tuple[bool, int], int] = defaultdict(int)
        given: dict[tuple[bool, int], int] = defaultdict(int)
        for peg in inbound:
            assert peg.supply is not None
            for supply in stock:
                units = min(self.left[supply.key], peg.units - given[peg.supply.key])
                if units:
                    self._move(claim, peg.supply, -units)
                    self._move(claim, supply, units)
                    given[peg.supply.key] += units
                    gained[supply.key] += units
        self.pegs[claim.id] = _regrouped(claim, pegs, stock, gained, given)


def _regrouped(
    claim: Claim,
    pegs: list[Peg],
    stock: list[Supply],
    gained: dict[tuple[bool, int], int],
    given: dict[tuple[bool, int], int],
) -> list[Peg]:
    """The claim's pegs after an exchange, one for each supply."""
    held = {peg.supply.key: peg.units for peg in pegs if peg.supply is not None}
    supplies = {peg.supply.key: peg.supply for peg in pegs if peg.supply is not None}
    supplies |= {supply.key: supply for supply in stock}
    after = [
        peg_to(claim.id, held.get(key, 0) + gained.get(key, 0) - given.get(key, 0), supply)
        for key, supply in sorted(supplies.items(), key=lambda item: _by_day(item[1]))
    ]
    return [peg for peg in after if peg.units] + [peg for peg in pegs if peg.supply is None]


def _in_rank_order(claims: tuple[Claim, ...]) -> list[list[Claim]]:
    """Parties in rank order; a group stands at its best line's place."""
    parties: dict[tuple[bool, int], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: (claim.rank, claim.id)):
        parties[(False, claim.id) if claim.group is None else (True, claim.group)].append(claim)
    return list(parties.values())


def _own_day(supply: Supply) -> date:
    return supply.ships_on or UNDATED


def _by_day(supply: Supply) -> tuple[date, bool, int]:
    return (_own_day(supply), not supply.is_stock, supply.id)


def _day_for_group(book: Book) -> Callable[[Supply], date]:
    """A group counts an inbound that is only just overdue as due today."""
    today_ships_on = book.road.ships_on(book.today)
    return lambda supply: today_ships_on if supply.due_today else _own_day(supply)
