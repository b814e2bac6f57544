"""Kits: whole ones or none (contract, "The pass", step 5, "Kit"; step 3 for their told days).

A set of kits stands in the queue as one party of claims, one for each part. Kit by kit it takes the earliest day on
which all parts can be there, and each part from the latest supply that meets that day, so that what lies here stays
free for others. A kit without a date takes nothing. Choices where the contract is silent:

- A supplier's lead time dates a part as it dates any unit, where no supply covers it, and so the kit. What the other
  parts need for that day is taken from supply, the part itself holds nothing.
- On one day stock comes before inbound, as for everybody: a kit that can leave from the shelf never waits for a truck.
- Among supplies of the place on which a kit draws, a site that has all its parts comes first; only then several sites.
- A kit is sold from the latest first day of sale of itself and its parts.

Guarantees: the parts taken make whole kits, and as many are there by any day as supply for all parts allows.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate, groupby
from typing import Protocol, TypeVar

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg
from raincheck.core.site_choice import SiteChoice
from raincheck.core.slack import Place, place_of
from raincheck.core.supply import Supply, SupplyKey

LAST: Place = (date.max, True)
"""After every day."""


class WorkingCopy(Protocol):
    """What a set of kits takes from: the working copy of the pass (core.allocate)."""

    book: Book
    left: dict[SupplyKey, int]
    takes: dict[int, dict[SupplyKey, int]]
    by_lead_time: dict[int, int]
    choice: SiteChoice | None

    def supplies_for(self, claim: Claim) -> Iterable[Supply]:
        """The supplies that a claim may draw on."""

    def take_of(self, claim: Claim, supply: Supply, most: int) -> int:
        """Takes at most so many units of a supply, as far as what is set aside stays covered; how many."""

    def give_back(self, claim: Claim, supply: Supply, units: int) -> None:
        """Units go back to their supply."""

    def put_back(self, claim: Claim) -> None:
        """All that a claim has goes back."""


def sets_of(claims: Iterable[Claim]) -> list[list[Claim]]:
    """The parts of each set of kits among some claims, in their order; other claims are left out."""
    sets: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kit is not None:
            sets[claim.kit.line, claim.kit.nr].append(claim)
    return list(sets.values())


def kits_in(parts: Iterable[Claim], units: Mapping[int, int]) -> int:
    """How many whole kits some units of each part, by claim, make."""
    return min(units.get(claim.id, 0) // claim.per_kit for claim in parts)


# Step 3: told days.


def units_to_keep(book: Book, parts: list[Claim], room: Mapping[int, int]) -> dict[int, int]:
    """What to set aside for as many told kits as fit, by claim. `room` is what fits of each part.

    A part whose lead time is in time for the told day never stands in the way: of it only what fits is set aside.
    """
    told_on = parts[0].told_on
    if told_on is None:
        return {}
    latest_on = book.road.latest_shipping_on(told_on)
    first_on = book.first_sold_on(parts[0])
    if first_on is not None and book.road.ships_on(first_on) > latest_on:
        return {}
    kits, bought = min(min(c.units, c.told_units) // c.per_kit for c in parts), set()
    for claim in parts:
        there_on = None if claim.stock_only else book.lead_time_there_on(claim)
        if there_on is not None and book.road.ships_on(there_on) <= latest_on:
            bought.add(claim.id)
        else:
            kits = min(kits, room[claim.id] // claim.per_kit)
    needed = {c.id: kits * c.per_kit - (c.told_by_lead_time if c.id in bought else 0) for c in parts}
    return {c.id: max(0, min(needed[c.id], room[c.id])) for c in parts}


# Step 5: taking.


def take(run: WorkingCopy, parts: list[Claim]) -> None:
    """Gives a set its parts, kit by kit: those of one day together, which comes to the same."""
    for claim in parts:
        if claim.id in run.takes:
            run.put_back(claim)
        run.takes[claim.id] = {}
        run.by_lead_time[claim.id] = 0
    missing = min(claim.units // claim.per_kit for claim in parts)
    days = _days(run, parts)
    while missing:
        # Only what no supply covers has the lead time: a part that a later truck brings waits for that truck.
        short = {claim.id for claim in parts if not _most_by(run, claim, LAST, 1)}
        found = ((day, min(_most_by(run, c, day, missing, is_short=c.id in short) for c in parts)) for day in days)
        place, kits = next(((day, kits) for day, kits in found if kits), (LAST, 0))
        if not kits:
            return
        missing -= kits
        if run.choice is not None:
            kits -= _draw_from_one_site(run, run.choice, parts, place, kits)
        for claim in parts:
            needed = kits * claim.per_kit
            drawn = sum(units for _, units in _draw(run, claim, place, needed)) if needed else 0
            run.by_lead_time[claim.id] += needed - drawn


def _days(run: WorkingCopy, parts: list[Claim]) -> list[Place]:
    """The places in time at which a part may come, the earliest first; none before the kit is sold."""
    places = {_there(supply) for claim in parts for supply in run.supplies_for(claim)}
    for claim in parts:
        if not claim.stock_only and (there_on := run.book.lead_time_there_on(claim)) is not None:
            places.add((there_on, True))
    earliest = _earliest(run.book, parts[0])
    return sorted({max(place, earliest) for place in places if place is not None})


def _earliest(book: Book, part: Claim) -> Place:
    """The first place at which a kit may be whole: not before it is sold, or is to leave for a wanted day."""
    days = [day for day in (book.first_sold_on(part), book.wanted_there_on(part)) if day and day > book.today]
    return (max(days), True) if days else (book.today, False)


def _there(supply: Supply) -> Place | None:
    """When a supply is there, stock before inbound."""
    return None if supply.there_on is None else (supply.there_on, not supply.is_stock)


def _most_by(run: WorkingCopy, claim: Claim, place: Place, kits: int, *, is_short: bool = False) -> int:
    """For how many kits, up to so many, a part can be there: drawn and put back. A short one is bought in time."""
    if is_short:
        there_on = None if claim.stock_only else run.book.lead_time_there_on(claim)
        return kits if there_on is not None and (there_on, True) <= place else 0
    drawn = list(_draw(run, claim, place, kits * claim.per_kit))
    for supply, units in reversed(drawn):
        run.give_back(claim, supply, units)
    return sum(units for _, units in drawn) // claim.per_kit


def _draw(run: WorkingCopy, claim: Claim, place: Place, needed: int) -> Iterator[tuple[Supply, int]]:
    """Draws a part from the supplies that are there by a place, the latest first; what it took of each."""
    for together in _of_one_place(run, claim, place):
        portions = [(supply, needed) for supply in together]
        if run.choice is not None:
            portions = run.choice.ordered(claim, [s for s in together if run.left[s.key]], run.left)
        for supply, most in portions:
            if units := run.take_of(claim, supply, min(needed, most)):
                needed -= units
                yield supply, units
        if not needed:
            return


def _of_one_place(run: WorkingCopy, claim: Claim, place: Place) -> Iterator[list[Supply]]:
    """The part's supplies that are there by a place, those of one place together, the latest place first."""
    in_time = [s for s in run.supplies_for(claim) if (there := _there(s)) is not None and there <= place]
    in_time.sort(key=lambda supply: supply.id)
    in_time.sort(key=place_of, reverse=True)
    for _, together in groupby(in_time, key=place_of):
        yield list(together)


def _draw_from_one_site(run: WorkingCopy, choice: SiteChoice, parts: list[Claim], place: Place, kits: int) -> int:
    """Draws kits of which one site has all parts in the latest supply; how many. Those it holds already stay there."""
    latest = {claim.id: _latest(run, claim, place) for claim in parts}
    sites = choice.sites(parts[0], latest[parts[0].id])
    held = {claim.id: choice.held_at(claim, latest[claim.id]) for claim in parts}
    drawn = 0
    for stays in (True, False):
        for site in sites:
            here = {id_: [s for s in supplies if s.site == site] for id_, supplies in latest.items()}
            most = kits - drawn
            if stays:
                most = min(most, kits_in(parts, {claim.id: held[claim.id].get(site, 0) for claim in parts}))
            whole = kits_in(parts, {c.id: _take_along(run, c, here[c.id], most * c.per_kit) for c in parts})
            for claim in parts:
                _take_along(run, claim, here[claim.id], whole * claim.per_kit, keep=True)
            drawn += whole
    return drawn


def _latest(run: WorkingCopy, claim: Claim, place: Place) -> list[Supply]:
    """The latest supplies of one place of which the part can have anything."""
    together = _of_one_place(run, claim, place)
    return next((supplies for supplies in together if _take_along(run, claim, supplies, 1)), [])


def _take_along(run: WorkingCopy, claim: Claim, supplies: Iterable[Supply], needed: int, *, keep: bool = False) -> int:
    """How many of some units a part can have of some supplies; `keep` takes them."""
    drawn: list[tuple[Supply, int]] = []
    for supply in supplies:
        if needed and (units := run.take_of(claim, supply, needed)):
            drawn.append((supply, units))
            needed -= units
    if not keep:
        for supply, units in reversed(drawn):
            run.give_back(claim, supply, units)
    return sum(units for _, units in drawn)


# The outcome.


def here_in_whole(parts: list[Claim], here: Mapping[int, list[Peg]]) -> dict[int, list[Peg]]:
    """Of the pegs that are here, by claim, those that make whole kits: first kits of which one site has all parts."""
    units = {claim.id: sum(peg.units for peg in here[claim.id]) for claim in parts}
    kits = kits_in(parts, units)
    rest = {claim.id: [(peg, peg.units) for peg in here[claim.id]] for claim in parts}
    chosen: dict[int, list[Peg]] = {claim.id: [] for claim in parts}
    sites = sorted({peg.supply.site for pegs in here.values() for peg in pegs if peg.supply is not None})
    for site in [*sites, None]:
        at_site = {
            id_: sum(u for peg, u in pegs if site is None or (peg.supply is not None and peg.supply.site == site))
            for id_, pegs in rest.items()
        }
        whole = min(kits, kits_in(parts, at_site))
        kits -= whole
        for claim in parts:
            needed = whole * claim.per_kit
            for index, (peg, left) in enumerate(rest[claim.id]):
                if site is None or (peg.supply is not None and peg.supply.site == site):
                    taken = min(needed, left)
                    needed -= taken
                    rest[claim.id][index] = (peg, left - taken)
        for claim in parts:
            chosen[claim.id] = [
                replace(peg, units=peg.units - left) for peg, left in rest[claim.id] if peg.units > left
            ]
    return chosen


def alike(parts: list[Claim], pegs: Mapping[int, list[Peg]]) -> list[tuple[int, list[Peg]]]:
    """A set's kits, the earliest first: so many of which each part's last unit has these pegs, one for each part."""
    in_order = [
        (claim.per_kit, [(peg.units, peg) for peg in sorted(pegs[claim.id], key=lambda peg: peg.ships_on or date.max)])
        for claim in parts
    ]
    return side_by_side(in_order)


Of = TypeVar("Of")


def side_by_side(parts: Sequence[tuple[int, Sequence[tuple[int, Of]]]]) -> list[tuple[int, list[Of]]]:
    """Units of each part, the earliest first, made into kits: so many whose last unit of each part is of these.

    A part is (units in one kit, [(units, what they are), ...]).

    >>> side_by_side([(2, [(2, "shelf"), (4, "truck")]), (1, [(3, "shelf")])])
    [(1, ['shelf', 'shelf']), (2, ['truck', 'shelf'])]
    """
    ends = [
        (per_kit, list(accumulate(units for units, _ in column)), [of for _, of in column]) for per_kit, column in parts
    ]
    found: list[tuple[int, list[Of]]] = []
    done, kits = 0, min(sums[-1] // per_kit if sums else 0 for per_kit, sums, _ in ends)
    while done < kits:
        at = [bisect_left(sums, (done + 1) * per_kit) for per_kit, sums, _ in ends]
        until = min(sums[i] // per_kit for i, (per_kit, sums, _) in zip(at, ends, strict=True))
        found.append((until - done, [of[i] for i, (_, _, of) in zip(at, ends, strict=True)]))
        done = until
    return found


def as_sold(book: Book, claim: Claim, supply: Supply) -> Supply:
    """A part's supply as its kit sees it: not there before the kit is sold."""
    first_on = book.first_sold_on(claim) if claim.kit is not None else None
    if first_on is None or first_on <= book.today or supply.there_on is None or first_on <= supply.there_on:
        return supply
    return replace(supply, there_on=first_on, ships_on=book.road_by(supply.site).ships_on(first_on), slips=False)
