"""Gains that are not worth a change: a rebalance lets them be, so that it does not thrash (semantics 2.1, step 6)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.confirmation import Confirmed, confirmations
from raincheck.core.peg import Peg
from raincheck.core.strategy import Assigned, Request, Strategy
from raincheck.core.supply import SupplyKey

if TYPE_CHECKING:
    from raincheck.core.demand import Claim


def without_small_gains(
    book: Book, before: Pegs, after: Pegs, asked: Mapping[int, Assigned], request: Request
) -> tuple[Pegs, set[int]]:
    """The outcome with small gains undone, and the claims that are left as they were.

    A line keeps what it had where its gain is small and nobody has its units now. Lines that must win, and lines of
    ship-complete groups, keep every gain.
    """
    if not request.least_gain_units and not request.least_gain_days:
        return after, set()
    had, has = confirmations(book.claims, before), confirmations(book.claims, after)
    left = {supply.key: supply.units for supply in book.supplies}
    for pegs in after.values():
        _count(left, pegs, -1)
    pegs_now, reverted = dict(after), set[int]()
    by_line: dict[int, list[Claim]] = defaultdict(list)
    for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id)):
        if claim.id in asked and claim.group is None and asked[claim.id].strategy is not Strategy.WIN:
            by_line[claim.line].append(claim)
    for line, claims in by_line.items():
        if not _is_small(had[line], has[line], request):
            continue
        with_old = dict(left)
        for claim in claims:
            _count(with_old, after[claim.id], 1)
            _count(with_old, before[claim.id], -1)
        if min(with_old.values(), default=0) >= 0:
            left = with_old
            reverted |= {claim.id for claim in claims}
            pegs_now |= {claim.id: before[claim.id] for claim in claims}
    return pegs_now, reverted


def _is_small(had: Confirmed, has: Confirmed, request: Request) -> bool:
    """Whether a line gains something, loses nothing, and gains little."""
    if had == has or not has.keeps(had):
        return False
    units = has.units - had.units
    days = (had.last_on - has.last_on).days if had.last_on and has.last_on else 0
    return units < max(1, request.least_gain_units) and days < max(1, request.least_gain_days)


def _count(left: dict[SupplyKey, int], pegs: list[Peg], sign: int) -> None:
    for peg in pegs:
        if peg.supply is not None:
            left[peg.supply.key] += sign * peg.units
