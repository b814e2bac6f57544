"""How far the rule falls short of the planner's optimum on random books: the table of docs/reference/optimum.md.

python -m tests.core.optimum_table
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.core.outcomes import written
from tests.core.random_books import MID_SIZE, SMALL, Size, random_book

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.optimum import Optimum, optimum

Prepare = Callable[[Book], Book]


def as_it_is(book: Book) -> Book:
    """Told days are random: most of them nobody could have promised."""
    return book


def told_by_the_pass(book: Book) -> Book:
    """Everybody was told what an earlier pass found."""
    nobody = book.with_claims(tuple(replace(c, told_on=None, told_units=0, told_by_lead_time=0) for c in book.claims))
    return written(nobody, allocate(nobody), settle_minutes=0)


def then_half_a_truck(book: Book) -> Book:
    """As told by the pass; then the largest inbound is confirmed for half of its units."""
    told = told_by_the_pass(book)
    inbound = [supply for supply in told.supplies if not supply.is_stock]
    if not inbound:
        return told
    short = max(inbound, key=lambda supply: (supply.units, supply.id))
    supplies = (replace(s, units=(s.units + 1) // 2) if s is short else s for s in told.supplies)
    return replace(told, supplies=tuple(supplies))


SETS: tuple[tuple[str, Size, int, Prepare], ...] = (
    ("small, told by an earlier pass", SMALL, 200, told_by_the_pass),
    ("small, then half a truck", SMALL, 200, then_half_a_truck),
    ("small, told at random", SMALL, 200, as_it_is),
    ("larger, told by an earlier pass", MID_SIZE, 100, told_by_the_pass),
    ("larger, then half a truck", MID_SIZE, 100, then_half_a_truck),
    ("larger, told at random", MID_SIZE, 100, as_it_is),
)


def solved(size: Size, books: int, prepare: Prepare) -> list[Optimum]:
    """The optimum of so many books, without what it does not model."""
    found: list[Optimum] = []
    for seed in range(books):
        book = prepare(random_book(Random(seed), replace(size, protections=False, wanted=False)))
        found.append(optimum(book, allocate(book)))
    return found


def row(name: str, size: Size, books: int, prepare: Prepare) -> str:
    """One row. Raises AssertionError if the rule beat the optimum."""
    found = solved(size, books, prepare)
    if not all(one.is_proved and one.best.key <= one.rule.key for one in found):
        raise AssertionError(f"{name}: the rule beat the optimum, or time ran out")
    shares = (
        sum(one.rule == one.best for one in found) / books,
        sum(one.rule.units_on_time == one.best.units_on_time for one in found) / books,
    )
    figures = (
        (sum(getattr(one.rule, figure) for one in found), sum(getattr(one.best, figure) for one in found))
        for figure in ("units_on_time", "late_unit_days", "parcels")
    )
    cells = [f"{sum(one.claims for one in found) / books:.1f}", *(f"{share:.0%}" for share in shares)]
    cells += [f"{rule:,} / {best:,} ({rule / best - 1:+.1%})" for rule, best in figures]
    return f"| {books} {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    for kind in SETS:
        print(row(*kind))  # noqa: T201 - its purpose
