"""The planner's optimum against every outcome there is, on books small enough to try them all."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random

import pytest
from tests.core.random_books import Size, random_book

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.optimum import optimum
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.score import score, yardstick

FEW = Size(
    products=2, sites=2, supplies=3, orders=3, lines=2, claims=3, units=3, days=6, protections=False, wanted=False
)


def ways(book: Book, claim: Claim, may_buy: int) -> Iterator[list[Peg]]:
    """Every way in which one claim can be served."""
    sources = [s for s in book.supplies if s.product == claim.product and (s.is_stock or not claim.stock_only)]
    there_on = None if claim.stock_only else book.lead_time_there_on(claim)
    for units in product(*(range(min(s.units, claim.units) + 1) for s in sources)):
        left = claim.units - sum(units)
        if left < 0:
            continue
        pegs = [peg_to(claim.id, n, s) for s, n in zip(sources, units, strict=True) if n]
        for bought in range(min(left, may_buy) + 1 if there_on else 1):
            lead = [Peg(claim.id, bought, PegKind.LEAD_TIME, None, book.road.ships_on(there_on))] if there_on else []
            none = [Peg(claim.id, left - bought, PegKind.NONE, None, None)]
            yield [peg for peg in (*pegs, *lead, *none) if peg.units]


def best_of_all(book: Book, rule: Pegs) -> tuple[int, int, int]:
    """The best score of all outcomes that take no more of anything than there is."""
    bought = Counter[int]()
    for claim in book.claims:
        bought[claim.product] += sum(peg.units for peg in rule[claim.id] if peg.kind is PegKind.LEAD_TIME)
    by = yardstick(book)
    best: list[tuple[int, int, int]] = []
    for served in product(*(list(ways(book, claim, bought[claim.product])) for claim in book.claims)):
        taken, leads = Counter[tuple[bool, int]](), Counter[int]()
        for claim, pegs in zip(book.claims, served, strict=True):
            for peg in pegs:
                if peg.supply is not None:
                    taken[peg.supply.key] += peg.units
                elif peg.kind is PegKind.LEAD_TIME:
                    leads[claim.product] += peg.units
        if all(taken[s.key] <= s.units for s in book.supplies) and all(leads[p] <= bought[p] for p in leads):
            pegs_by_claim = {claim.id: pegs for claim, pegs in zip(book.claims, served, strict=True)}
            best.append(score(book, pegs_by_claim, set(pegs_by_claim), by).key)
    return min(best)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_no_outcome_at_all_is_better_than_the_optimum(seed: int) -> None:
    book = random_book(Random(seed), FEW)
    rule = allocate(book)
    found = optimum(book, rule)
    assert found.is_proved
    assert found.best.key == best_of_all(book, rule)
