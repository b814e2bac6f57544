"""Which new units are accepted: the rest is refused, each with its reason (contract, "Lines and orders", P6).

Answers what an order, a raised quantity or a quote would get. The same pass that serves the queue decides, with the
newcomers in it; what it shows to be unacceptable is refused and the pass runs again with what is left, until nothing
more has to go. Guarantees: accepted + refused = asked; a ship-complete group is accepted whole or refused whole.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import PegKind
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
        refusals = _with_groups(asking, _refusals(book, asking, pegs))
        if not refusals:
            accepted = tuple(newcomer.claim for newcomer in asking.values() if newcomer.claim.units)
            return Admission(accepted, _merged(refused), pegs)
        for refusal in refusals:
            newcomer = asking[refusal.claim]
            smaller = replace(newcomer.claim, units=newcomer.claim.units - refusal.units)
            asking[refusal.claim] = replace(newcomer, claim=smaller, new_units=newcomer.new_units - refusal.units)
        refused.extend(refusals)


def _refusals(book: Book, asking: dict[int, Newcomer], pegs: Pegs) -> list[Refusal]:
    """The new units that this outcome of the pass shows to be unacceptable; of several reasons the first."""
    waiting_units = _waiting_units(book, asking, pegs)
    refusals: list[Refusal] = []
    for newcomer in sorted(asking.values(), key=lambda newcomer: newcomer.claim.rank):
        claim = newcomer.claim
        if not newcomer.new_units:
            continue
        own = pegs[claim.id]
        not_on_hand = sum(peg.units for peg in own if peg.kind is not PegKind.STOCK)
        if claim.stock_only:
            _refuse(refusals, newcomer, not_on_hand, Reason.BACKORDERS_DENIED)
            continue
        if newcomer.latest_days is not None:
            latest_on = book.today + timedelta(days=newcomer.latest_days)
            late = sum(peg.units for peg in own if _is_after(book, peg.ships_on, latest_on))
            if late:
                _refuse(refusals, newcomer, late, Reason.TOO_LATE)
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
    """Units of each product that wait already, newcomers left out."""
    waiting: dict[int, int] = defaultdict(int)
    for claim in book.claims:
        if claim.id not in asking:
            waiting[claim.product] += sum(peg.units for peg in pegs[claim.id] if peg.kind is not PegKind.STOCK)
    return waiting


def _is_after(book: Book, ships_on: date | None, latest_on: date) -> bool:
    return ships_on is None or book.road.delivers_on(ships_on) > latest_on


def _with_groups(asking: dict[int, Newcomer], refusals: list[Refusal]) -> list[Refusal]:
    """Refuses a ship-complete group's newcomers whole as soon as one unit of them is refused."""
    whole: dict[int, Reason] = {}
    reasons = {refusal.claim: refusal.reason for refusal in refusals}
    for refusal in refusals:
        group = asking[refusal.claim].claim.group
        if group is not None:
            whole.setdefault(group, refusal.reason)
    plain = [refusal for refusal in refusals if asking[refusal.claim].claim.group is None]
    grouped = [
        Refusal(claim_id, newcomer.new_units, reasons.get(claim_id, whole[newcomer.claim.group]))
        for claim_id, newcomer in asking.items()
        if newcomer.claim.group in whole and newcomer.claim.group is not None and newcomer.new_units
    ]
    return plain + grouped


def _merged(refusals: list[Refusal]) -> tuple[Refusal, ...]:
    """One refusal a claim, with the reason that came first."""
    units: dict[int, int] = defaultdict(int)
    reasons: dict[int, Reason] = {}
    for refusal in refusals:
        units[refusal.claim] += refusal.units
        reasons.setdefault(refusal.claim, refusal.reason)
    return tuple(Refusal(claim, units[claim], reasons[claim]) for claim in units)
