"""Passing again: what a decision leaves to move moves in the same moment, until nothing does (see the-pass.md)."""

from collections import defaultdict

from raincheck.core.book import Book
from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.peg import PegKind
from raincheck.core.promise import Word
from raincheck.core.supply import SupplyKey
from raincheck.store import apply
from raincheck.store.locks import Locked
from raincheck.store.outbox import Outbox
from raincheck.store.snapshot import load

MOST_ROUNDS = 12
"""How often it is passed again while something may move on; seven rounds are the most that any book has needed."""


def pass_again(locked: Locked, outbox: Outbox, book: Book, decision: Decision) -> None:
    """Passes again until nothing more can move, so that the next fact finds nothing left over.

    `book` is the one that the decision is about. A date told in place of another keeps less than before, and what is no
    longer kept is free for others; it does so for good, so there are never more such rounds than claims. Where
    something else may move on (`_may_move_on`) it is passed until nothing does, or `MOST_ROUNDS` times.
    """
    rounds = 0
    for _ in range(len(decision.claims)):
        is_told_anew = any(telling.word in _ANEW for telling in decision.tellings.values())
        if not is_told_anew:
            if rounds == MOST_ROUNDS or not _may_move_on(book, decision):
                return
            rounds += 1
        before = _ties(decision)
        snapshot = load(locked)
        book, decision = snapshot.facts.book, decide(snapshot.facts)
        apply.write(snapshot, decision, outbox)
        if not is_told_anew and _ties(decision) == before:
            return


_ANEW = (Word.DELAYED, Word.BROUGHT_FORWARD)


def _may_move_on(book: Book, decision: Decision) -> bool:
    """Whether another pass may have something to move: for what was set aside in vain, or as sites were chosen anew.

    Complete orders and kits choose their sites by what lies there for all of them, also by what leaves or moves with
    this very decision.
    """
    claims = decision.claims.values()
    if any(_kept_in_vain(book, decision, claim) for claim in claims):
        return True
    if not book.held or all(claim.group is None and claim.kit is None for claim in claims):
        return False  # With one site it is not looked at where units lie.
    return bool(decision.releases) or any(
        book.held.get(claim.id) and book.held[claim.id] != _supplies_of(decision, claim) for claim in claims
    )


def _supplies_of(decision: Decision, claim: Claim) -> dict[SupplyKey, int]:
    """How many units of each supply a claim has, those apart that a person gave to it."""
    units: dict[SupplyKey, int] = defaultdict(int)
    for peg in decision.pegs[claim.id]:
        if peg.supply is not None and peg.given_by is None:
            units[peg.supply.key] += peg.units
    return units


def _kept_in_vain(book: Book, decision: Decision, claim: Claim) -> bool:
    """Whether something was set aside for a claim that it did not take.

    So it is with reserved units that it left where they lay, because another site serves it better or the rest of their
    kits was counted away; and with kits that miss the day told, or rest on a purchase yet to be made instead of supply.
    """
    if claim.keeps_stock:
        has, lay = _supplies_of(decision, claim), book.held.get(claim.id, {})
        stock = sum(units for (is_inbound, _), units in has.items() if not is_inbound)
        if stock < claim.keeps_stock or any(has.get(key, 0) < units for key, units in lay.items() if not key[0]):
            return True
    if claim.kit is None or claim.told_on is None:
        return False
    delivers_on = decision.estimates[claim.id].delivers_on
    misses_its_day = delivers_on is None or delivers_on > claim.told_on
    return misses_its_day or decision.tellings[claim.id].told.told_by_lead_time > claim.told_by_lead_time


def _ties(decision: Decision) -> dict[int, list[tuple[PegKind, int, SupplyKey | None]]]:
    """Who has how many units of what."""
    return {
        id_: [(peg.kind, peg.units, None if peg.supply is None else peg.supply.key) for peg in pegs]
        for id_, pegs in decision.pegs.items()
    }
