"""Who gains and who loses by a rebalance: each line whose confirmed units or days change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from raincheck.core.book import Book
from raincheck.core.confirmation import NOTHING, Confirmed, confirmations
from raincheck.core.peg import Peg
from raincheck.core.strategy import Strategy


class Verdict(StrEnum):
    """What a change is for the customer."""

    WINS = "wins"
    LOSES = "loses"


@dataclass(frozen=True, slots=True)
class Change:
    """A line before and after: units tied to supply, and the day on which the last of them is delivered.

    `open_units` are all that it waits for or has reserved, frozen ones left out. Days are None where none is known.
    """

    line: int
    order: int
    strategy: Strategy | None
    verdict: Verdict
    open_units: int
    had_units: int
    has_units: int
    had_on: date | None
    has_on: date | None


def changes(
    book: Book, before: Mapping[int, list[Peg]], after: Mapping[int, list[Peg]], strategies: Mapping[int, Strategy]
) -> list[Change]:
    """Lines that change, in rank order; those that stay as they are are left out."""
    had, has = confirmations(book.claims, before), confirmations(book.claims, after)
    in_order = sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
    open_units: dict[int, int] = {}
    for claim in in_order:
        open_units[claim.line] = open_units.get(claim.line, 0) + claim.units
    found: dict[int, Change] = {}
    for claim in in_order:
        old, new = had.get(claim.line, NOTHING), has.get(claim.line, NOTHING)
        if claim.line not in found and old != new:
            found[claim.line] = Change(
                line=claim.line,
                order=claim.order,
                strategy=strategies.get(claim.id),
                verdict=_verdict(old, new),
                open_units=open_units[claim.line],
                had_units=old.units,
                has_units=new.units,
                had_on=_delivered_on(book, old),
                has_on=_delivered_on(book, new),
            )
    return list(found.values())


def winners(found: Iterable[Change]) -> list[Change]:
    """Those that gain."""
    return [change for change in found if change.verdict is Verdict.WINS]


def losers(found: Iterable[Change]) -> list[Change]:
    """Those that lose."""
    return [change for change in found if change.verdict is Verdict.LOSES]


def _verdict(old: Confirmed, new: Confirmed) -> Verdict:
    """More units by every day win, fewer lose; of what is better and worse at once the number of units decides."""
    if new.keeps(old) or (new.units > old.units and not old.keeps(new)):
        return Verdict.WINS
    return Verdict.LOSES


def _delivered_on(book: Book, confirmed: Confirmed) -> date | None:
    return None if confirmed.last_on is None else book.road.delivers_on(confirmed.last_on)
