"""The pass: who gets which units (contract, section 3, "Who gets what", steps 1, 2, 3, 5 and 6).

Answers, for one book, the pegs of every claim, those of a claim in the order of their days. Guarantees: no supply is
pegged over its units; a claim's pegs sum to its units; the order of the input never matters; told days are kept
wherever supply in time allows, in rank order; a second pass over the outcome gives the same pegs.

Cost: sorting, then two walks over the claims; each claim looks at the few days of its product's supply.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.given import with_given, without_given
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.site_choice import Portion, SiteChoice
from raincheck.core.slack import Place, Slack, place_of
from raincheck.core.supply import Supply

Pegs = dict[int, list[Peg]]


def allocate(book: Book) -> Pegs:
    """Runs the pass and gives the pegs of every claim, by claim."""
    run = Run(without_given(book))
    if book.keeps_told_dates:
        for party in run.parties:
            run.keep(party)
    for party in run.parties:
        run.give_back_keep(party)
        run.take(party)
    for party in run.parties:
        run.exchange_inbound_for_stock(party)
    return with_given(book, {claim.id: run.pegs_of(claim) for claim in run.book.claims})


class Run:
    """The working copy of one pass. A party is a plain claim alone, or all claims of one ship-complete group.

    `left` counts what nobody has taken of each supply; `takes` what each claim has, by supply. `open_supplies` are each
    product's supplies in serving order, without those at its head that are used up. `dateless` are claims without any
    date, not even from a lead time.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.parties = _in_rank_order(book.claims)
        self.by_key = {supply.key: supply for supply in book.supplies}
        self.left = {supply.key: supply.units for supply in book.supplies}
        self.open_supplies: dict[int, deque[Supply]] = defaultdict(deque)
        for supply in sorted(book.supplies, key=_serving_order):
            self.open_supplies[supply.product].append(supply)
        self.slack = {product: Slack(self.open_supplies[product]) for product in book.products}
        self.kept: dict[int, tuple[Place, int]] = {}
        self.takes: dict[int, dict[tuple[bool, int], int]] = {}
        self.dateless: set[int] = set()
        several_sites = len({supply.site for supply in book.supplies}) > 1
        self.choice = SiteChoice(book) if several_sites else None

    # Step 3: told days.

    def keep(self, party: list[Claim]) -> None:
        """Sets aside supply in time for the told day: as many units as fit, for a group all or none."""
        for claim in party:
            if claim.told_on is None or not claim.units_to_keep:
                continue
            deadline = self._deadline(claim, claim.told_on)
            units = min(claim.units_to_keep, self.slack[claim.product].room(deadline))
            self.slack[claim.product].take(deadline, units)
            self.kept[claim.id] = (deadline, units)
            if claim.group is not None and units < claim.units_to_keep:
                self.give_back_keep(party)
                return

    def _deadline(self, claim: Claim, told_on: date) -> Place:
        """The last place of supply that is in time for the told day; only stock is, for what may not be backordered."""
        in_time: Place = (self.book.road.latest_shipping_on(told_on), True)
        if not claim.stock_only:
            return in_time
        stock = (place_of(supply) for supply in self.open_supplies[claim.product] if supply.is_stock)
        return min(in_time, next(stock, (date.min, False)))

    def give_back_keep(self, party: list[Claim]) -> None:
        """What was set aside for the party is free for it to take."""
        for claim in party:
            if claim.id in self.kept:
                deadline, units = self.kept.pop(claim.id)
                self.slack[claim.product].take(deadline, -units)

    # Step 5: taking.

    def take(self, party: list[Claim]) -> None:
        """Gives a party its units."""
        for claim in party:
            supplies = self.open_supplies[claim.product]
            while supplies and not self.left[supplies[0].key]:
                supplies.popleft()
        if party[0].group is None:
            self._draw(party[0], self._for_plain(party[0]))
        else:
            self._take_complete(party)

    def _take_complete(self, party: list[Claim]) -> None:
        """A ship-complete group: its own if all of it is there soon, lent to others if it is there later."""
        book = self.book
        for claim in sorted(party, key=lambda claim: not claim.stock_only):
            self._draw(claim, self._earliest_for_group(claim))
        group_on = self._group_day(party)
        if group_on is None:
            waited_days = (book.today - min(claim.joined_on or book.today for claim in party)).days
            holds = waited_days >= book.lend_days
        else:
            holds = group_on <= book.today + timedelta(days=book.hold_days)
        if holds:
            return
        lending = [claim for claim in party if not claim.stock_only]
        for claim in lending:
            self._put_back(claim)
        if group_on is not None:
            for claim in lending:
                self._draw(claim, self._latest_for_group(claim, group_on - timedelta(days=book.margin_days)))
        elif all(book.lead_time_there_on(claim) for claim in lending):
            # It waits for an inbound without a date, not for a purchase: else its lead times would seem to date it.
            self.dateless.update(claim.id for claim in lending)

    def _group_day(self, party: list[Claim]) -> date | None:
        """The day on which the group's last part is there, with what it has now; None while a part has no date."""
        last_on = max(self.book.today, self.book.groups_not_before.get(party[0].group or 0, self.book.today))
        for claim in party:
            days = [self.book.there_for_group_on(self.by_key[key]) for key in self.takes[claim.id]]
            if self._open_units(claim):
                days.append(None if claim.stock_only else self.book.lead_time_there_on(claim))
            for day in days:
                if day is None:
                    return None
                last_on = max(last_on, day)
        return last_on

    # Supplies in the order in which a claim takes them.

    def _for_plain(self, claim: Claim) -> Iterable[Portion]:
        """The earliest first."""
        supplies: Iterable[Supply] = self.open_supplies[claim.product]
        if claim.stock_only:
            supplies = (supply for supply in supplies if supply.is_stock)
        return self._by_site(claim, supplies)

    def _earliest_for_group(self, claim: Claim) -> Iterable[Portion]:
        """The earliest first, one only just overdue among those that come today."""
        supplies = [s for s in self.open_supplies[claim.product] if s.is_stock or not claim.stock_only]
        supplies.sort(key=lambda supply: (self._place_in_group(supply), supply.id))
        return self._by_site(claim, supplies, in_group=True)

    def _latest_for_group(self, claim: Claim, there_by: date) -> Iterable[Portion]:
        """The latest first of those that are there by a day, then the earliest of the others."""
        supplies = self.open_supplies[claim.product]
        in_time = [s for s in supplies if s.there_on is not None and s.there_on <= there_by]
        in_time.sort(key=place_of, reverse=True)
        yield from self._by_site(claim, in_time)
        others = [s for s in supplies if s.there_on is None or s.there_on > there_by]
        others.sort(key=lambda supply: (self._place_in_group(supply), supply.id))
        yield from self._by_site(claim, others, in_group=True)

    def _place_in_group(self, supply: Supply) -> Place:
        there_on = self.book.there_for_group_on(supply)
        return (self.book.road.ships_on(there_on), True) if supply.due_today and there_on else place_of(supply)

    def _by_site(self, claim: Claim, supplies: Iterable[Supply], *, in_group: bool = False) -> Iterable[Portion]:
        """Among supplies of one day and kind, those of the site that serves the claim best come first."""
        if self.choice is None:
            for supply in supplies:
                yield supply, claim.units
            return
        for _, side_by_side in groupby(supplies, key=self._place_in_group if in_group else place_of):
            yield from self.choice.ordered(claim, [s for s in side_by_side if self.left[s.key]], self.left)

    # Moving units.

    def _draw(self, claim: Claim, portions: Iterable[Portion]) -> None:
        """Takes the claim's units along the supplies, of each as many as leave what is set aside coverable."""
        self.takes[claim.id] = {}
        slack = self.slack[claim.product]
        needed = claim.units
        for supply, most in portions:
            if left := self.left[supply.key]:
                units = min(needed, most, left, slack.room(place_of(supply)))
                if units:
                    self._move(claim, supply, units)
                    needed -= units
                    if not needed:
                        return

    def _put_back(self, claim: Claim) -> None:
        for key, units in list(self.takes[claim.id].items()):
            self._move(claim, self.by_key[key], -units)

    def _move(self, claim: Claim, supply: Supply, units: int) -> None:
        """From the supply to the claim; negative units go back."""
        key = supply.key
        self.left[key] -= units
        self.slack[supply.product].take(place_of(supply), units)
        takes = self.takes[claim.id]
        takes[key] = takes.get(key, 0) + units
        if not takes[key]:
            del takes[key]
        if self.choice is not None:
            self.choice.took(claim, supply, units)

    def _open_units(self, claim: Claim) -> int:
        return claim.units - sum(self.takes[claim.id].values())

    # Step 6: giving back.

    def exchange_inbound_for_stock(self, party: list[Claim]) -> None:
        """A ship-complete group holds stock that nobody took instead of inbound; the latest inbound goes first."""
        if party[0].group is None:
            return
        for claim in party:
            free = [s for s in self.open_supplies[claim.product] if s.is_stock and self.left[s.key]]
            held = [self.by_key[key] for key in self.takes[claim.id]]
            inbound = sorted((s for s in held if not s.is_stock), key=_serving_order, reverse=True)
            for given in inbound:
                for taken, _ in self._by_site(claim, free):
                    units = min(self.left[taken.key], self.takes[claim.id].get(given.key, 0))
                    if units:
                        self._move(claim, given, -units)
                        self._move(claim, taken, units)

    # The outcome.

    def pegs_of(self, claim: Claim) -> list[Peg]:
        """The claim's pegs by day; what no supply covers has the lead time or no date."""
        takes = self.takes[claim.id]
        supplies = [self.by_key[key] for key in takes]
        pegs = [peg_to(claim.id, takes[s.key], s) for s in sorted(supplies, key=_serving_order)]
        if units := self._open_units(claim):
            has_no_date = claim.stock_only or claim.id in self.dateless
            there_on = None if has_no_date else self.book.lead_time_there_on(claim)
            if there_on is None:
                pegs.append(Peg(claim.id, units, PegKind.NONE, None, None))
            else:
                pegs.append(Peg(claim.id, units, PegKind.LEAD_TIME, None, self.book.road.ships_on(there_on)))
        return pegs


def _in_rank_order(claims: tuple[Claim, ...]) -> list[list[Claim]]:
    """Parties in rank order; a group stands at its best line's place."""
    parties: dict[tuple[bool, int], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: (claim.rank, claim.id)):
        parties[(False, claim.id) if claim.group is None else (True, claim.group)].append(claim)
    return list(parties.values())


def _serving_order(supply: Supply) -> tuple[Place, int]:
    """By the day it can ship, stock first, then id (contract, "The pass", step 2)."""
    return (place_of(supply), supply.id)
