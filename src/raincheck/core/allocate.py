"""The pass: who gets which units (contract, section 3, "Who gets what", steps 1 to 6).

Answers, for one book, the pegs of every claim, those of a claim in the order of their days. Guarantees: no supply is
pegged over its units; a claim's pegs sum to its units; the order of the input never matters; told days are kept
wherever supply in time allows, in rank order; a second pass over the outcome gives the same pegs.

Cost: sorting, then two walks over the claims; each claim looks at the few days of its product's supply.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from raincheck.core import kits
from raincheck.core.book import Book
from raincheck.core.demand import Claim, Party
from raincheck.core.given import with_given, without_given
from raincheck.core.keep import Keeps
from raincheck.core.peg import Peg, PegKind, not_earlier, peg_to
from raincheck.core.protect import Shares
from raincheck.core.site_choice import Portion, SiteChoice
from raincheck.core.slack import EVERYBODY, Place, place_of, serving_order
from raincheck.core.supply import Supply, SupplyKey

Pegs = dict[int, list[Peg]]
MOST_ROUNDS = 6
"""After so many walks over the same facts the last one counts."""


def allocate(book: Book) -> Pegs:
    """Runs the pass and gives the pegs of every claim, by claim."""
    run = _decided(book)
    return with_given(book, {claim.id: run.pegs_of(claim) for claim in run.book.claims})


def protected_units(book: Book) -> dict[SupplyKey, dict[str, int]]:
    """What is still kept for tiers once everybody has taken: units by supply and tier."""
    return _decided(book).shares.left()


def _decided(book: Book) -> "Run":
    """The walk that counts.

    What a claim holds at a site tips the choice of its site, so where there are several the outcome is walked once more
    as what is held: units that would move on with each pass settle at the first of the outcomes that follow each other.
    """
    book = without_given(book)
    run = _walked(book, book.held)
    if run.choice is None or run.has_moved_nothing:
        return run
    outcomes = {run.outcome: run}
    for _ in range(MOST_ROUNDS):
        run = _walked(replace(book, held=run.takes), book.held)
        if run.outcome in outcomes:
            names = list(outcomes)
            return outcomes[min(names[names.index(run.outcome) :])]
        outcomes[run.outcome] = run
    return run


def _walked(book: Book, reserved: Mapping[int, Mapping[SupplyKey, int]]) -> "Run":
    """One walk: steps 3 to 6."""
    run = Run(book, reserved)
    for party in run.parties:
        run.keeps.keep(party)
    run.protect()
    for party in run.parties:
        run.keeps.give_back(party)
        run.take(party)
    for party in run.parties:
        run.exchange_inbound_for_stock(party)
    return run


class Run:
    """The working copy of one pass. A party is a plain claim, a set of kits, or a ship-complete group.

    `left` counts what nobody has taken of each supply; `takes` what each claim has, by supply. `open_supplies` are each
    product's supplies in serving order, without those at its head that are used up. `dateless` are claims without any
    date, not even from a lead time; `by_lead_time` says how many units of parts of kits a lead time dates.
    `reserved` is what claims had before the pass, where that is not what the book says they hold.
    """

    def __init__(self, book: Book, reserved: Mapping[int, Mapping[SupplyKey, int]] | None = None) -> None:
        self.book = book
        self.parties = _in_rank_order(book.claims)
        self.by_key = {supply.key: supply for supply in book.supplies}
        self.left = {supply.key: supply.units for supply in book.supplies}
        self.open_supplies: dict[int, deque[Supply]] = defaultdict(deque)
        for supply in sorted(book.supplies, key=serving_order):
            self.open_supplies[supply.product].append(supply)
        self.shares = Shares(book)
        self.slack = {product: self.shares.slack(product, self.open_supplies[product]) for product in book.products}
        self.keeps = Keeps(book, self.slack, self.open_supplies, book.held if reserved is None else reserved)
        self.takes: dict[int, dict[SupplyKey, int]] = {}
        self.dateless: set[int] = set()
        self.by_lead_time: dict[int, int] = {}
        several_sites = len({supply.site for supply in book.supplies}) > 1
        self.choice = SiteChoice(book, self.shares) if several_sites else None

    @property
    def outcome(self) -> tuple[tuple[int, SupplyKey, int], ...]:
        """Who has how many units of what."""
        return tuple(sorted((claim, key, units) for claim, of in self.takes.items() for key, units in of.items()))

    @property
    def has_moved_nothing(self) -> bool:
        """Whether everybody has what the book says they hold."""
        held = self.book.held
        return all(self.takes[claim.id] == held.get(claim.id, {}) for claim in self.book.claims)

    # Step 4: protections.

    def protect(self) -> None:
        """Sets aside what is protected: the earliest units that leave the keeps of claims of other tiers coverable."""
        for product, slack in self.slack.items():
            self.shares.protect(product, self.open_supplies[product], slack)

    # Step 5: taking.

    def take(self, party: list[Claim]) -> None:
        """Gives a party its units."""
        for claim in party:
            supplies = self.open_supplies[claim.product]
            while supplies and not self.left[supplies[0].key]:
                supplies.popleft()
        if any(claim.waits_for_payment for claim in party):
            self.takes |= {claim.id: {} for claim in party}
        elif party[0].group is not None:
            self._take_complete(party)
        elif party[0].kit is not None:
            kits.take(self, party)
        else:
            self._draw(party[0], self._for_plain(party[0]))

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
            if group_on is None:
                self._take_without_a_day(party, ())
            return
        lending = [claim for claim in party if not claim.stock_only]
        for claim in lending:
            self.put_back(claim)
        if group_on is not None:
            for claim in lending:
                self._draw(claim, self._latest_first(claim, group_on))
        elif all(book.lead_time_there_on(claim) for claim in lending):
            # It waits for an inbound without a date, not for a purchase: else its lead times would seem to date it.
            self.dateless.update(claim.id for claim in lending)
        if group_on is None:
            self._take_without_a_day([claim for claim in party if claim.stock_only], lending)

    def _take_without_a_day(self, holding: list[Claim], lending: Sequence[Claim]) -> None:
        """Without a day for the whole group, its kits have whole ones or nothing, and its other lines what that frees.

        Else who comes later would have it, would be told a day for it, and the next pass would keep it from the group.
        Nor does what is lent, or makes no kit, draw other lines to the site where it lies.
        """
        sets = kits.sets_of(holding)
        for parts in sets:
            kits.take(self, parts)
        final = [*lending, *(part for parts in sets for part in parts)]
        if self.choice is not None:
            self.choice.settle(claim.line for claim in final)
        for claim in holding:
            if final and claim.kit is None:
                self.put_back(claim)
                self._draw(claim, self._earliest_for_group(claim))

    def _group_day(self, party: list[Claim]) -> date | None:
        """The day on which the group's last part is there, with what it has now; None while a part has no date.

        A group that is wanted later is not there before.
        """
        last_on = max(self.book.today, self.book.groups_not_before.get(party[0].group or 0, self.book.today))
        last_on = max(last_on, self.book.wanted_there_on(party[0]) or last_on)
        for claim in party:
            last_on = max(last_on, self.book.first_sold_on(claim) or last_on)
            days = [self.book.there_for_group_on(self.by_key[key]) for key in self.takes[claim.id]]
            if self._open_units(claim):
                days.append(None if claim.stock_only else self.book.lead_time_there_on(claim))
            for day in days:
                if day is None:
                    return None
                last_on = max(last_on, day)
        return last_on

    # Supplies in the order in which a claim takes them.

    def supplies_for(self, claim: Claim) -> Iterable[Supply]:
        """What a claim may draw on, the earliest first: what may not be backordered takes stock only."""
        return (supply for supply in self.open_supplies[claim.product] if supply.is_stock or not claim.stock_only)

    def _for_plain(self, claim: Claim) -> Iterable[Portion]:
        """The earliest first; what is wanted later takes the latest that is there in time for it."""
        supplies: Iterable[Supply] = self.open_supplies[claim.product]
        if claim.stock_only:
            supplies = (supply for supply in supplies if supply.is_stock)
        elif there_on := self.book.wanted_there_on(claim):
            return self._latest_first(claim, there_on)
        return self._by_site(claim, supplies)

    def _earliest_for_group(self, claim: Claim) -> Iterable[Portion]:
        """The earliest first, one only just overdue among those that come today."""
        supplies = [s for s in self.open_supplies[claim.product] if s.is_stock or not claim.stock_only]
        supplies.sort(key=lambda supply: (self._place_in_group(supply), supply.id))
        return self._by_site(claim, supplies, in_group=True)

    def _latest_first(self, claim: Claim, needed_on: date) -> Iterable[Portion]:
        """The latest first of what is there `margin_days` before a day, then the earliest of the rest."""
        there_by = needed_on - timedelta(days=self.book.margin_days)
        supplies = self.open_supplies[claim.product]
        in_time = [s for s in supplies if s.there_on is not None and s.there_on <= there_by]
        in_time.sort(key=place_of, reverse=True)
        yield from self._by_site(claim, in_time)
        others = [s for s in supplies if s.there_on is None or s.there_on > there_by]
        if claim.group is not None:
            others.sort(key=lambda supply: (self._place_in_group(supply), supply.id))
        yield from self._by_site(claim, others, in_group=claim.group is not None)

    def _place_in_group(self, supply: Supply) -> Place:
        there_on = self.book.there_for_group_on(supply)
        road = self.book.road_by(supply.site)
        return (road.ships_on(there_on), True) if supply.due_today and there_on else place_of(supply)

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
        needed = claim.units
        for supply, most in portions:
            if self.left[supply.key]:
                needed -= self.take_of(claim, supply, min(needed, most))
                if not needed:
                    return

    def take_of(self, claim: Claim, supply: Supply, most: int) -> int:
        """Takes at most so many units of a supply, those that are protected for the claim first; how many."""
        slack, place, taken = self.slack[supply.product], place_of(supply), 0
        free = self.left[supply.key]
        if protected := self.shares.by_tier(supply):
            free -= sum(protected.values())
            taken = min(most, protected.get(claim.tier, 0))
            if taken and (taken := min(taken, slack.room(place, claim.tier))):
                self.shares.draw(claim, supply, taken)
                self._move(claim, supply, taken, claim.tier)
        units = min(most - taken, free)
        if units and (units := min(units, slack.room(place))):
            self._move(claim, supply, units)
        return taken + units

    def put_back(self, claim: Claim) -> None:
        for key, units in list(self.takes[claim.id].items()):
            self.give_back(claim, self.by_key[key], units)

    def give_back(self, claim: Claim, supply: Supply, units: int) -> None:
        """Units go back to the supply; those that are protected for the claim last."""
        protected = max(0, units - (self.takes[claim.id][supply.key] - self.shares.drawn(claim, supply)))
        if protected:
            self.shares.draw(claim, supply, -protected)
            self._move(claim, supply, -protected, claim.tier)
        if units > protected:
            self._move(claim, supply, protected - units)

    def _move(self, claim: Claim, supply: Supply, units: int, share: str = EVERYBODY) -> None:
        """From a share of the supply to the claim; negative units go back."""
        key = supply.key
        self.left[key] -= units
        self.slack[supply.product].take(place_of(supply), units, share)
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
            inbound = sorted((s for s in held if not s.is_stock), key=serving_order, reverse=True)
            for given in inbound:
                for taken, _ in self._by_site(claim, free):
                    of_others = self.shares.of_others(taken, claim.tier)
                    units = min(self.left[taken.key] - of_others, self.takes[claim.id].get(given.key, 0))
                    if units:
                        self.give_back(claim, given, units)
                        self.take_of(claim, taken, units)

    # The outcome.

    def pegs_of(self, claim: Claim) -> list[Peg]:
        """The claim's pegs by day; what no supply covers comes last."""
        takes = self.takes[claim.id]
        not_before = self.book.wanted_ships_on(claim)
        supplies = sorted((self.by_key[key] for key in takes), key=serving_order)
        as_sold = (kits.as_sold(self.book, claim, supply) for supply in supplies)
        pegs = [peg_to(claim.id, takes[supply.key], supply, not_before) for supply in as_sold]
        return pegs + self._uncovered(claim, not_before)

    def _uncovered(self, claim: Claim, not_before: date | None) -> list[Peg]:
        """What no supply covers: units that a lead time dates, then those without a date."""
        units = self._open_units(claim)
        has_no_date = claim.stock_only or claim.waits_for_payment or claim.id in self.dateless
        there_on = None if has_no_date else self.book.lead_time_there_on(claim)
        dated = min(units, self.by_lead_time.get(claim.id, units)) if there_on is not None else 0
        pegs: list[Peg] = []
        if dated and there_on is not None:
            ships_on = not_earlier(self.book.road.ships_on(there_on), not_before)
            pegs.append(Peg(claim.id, dated, PegKind.LEAD_TIME, None, ships_on))
        if units > dated:
            pegs.append(Peg(claim.id, units - dated, PegKind.NONE, None, None))
        return pegs


def _in_rank_order(claims: tuple[Claim, ...]) -> list[list[Claim]]:
    """Parties in rank order; a group stands at its best line's place, the parts of a set of kits stand together."""
    parties: dict[Party, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: (claim.rank, claim.id)):
        parties[claim.party].append(claim)
    return list(parties.values())
