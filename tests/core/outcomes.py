"""What follows from a pass, for tests: the dates told, and the book as it stands once the outcome is written."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim, Party
from raincheck.core.peg import Peg, PegKind
from raincheck.core.promise import Estimate, Told, estimate, tell

Parties = list[list[Claim]]


def parties_of(book: Book) -> Parties:
    """Plain claims one by one, groups and the parts of kits together, in rank order."""
    parties: dict[Party, list[Claim]] = {}
    for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id)):
        parties.setdefault(claim.party, []).append(claim)
    return list(parties.values())


def estimates_of(book: Book, pegs: Pegs) -> dict[int, Estimate]:
    """The day on which each claim's last unit, or its group's, is delivered."""
    estimates = {}
    for party in parties_of(book):
        shared = estimate(book.road, [peg for claim in party for peg in pegs[claim.id]])
        for claim in party:
            own = sum(peg.units for peg in pegs[claim.id] if peg.kind is PegKind.LEAD_TIME)
            estimates[claim.id] = replace(shared, lead_time_units=own if shared.delivers_on else 0)
    return estimates


def written(book: Book, pegs: Pegs, *, settle_minutes: int = 60) -> Book:
    """The same facts after the outcome of a pass was written and what had to be told was told."""
    estimates = estimates_of(book, pegs)
    return book.with_claims(tuple(_written(book, c, pegs[c.id], estimates[c.id], settle_minutes) for c in book.claims))


def _written(book: Book, claim: Claim, pegs: list[Peg], known: Estimate, settle_minutes: int) -> Claim:
    told = Told(claim.told_on, claim.told_units, claim.told_by_lead_time)
    at = datetime.combine(book.today, time(12), UTC)
    after = tell(told, known, claim.units, at, settle_minutes, tighten=False).told
    is_dated_by_lead_time = any(peg.kind is PegKind.LEAD_TIME for peg in pegs)
    return replace(
        claim,
        told_on=after.told_on,
        told_units=after.told_units,
        told_by_lead_time=after.told_by_lead_time,
        lead_time_from=claim.lead_time_from or (book.today if is_dated_by_lead_time else None),
    )


def units_in_time(book: Book, claim: Claim, pegs: list[Peg]) -> int:
    """Units tied to supply that is delivered by the told day."""
    told_on = claim.told_on or date.min
    return sum(
        peg.units
        for peg in pegs
        if peg.supply is not None and peg.ships_on is not None and book.road.delivers_on(peg.ships_on) <= told_on
    )
