"""Which new units are accepted: the rest is refused, each with its reason (contract, "Lines and orders").

Answers what an order, a raised quantity or a quote would get. The same pass that serves the queue decides, with the
newcomers in it; what it shows to be unacceptable is refused, the first in rank first, and the pass runs again with
what is left, until nothing more has to go: nobody is refused because of units that are refused themselves.
Guarantees: accepted + refused = asked; a ship-complete group is accepted whole or refused whole; no newcomer's unit
waits over a limit (who stands in the queue already may have to wait instead of a newcomer of better rank).

Cost: one pass, and one more each time something is refused: once for an order of plain lines of different products.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import PegKind
from raincheck.core.rank import Rank
from raincheck.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Units that ask to join. For a raised line of a ship-complete group, `claim` is the group's claim as it would be.

    `new_units` of the claim's units are asked for now. `backorder_limit` is the most units of the product that may
    wait company-wide, `latest_days` the latest promise in days from today; None: no limit.
    """

    claim: Claim
    new_units: int
    backorder_limit: int | None = None
    latest_days: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """New units of a claim that are not accepted."""

    claim: int
    units: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Admission:
    """The outcome: the newcomers' claims with their accepted units (None of 0 units), refusals, and all pegs."""

    accepted: tuple[Claim, ...]
    refused: tuple[Refusal, ...]
    pegs: Pegs


def admit(book: Book, newcomers: Iterable[Newcomer]) -> Admission:
    """Decides on newcomers against a book that does not hold them yet (or holds the claims they raise)."""
    asking = {newcomer.claim.id: newcomer for newcomer in newcomers}
    standing = tuple(claim for claim in book.claims if claim.id not in asking)
    refused: list[Refusal] = []
    while True:
        claims = standing + tuple(newcomer.claim for newcomer in asking.values() if newcomer.claim.units)
        pegs = allocate(book.with_claims(claims))
        refusals = _first_in_rank(asking, _refusals(book, asking, pegs))
        if not refusals:
            accepted = [newcomer.claim for newcomer in asking.values() if newcomer.claim.units]
            return Admission(tuple(sorted(accepted, key=_rank_and_id)), _merged(refused), pegs)
        for refusal in refusals:
            newcomer = asking[refusal.claim]
            smaller = replace(newcomer.claim, units=newcomer.claim.units - refusal.units)
            asking[refusal.claim] = replace(newcomer, claim=smaller, new_units=newcomer.new_units - refusal.units)
        refused.extend(refusals)


def _refusals(book: Book, asking: dict[int, Newcomer], pegs: Pegs) -> list[Refusal]:
    """The new units that this outcome of the pass shows to be unacceptable; of several reasons the first."""
    waiting_units = _waiting_units(book, asking, pegs)
    refusals: list[Refusal] = []
    for newcomer in _in_rank_order(asking):
        claim = newcomer.claim
        if not newcomer.new_units:
            continue
        own = pegs[claim.id]
        not_on_hand = sum(peg.units for peg in own if peg.kind is not PegKind.STOCK)
        if claim.stock_only and _refuse(refusals, newcomer, not_on_hand, Reason.BACKORDERS_DENIED):
            continue
        if newcomer.latest_days is not None:
            latest_on = book.today + timedelta(days=newcomer.latest_days)
            late = sum(peg.units for peg in own if _is_after(book, peg.ships_on, latest_on))
            if _refuse(refusals, newcomer, late, Reason.TOO_LATE):
                continue
        if newcomer.backorder_limit is not None and not book.products[claim.product].is_preorder(book.today):
            over = waiting_units[claim.product] + not_on_hand - newcomer.backorder_limit
            taken = _refuse(refusals, newcomer, min(over, not_on_hand), Reason.OVER_LIMIT)
            waiting_units[claim.product] += not_on_hand - taken
    return refusals


def _refuse(refusals: list[Refusal], newcomer: Newcomer, units: int, reason: Reason) -> int:
    units = max(0, min(units, newcomer.new_units))
    if units:
        refusals.append(Refusal(newcomer.claim.id, units, reason))
    return units


def _waiting_units(book: Book, asking: dict[int, Newcomer], pegs: Pegs) -> dict[int, int]:
    """Units of each product that wait already, without those of claims that (still) ask for more."""
    waiting: dict[int, int] = defaultdict(int)
    for claim in book.claims:
        if claim.id not in asking or not asking[claim.id].new_units:
            waiting[claim.product] += sum(peg.units for peg in pegs[claim.id] if peg.kind is not PegKind.STOCK)
    return waiting


def _is_after(book: Book, ships_on: date | None, latest_on: date) -> bool:
    return ships_on is None or book.road.delivers_on(ships_on) > latest_on


def _in_rank_order(asking: dict[int, Newcomer]) -> list[Newcomer]:
    """Newcomers in rank order; those of a ship-complete group stand together at its best line's place."""
    best: dict[int, tuple[Rank, int]] = {}
    for newcomer in asking.values():
        if (group := newcomer.claim.group) is not None:
            place = _rank_and_id(newcomer.claim)
            best[group] = min(best.get(group, place), place)

    def place_of(newcomer: Newcomer) -> tuple[tuple[Rank, int], tuple[Rank, int]]:
        own = _rank_and_id(newcomer.claim)
        return (own if newcomer.claim.group is None else best[newcomer.claim.group], own)

    return sorted(asking.values(), key=place_of)


def _first_in_rank(asking: dict[int, Newcomer], refusals: list[Refusal]) -> list[Refusal]:
    """The refusals that hang on no other: each product's first plain one up to a group, or else that group whole."""
    plain: dict[int, Refusal] = {}
    for refusal in takewhile(lambda refusal: asking[refusal.claim].claim.group is None, refusals):
        plain.setdefault(asking[refusal.claim].claim.product, refusal)
    if plain or not refusals:
        return list(plain.values())
    group = asking[refusals[0].claim].claim.group
    own = {refusal.claim: refusal.reason for refusal in refusals}
    return [
        Refusal(newcomer.claim.id, newcomer.new_units, own.get(newcomer.claim.id, refusals[0].reason))
        for newcomer in _in_rank_order(asking)
        if newcomer.claim.group == group and newcomer.new_units
    ]


def _rank_and_id(claim: Claim) -> tuple[Rank, int]:
    return (claim.rank, claim.id)


def _merged(refusals: list[Refusal]) -> tuple[Refusal, ...]:
    """One refusal a claim, with the reason that came first; by claim."""
    units: dict[int, int] = defaultdict(int)
    reasons: dict[int, Reason] = {}
    for refusal in refusals:
        units[refusal.claim] += refusal.units
        reasons.setdefault(refusal.claim, refusal.reason)
    return tuple(Refusal(claim, units[claim], reasons[claim]) for claim in sorted(units))
