"""What holds of every rebalance, whoever must win and whoever may lose."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from hypothesis import given
from tests.core.laws.profile import books, chances, law, mid_size_books
from tests.core.ties import given_to

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.confirmation import Confirmed, confirmations
from raincheck.core.rebalance import Rebalanced, rebalance
from raincheck.core.strategy import Request, Segment, Strategy

FACT = 7
Had = Mapping[int, Confirmed]


def uneven(book: Book, rng: Random) -> tuple[Book, Pegs]:
    """A book in which somebody has been given something already, and what everybody has."""
    pegs = allocate(replace(book, claims=tuple(replace(c, told_on=None, told_units=0) for c in book.claims)))
    if rng.random() < 0.5:
        lucky = [claim.id for claim in book.claims if claim.kit is None and rng.random() < 0.3]
        ties = tuple(tie for tie in given_to(pegs, lucky, 3, by_hand=rng.random() < 0.5) if tie.ships_on is not None)
        book = replace(book, given=ties)
        pegs = allocate(book)
    return book, pegs


def lines_of(book: Book) -> dict[int, dict[str, str | None]]:
    return {claim.line: {"order": f"L{claim.line}"} for claim in book.claims}


def asked(book: Book, rng: Random) -> Request:
    """Every line in a segment of its own, some in none, strategies at random."""
    lines = sorted({claim.line for claim in book.claims})
    rng.shuffle(lines)
    segments = tuple(
        Segment({"order": f"L{line}"}, rng.choice(tuple(Strategy))) for line in lines if rng.random() < 0.85
    )
    fallback = rng.choice([None, (), (Segment({}, rng.choice([Strategy.REDISTRIBUTE, Strategy.IMPROVE])),)])
    return Request(segments, rng.choice(["stop_all", "stop_failed"]), fallback)


def run(book: Book, rng: Random, *, may_fall_back: bool = True) -> tuple[Book, Pegs, Request, Rebalanced]:
    book, before = uneven(book, rng)
    request = asked(book, rng)
    if not may_fall_back:
        request = replace(request, fallback=None)
    return book, before, request, rebalance(book, before, lines_of(book), request, FACT)


def units_of(pegs: Pegs) -> dict[int, Counter[object]]:
    """What every claim has of what, whoever gave it."""
    return {
        claim: Counter({(peg.kind, peg.supply.key if peg.supply else None, peg.ships_on): 0 for peg in own})
        + Counter(
            [(peg.kind, peg.supply.key if peg.supply else None, peg.ships_on) for peg in own for _ in range(peg.units)]
        )
        for claim, own in pegs.items()
    }


def supply_units(pegs: Pegs, claim: int) -> int:
    return sum(peg.units for peg in pegs[claim] if peg.supply is not None)


@law
@given(mid_size_books(), chances())
def test_every_unit_is_somewhere_and_no_supply_is_given_twice(book: Book, rng: Random) -> None:
    book, _, _, outcome = run(book, rng)
    for claim in book.claims:
        assert sum(peg.units for peg in outcome.pegs[claim.id]) == claim.units
    taken = Counter[tuple[bool, int]]()
    for own in outcome.pegs.values():
        for peg in own:
            if peg.supply is not None:
                taken[peg.supply.key] += peg.units
    units = {supply.key: supply.units for supply in book.supplies}
    assert all(taken[key] <= units[key] for key in taken)


@law
@given(mid_size_books(), chances())
def test_who_wins_is_full_and_who_gains_keeps_what_he_had(book: Book, rng: Random) -> None:
    book, before, _, outcome = run(book, rng)
    had = confirmations(book.claims, before, by_lead_time=True)
    has = confirmations(book.claims, outcome.pegs, by_lead_time=True)
    for claim in book.claims:
        strategy = outcome.strategies.get(claim.id)
        if strategy is Strategy.WIN:
            assert all(peg.ships_on is not None for peg in outcome.pegs[claim.id])
        elif strategy is Strategy.GAIN:
            assert has[claim.line].keeps(had[claim.line])


@law
@given(mid_size_books(), chances())
def test_who_loses_has_nothing_but_what_a_person_gave(book: Book, rng: Random) -> None:
    book, _, _, outcome = run(book, rng)
    by_hand = Counter[int]()
    for tie in book.given:
        by_hand[tie.claim] += tie.units if tie.by_hand else 0
    for claim, strategy in outcome.strategies.items():
        if strategy is Strategy.LOSE:
            assert supply_units(outcome.pegs, claim) == by_hand[claim]


@law
@given(mid_size_books(), chances())
def test_who_is_filled_never_has_more_nor_sooner(book: Book, rng: Random) -> None:
    book, before, _, outcome = run(book, rng)
    had, has = confirmations(book.claims, before), confirmations(book.claims, outcome.pegs)
    for claim in book.claims:
        if outcome.strategies.get(claim.id) is Strategy.FILL and claim.group is None:
            assert had[claim.line].keeps(has[claim.line])


@law
@given(mid_size_books(), chances())
def test_untouched_lines_and_what_a_person_gave_stay(book: Book, rng: Random) -> None:
    book, before, _, outcome = run(book, rng)
    for claim in book.claims:
        if claim.id not in outcome.strategies:
            assert outcome.pegs[claim.id] == before[claim.id]
    for tie in book.given:
        if tie.by_hand:
            own = sum(p.units for p in outcome.pegs[tie.claim] if p.supply and p.supply.key == tie.supply)
            assert own >= tie.units


@law
@given(mid_size_books(), chances())
def test_the_same_rebalance_again_changes_nothing(book: Book, rng: Random) -> None:
    # Where a fallback ran, the first segments may find that nothing stops them any more: that is another rebalance.
    book, _, request, outcome = run(book, rng, may_fall_back=False)
    ties = tuple(
        tie
        for claim in book.claims
        for tie in given_to(outcome.pegs, [claim.id], FACT, by_hand=False)
        if claim.id in outcome.strategies and tie.ships_on is not None
    )
    by_hand = {tie.fact for tie in book.given if tie.by_hand}
    after = replace(
        book,
        given=tuple(t for t in ties if t.fact not in by_hand and not _by_hand(book, t))
        + tuple(t for t in book.given if t.by_hand or t.claim not in outcome.strategies),
    )
    again = rebalance(after, outcome.pegs, lines_of(book), request, FACT)
    assert units_of(again.pegs) == units_of(outcome.pegs)


def _by_hand(book: Book, tie: object) -> bool:
    return any(one.by_hand and (one.claim, one.supply) == (tie.claim, tie.supply) for one in book.given)  # type: ignore[attr-defined]


@law
@given(books(), chances())
def test_the_order_of_the_input_does_not_matter(book: Book, rng: Random) -> None:
    book, before, request, outcome = run(book, rng)
    claims, supplies = list(book.claims), list(book.supplies)
    rng.shuffle(claims)
    rng.shuffle(supplies)
    shuffled = replace(book, claims=tuple(claims), supplies=tuple(supplies))
    assert rebalance(shuffled, before, lines_of(book), request, FACT).pegs == outcome.pegs
