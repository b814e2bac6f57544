"""The rule beside the planner's optimum, over the open book as it is now. Locks and writes nothing.

Products that open groups or kits tie together make one book; each book is solved by itself.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.optimum import Optimum, optimum
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.locks import Locked, closure_of, database_now
from raincheck.store.snapshot import load

if TYPE_CHECKING:
    from raincheck.core.demand import Claim, Party

LONGEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Move:
    """A line that the optimum would serve otherwise: the day its last unit arrives, by the rule and by the optimum."""

    order: str
    sku: str
    units: int
    told_on: date | None
    rule_on: date | None
    best_on: date | None


@dataclass(frozen=True, slots=True)
class BookBeside:
    """One book. Without `optimum` it was not solved: `why_not` says why."""

    skus: tuple[str, ...]
    optimum: Optimum | None = None
    moves: tuple[Move, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Every book that was asked for, the one with the most lines that wait first."""

    at: datetime
    books: list[BookBeside] = field(default_factory=list)

    @property
    def solved(self) -> list[BookBeside]:
        """Those that were not refused."""
        return [book for book in self.books if book.optimum is not None]


def ask_optimum(skus: Sequence[str] = (), time_limit_seconds: float = 20.0, at: datetime | None = None) -> Beside:
    """Solves the books of some products, or (none named) of every product that somebody waits for.

    All of it takes about the time limit at the longest; a book that is not reached within it says so. Raises NotFound
    for a product that there is not, Malformed for a time limit that is none.
    """
    if not 0 < time_limit_seconds <= LONGEST_SECONDS:
        raise Malformed(f"the time limit lies above 0 and at most at {LONGEST_SECONDS} seconds")
    deadline = time.monotonic() + time_limit_seconds
    names = _names(skus)
    found: list[BookBeside] = []
    seen_at = at or database_now()
    done: set[int] = set()
    for product in names:
        if product not in done:
            closure = closure_of({product})
            done |= closure
            found.append(_beside(closure, seen_at, deadline - time.monotonic()))
    found.sort(key=lambda book: (-(book.optimum.claims if book.optimum else 0), book.skus))
    return Beside(seen_at, found)


def _names(skus: Sequence[str]) -> list[int]:
    """The products asked for, or all that have open claims, those with the most first."""
    if not skus:
        waiting = "SELECT product_id FROM claim WHERE units > 0 GROUP BY product_id ORDER BY count(*) DESC, product_id"
        return [product for (product,) in rows(waiting)]
    known = dict(rows("SELECT sku, id FROM product WHERE sku = ANY(%s)", [list(skus)]))
    for sku in skus:
        if sku not in known:
            raise NotFound(f"product {sku!r} does not exist", "product", sku)
    return [known[sku] for sku in skus]


def _beside(products: set[int], at: datetime, seconds: float) -> BookBeside:
    skus = tuple(sku for (sku,) in rows("SELECT sku FROM product WHERE id = ANY(%s) ORDER BY sku", [sorted(products)]))
    if seconds <= 0:
        return BookBeside(skus, why_not="not reached within the time limit")
    with transaction.atomic():
        book = load(Locked(tuple(sorted(products)), at), read_settings()).facts.book
    rule = allocate(book)
    try:
        found = optimum(book, rule, time_limit_seconds=seconds)
    except Refused as refusal:
        return BookBeside(skus, why_not=str(refusal))
    return BookBeside(skus, found, _moves(book, rule, found.pegs))


def _moves(book: Book, rule: Pegs, best: Pegs) -> tuple[Move, ...]:
    """Lines whose last unit would arrive on another day, in rank order."""
    ruled, bests = _last_days(book, rule), _last_days(book, best)
    claims = sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
    return tuple(
        Move(claim.rank[3], claim.rank[4], claim.units, claim.told_on, ruled[claim.id], bests[claim.id])
        for claim in claims
        if ruled[claim.id] != bests[claim.id]
    )


def _last_days(book: Book, pegs: Pegs) -> dict[int, date | None]:
    """The day on which each claim's last unit is delivered; a group's is its last part's."""
    parties: dict[Party, list[Claim]] = defaultdict(list)
    for claim in book.claims:
        parties[claim.party].append(claim)
    days: dict[int, date | None] = {}
    for party in parties.values():
        on = [peg.ships_on for claim in party for peg in pegs[claim.id]]
        last_on = None if None in on else max((day for day in on if day is not None), default=None)
        days |= {claim.id: None if last_on is None else book.road.delivers_on(last_on) for claim in party}
    return days
