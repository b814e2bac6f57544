"""Units that a rebalance or a person gave: the pass leaves them alone (contract, "The pass", step 1, "Frozen units").

Given units leave both sides of the pass: their claim asks for fewer, their supply has fewer. They stay part of the
claim, of its estimate and of what may leave. A tie stands until its units ship, are cancelled or are given anew, and as
long as there is what it ties to: a supply that came short, was counted away or slips past the day for which it was
given breaks it, among several ties the last in rank first, and the units go back to the pass. Of a claim that loses
units, those that were not given go first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from raincheck.core.book import Book, Given, Protection
from raincheck.core.demand import Claim
from raincheck.core.kits import as_sold, kits_in, sets_of
from raincheck.core.peg import Peg, peg_to
from raincheck.core.slack import place_of
from raincheck.core.supply import Supply, SupplyKey


def standing(given: Iterable[Given], claims: Iterable[Claim], supplies: Iterable[Supply]) -> tuple[Given, ...]:
    """Those ties that stand, in rank order of their claims; a tie that is covered in part stands with that part."""
    by_claim = {claim.id: claim for claim in claims}
    by_key = {supply.key: supply for supply in supplies}
    open_units = {claim.id: claim.units for claim in by_claim.values()}
    left = {supply.key: supply.units for supply in by_key.values()}
    stands: list[Given] = []
    known = [tie for tie in given if tie.claim in by_claim and tie.supply in by_key]
    for tie in sorted(known, key=lambda tie: (by_claim[tie.claim].rank, tie.claim, tie.supply)):
        units = min(tie.units, open_units[tie.claim], left[tie.supply])
        if units > 0 and not _slipped(tie, by_key[tie.supply]):
            open_units[tie.claim] -= units
            left[tie.supply] -= units
            stands.append(replace(tie, units=units))
    return _whole_kits(stands, by_claim)


def _whole_kits(given: list[Given], by_claim: Mapping[int, Claim]) -> tuple[Given, ...]:
    """Of the parts of kits only those that make whole kits: where one part is lost the others go back with it."""
    units: dict[int, int] = defaultdict(int)
    for tie in given:
        units[tie.claim] += tie.units
    stands = {
        claim.id: kits_in(parts, units) * claim.per_kit for parts in sets_of(by_claim.values()) for claim in parts
    }
    if not stands:
        return tuple(given)
    whole: list[Given] = []
    for tie in given:
        standing_units = min(tie.units, stands.get(tie.claim, tie.units))
        if tie.claim in stands:
            stands[tie.claim] -= standing_units
        if standing_units:
            whole.append(replace(tie, units=standing_units))
    return tuple(whole)


def _slipped(tie: Given, supply: Supply) -> bool:
    """Whether an inbound has lost its day, or comes after the one for which it was given."""
    if supply.is_stock:
        return False
    return supply.ships_on is None or (tie.ships_on is not None and supply.ships_on > tie.ships_on)


def without_given(book: Book) -> Book:
    """The book that the pass decides on: claims and supplies without what was given."""
    if not book.given:
        return book
    by_claim: dict[int, int] = defaultdict(int)
    by_supply: dict[SupplyKey, int] = defaultdict(int)
    for tie in book.given:
        by_claim[tie.claim] += tie.units
        by_supply[tie.supply] += tie.units
    claims = (_asking_for(claim, claim.units - by_claim[claim.id]) for claim in book.claims)
    supplies = (replace(supply, units=supply.units - by_supply[supply.key]) for supply in book.supplies)
    return replace(
        book,
        claims=tuple(claim for claim in claims if claim.units),
        supplies=tuple(supply for supply in supplies if supply.units),
        given=(),
        protections=_protections(book),
        groups_not_before=_groups_not_before(book),
    )


def _asking_for(claim: Claim, units: int) -> Claim:
    """The claim with fewer units; what was given counts among those that were told a day."""
    if units == claim.units:
        return claim
    return replace(claim, units=units, told_units=max(0, claim.told_units - (claim.units - units)))


def _protections(book: Book) -> tuple[Protection, ...]:
    """What is left to protect: units that a tier was given are its own already."""
    if not book.protections:
        return ()
    of_claim = {claim.id: (claim.product, claim.tier) for claim in book.claims}
    had: dict[tuple[int, str], int] = defaultdict(int)
    for tie in book.given:
        if tie.claim in of_claim:
            had[of_claim[tie.claim]] += tie.units
    return tuple(
        replace(protection, units=max(0, protection.units - had[protection.product, protection.tier]))
        for protection in book.protections
    )


def _groups_not_before(book: Book) -> dict[int, date]:
    """The day on which what a ship-complete group was given is there: it cannot be whole before."""
    supplies = {supply.key: supply for supply in book.supplies}
    groups = {claim.id: claim.group for claim in book.claims}
    days: dict[int, date] = {}
    for tie in book.given:
        group, there_on = groups.get(tie.claim), supplies[tie.supply].there_on
        if group is not None and there_on is not None:
            days[group] = max(days.get(group, there_on), there_on)
    return days


def with_given(book: Book, pegs: dict[int, list[Peg]]) -> dict[int, list[Peg]]:
    """What the pass decided together with what was given: pegs of every claim of the book, in the order of days."""
    if not book.given:
        return pegs
    supplies = {supply.key: supply for supply in book.supplies}
    not_before = {claim.id: book.wanted_ships_on(claim) for claim in book.claims}
    ties: dict[int, list[Peg]] = defaultdict(list)
    claims = {claim.id: claim for claim in book.claims}
    for tie in book.given:
        if tie.claim not in claims:
            continue
        supply = as_sold(book, claims[tie.claim], supplies[tie.supply])
        peg = peg_to(tie.claim, tie.units, supply, not_before.get(tie.claim))
        ties[tie.claim].append(replace(peg, given_by=tie.fact))
    return {
        claim.id: sorted([*ties[claim.id], *pegs[claim.id]], key=_by_day)
        if claim.id in ties and claim.id in pegs
        else ties.get(claim.id) or pegs[claim.id]
        for claim in book.claims
    }


def _by_day(peg: Peg) -> tuple[bool, tuple[date, bool], int, bool]:
    if peg.supply is None:
        return (True, (peg.ships_on or date.max, True), 0, True)
    return (False, place_of(peg.supply), peg.supply.id, peg.given_by is None)
