"""Protected units are there for their tier, whoever else waits; and they break nobody's told day (see told days)."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from tests.core.laws.profile import chances, law, mid_size_books
from tests.core.random_books import TIERS, rank

from raincheck.core.allocate import Pegs, Run, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.protect import ProtectedSlack


def tied_units(pegs: Pegs, claim: Claim) -> int:
    return sum(peg.units for peg in pegs[claim.id] if peg.supply is not None)


def newcomer(book: Book, product: int, tier: str, units: int) -> Claim:
    at = datetime(book.today.year, book.today.month, book.today.day, 23, 59, tzinfo=UTC)
    return Claim(999, 999, 999, product, units, rank(at, "ZZ", f"sku{product}", score=-9), tier=tier)


@law
@given(mid_size_books(), chances())
def test_the_last_of_the_tier_still_finds_what_is_protected(book: Book, rng: Random) -> None:
    """As many units as others of the tier have not drawn: but for told days of others, all that were protected."""
    book = book.with_claims(tuple(replace(claim, told_on=None) for claim in book.claims))
    for protection in book.protections:
        supply_units = sum(s.units for s in book.supplies if s.product == protection.product)
        of_tier = sum(c.units for c in book.claims if (c.product, c.tier) == (protection.product, protection.tier))
        others = sum(p.units for p in book.protections if p.product == protection.product and p.tier != protection.tier)
        left = min(protection.units, supply_units - others) - of_tier
        claim = newcomer(book, protection.product, protection.tier, rng.randint(1, 9))
        pegs = allocate(book.with_claims((*book.claims, claim)))
        assert tied_units(pegs, claim) >= min(left, claim.units)


@law
@given(mid_size_books())
def test_what_is_protected_for_a_tier_that_nobody_has_is_nobody_s(book: Book) -> None:
    """Without told days to cover, the others decide as if the earliest units were not there."""
    book = book.with_claims(tuple(replace(claim, told_on=None, tier="standard") for claim in book.claims))
    protections = tuple(protection for protection in book.protections if protection.tier == "gold")
    book = replace(book, protections=protections)
    gone = {protection.product: protection.units for protection in protections}
    supplies = []
    for supply in sorted(book.supplies, key=lambda s: (s.ships_on is None, s.ships_on, not s.is_stock, s.id)):
        fewer = min(gone.get(supply.product, 0), supply.units)
        gone[supply.product] = gone.get(supply.product, 0) - fewer
        if fewer < supply.units:
            supplies.append(replace(supply, units=supply.units - fewer))
    assert _amounts(allocate(book)) == _amounts(allocate(replace(book, supplies=tuple(supplies), protections=())))


def _amounts(pegs: Pegs) -> dict[int, list[tuple[object, int]]]:
    return {
        claim: [(peg.supply.key if peg.supply else peg.kind, peg.units) for peg in own] for claim, own in pegs.items()
    }


@law
@given(mid_size_books())
def test_what_is_set_aside_stays_coverable_at_every_step(book: Book) -> None:
    run = Run(book)
    for party in run.parties:
        run.keeps.keep(party)
    run.protect()
    _is_coverable(run)
    for party in run.parties:
        run.keeps.give_back(party)
        run.take(party)
        _is_coverable(run)


def _is_coverable(run: Run) -> None:
    for slack in run.slack.values():
        for tier in ("", *TIERS) if isinstance(slack, ProtectedSlack) else ("",):
            assert all(slack.room(place, tier) >= 0 for place in slack._places)


@law
@given(mid_size_books())
def test_where_all_are_of_the_tier_a_protection_changes_nothing(book: Book) -> None:
    """Everybody may draw on it, whatever it is."""
    book = book.with_claims(tuple(replace(claim, tier="gold") for claim in book.claims))
    protections = tuple(protection for protection in book.protections if protection.tier == "gold")
    assert allocate(replace(book, protections=protections)) == allocate(replace(book, protections=()))
