"""A rebalance against arithmetic: one product on one shelf, where every strategy can be said in a line."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from tests.core.company import LAMP, TODAY, road, stock
from tests.core.laws.profile import chances, law

from raincheck.core.book import Book, ProductFacts
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.rebalance import Rebalanced, rebalance
from raincheck.core.strategy import Request, Segment, Strategy

Line = tuple[int, int, Strategy | None]
"""(units needed, units reserved now, strategy)."""


def rebalanced(on_hand: int, lines: list[Line]) -> tuple[list[int], Rebalanced]:
    """What each line has reserved then."""
    shelf = stock(on_hand)
    claims, before = [], {}
    for number, (needed, has, _) in enumerate(lines, start=1):
        at = datetime(2026, 3, 1, 0, number, tzinfo=UTC)
        claims.append(Claim(number, number, number, LAMP, needed, (3, Decimal(0), at, f"O{number}", "lamp")))
        before[number] = [peg_to(number, has, shelf)] if has else []
        if needed > has:
            before[number].append(Peg(number, needed - has, PegKind.NONE, None, None))
    book = Book(TODAY, road(), (shelf,) if on_hand else (), tuple(claims), {LAMP: ProductFacts()})
    segments = tuple(
        Segment({"order": str(number)}, strategy)
        for wanted in Strategy
        for number, (_, _, strategy) in enumerate(lines, start=1)
        if strategy is wanted
    )
    traits = {number: {"order": str(number)} for number in before}
    outcome = rebalance(book, before, traits, Request(segments), fact=1)
    return [sum(p.units for p in outcome.pegs[n] if p.supply) for n in sorted(before)], outcome


def by_arithmetic(on_hand: int, lines: list[Line]) -> list[int]:
    """The same, said plainly."""
    left = on_hand - sum(has for _, has, strategy in lines if strategy in (None, Strategy.SKIP))
    result = [has for _, has, _ in lines]
    for strategy in (
        Strategy.WIN,
        Strategy.GAIN,
        Strategy.IMPROVE,
        Strategy.REDISTRIBUTE,
        Strategy.FILL,
        Strategy.LOSE,
    ):
        own = [n for n, line in enumerate(lines) if line[2] is strategy]
        kept = dict.fromkeys(own, 0)
        if strategy in (Strategy.GAIN, Strategy.IMPROVE):
            free = left
            for n in own:
                kept[n] = min(lines[n][1], free)
                free -= kept[n]
        for n in own:
            needed, has, _ = lines[n]
            most = {Strategy.FILL: min(needed, has), Strategy.LOSE: 0}.get(strategy, needed)
            others = sum(units for other, units in kept.items() if other > n)
            result[n] = max(0, min(most, left - others))
            left -= result[n]
    must_win = all(result[n] == needed for n, (needed, _, s) in enumerate(lines) if s is Strategy.WIN)
    must_keep = all(result[n] >= has for n, (_, has, s) in enumerate(lines) if s is Strategy.GAIN)
    return result if must_win and must_keep else [has for _, has, _ in lines]


@law
@given(chances())
def test_a_rebalance_is_what_arithmetic_says(rng: Random) -> None:
    lines: list[Line] = []
    for _ in range(rng.randint(1, 6)):
        needed = rng.randint(1, 6)
        lines.append((needed, rng.randint(0, needed), rng.choice([None, *Strategy])))
    on_hand = sum(has for _, has, _ in lines) + rng.randint(0, 6)
    assert rebalanced(on_hand, lines)[0] == by_arithmetic(on_hand, lines)


W, G, R, F = Strategy.WIN, Strategy.GAIN, Strategy.REDISTRIBUTE, Strategy.FILL


@pytest.mark.parametrize(
    ("on_hand", "winner_needs", "expected"),
    [
        pytest.param(10, 6, [6, 4, 0, 0], id="the winner is full, the gainer gains, who may lose loses"),
        pytest.param(10, 8, [0, 3, 4, 3], id="the gainer would fall below what he has: nothing changes"),
        pytest.param(20, 6, [6, 5, 4, 3], id="who is filled has no more than he had, two stay free"),
    ],
)
def test_the_textbook_s_example(on_hand: int, winner_needs: int, expected: list[int]) -> None:
    lines: list[Line] = [(winner_needs, 0, W), (5, 3, G), (4, 4, R), (5, 3, F)]
    reserved, outcome = rebalanced(on_hand, lines)
    assert reserved == expected
    assert bool(outcome.stopped) == (winner_needs == 8)
