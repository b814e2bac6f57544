"""One receipt's decision: 10,000 lines of a product wait, stock comes for 60 % of them. Bound: the bare sort and pass.

The bound sorts the same claims by the same rank and gives each what is left, in plain Python. Ours is the decision as
big passes make it, from columns to what is to be written (`core.batch.many`); the plain form, which is the reference
and serves small books, stands beside it. Reading and writing rows is `make bench ONLY=receipt`.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median

import numpy as np

from bench.outcome import Goal, Outcome
from raincheck.core.batch.columns import PLAIN
from raincheck.core.batch.many import OldPegs, Standing, decide_many
from raincheck.core.book import Book, ProductFacts
from raincheck.core.decision import Facts, decide
from raincheck.core.decision import Standing as Word
from raincheck.core.demand import Claim
from raincheck.core.promise import Told
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply, SupplyKind

LINES = 10_000
UNITS = 2
ROUNDS = 15
TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAD_TIME_DAYS = 14


def bench() -> Outcome:
    """Milliseconds of the decision, beside the bound."""
    settings = Settings(warehouse="manual")
    stock = Supply(SupplyKind.STOCK, 1, 1, 1, LINES * UNITS * 6 // 10, TODAY, TODAY, slips=True)
    claims = tuple(_claim(nr) for nr in range(LINES))
    book = Book(TODAY, settings.road, (stock,), claims, {1: ProductFacts(LEAD_TIME_DAYS)})
    told = Told(TODAY + timedelta(days=LEAD_TIME_DAYS), UNITS, UNITS)
    facts = Facts(NOON, settings, book, {claim.id: Word(told) for claim in claims})
    standing, old = _columns(claims)
    empty = book.with_claims(())

    def bare() -> dict[int, int]:
        left, got = stock.units, {}
        for claim in sorted(claims, key=lambda claim: (claim.rank, claim.id)):
            got[claim.id] = units = min(left, claim.units)
            left -= units
        return got

    decided = decide(facts)
    reserved = {id_: sum(peg.units for peg in pegs if peg.supply) for id_, pegs in decided.pegs.items()}
    many = decide_many(empty, standing, old, by_hand=True, tighten=False)
    if reserved != bare() or many.dated.reserved.tolist() != [reserved[claim.id] for claim in claims]:
        raise RuntimeError("the three do not decide alike")
    bound = _seconds(bare)
    ours = _seconds(lambda: decide_many(empty, standing, old, by_hand=True, tighten=False))
    plain = _seconds(lambda: decide(facts))
    return Outcome(
        {
            "decision over columns": f"{ours * 1000:.1f} ms",
            "decision in the plain form": f"{plain * 1000:.0f} ms ({plain / bound:.1f} times the bound)",
            "bound": f"{bound * 1000:.1f} ms (sort and pass)",
        },
        ours / bound,
        Goal(3.0, at_most=True),
    )


def _claim(nr: int) -> Claim:
    joined_at = NOON - timedelta(seconds=LINES - nr)
    return Claim(
        id=nr + 1,
        line=nr + 1,
        order=nr + 1,
        product=1,
        units=UNITS,
        rank=(3, Decimal(0), joined_at, f"O{nr}", "lamp"),
        told_on=TODAY + timedelta(days=LEAD_TIME_DAYS),
        told_units=UNITS,
        told_by_lead_time=UNITS,
        lead_time_from=TODAY,
        joined_on=TODAY,
    )


def _columns(claims: tuple[Claim, ...]) -> tuple[Standing, OldPegs]:
    """The same claims as they are read for a big pass: in rank order, each dated by the lead time so far."""
    count, today = len(claims), TODAY.toordinal()

    def all_of(value: int) -> "np.typing.NDArray[np.int64]":
        return np.full(count, value, np.int64)

    no, told_on = np.zeros(count, np.bool_), today + LEAD_TIME_DAYS
    standing = Standing(
        all_of(1), all_of(UNITS), all_of(PLAIN), no, all_of(today), all_of(told_on), all_of(UNITS), all_of(UNITS), no,
        no, all_of(today),
    )  # fmt: skip
    return standing, OldPegs(np.arange(count), all_of(2), all_of(0), all_of(UNITS), all_of(told_on))


def _seconds(act: Callable[[], object]) -> float:
    taken: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return median(taken)
