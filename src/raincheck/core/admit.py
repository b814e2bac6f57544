"""Which new units are accepted: the rest is refused, each with its reason (contract, "Lines and orders").

Answers what an order, a raised quantity or a quote would get. The same pass that serves the queue decides, with the
newcomers in it; what it shows to be unacceptable is refused, the first in rank first, and the pass runs again with
what is left, until nothing more has to go: nobody is refused because of units that are refused themselves.
Guarantees: accepted + refused = asked; a ship-complete group is accepted whole or refused whole; no newcomer's unit
waits over a limit (who stands in the queue already may have to wait instead of a newcomer of better rank).

Cost: one pass, and one more each time something is refused: once for an order of plain lines of different products.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.kits import sets_of
from raincheck.core.peg import Peg, PegKind
from raincheck.core.rank import Rank
from raincheck.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Units that ask to join. For a raised line of a ship-complete group, `claim` is the group's claim as it would be.

    `new_units` of the claim's units are asked for now; the parts of a kit ask for whole kits. `backorder_limit` is the
    most units of the product as sold that may wait company-wide, `latest_days` the latest promise in days from today;
    None: no limit.
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
    for newcomers in _sold_together(_in_rank_order(asking)):
        first, claims = newcomers[0], [newcomer.claim for newcomer in newcomers]
        if not first.new_units:
            continue
        not_on_hand = _sold_units(claims, pegs, lambda peg: peg.kind is not PegKind.STOCK)
        if first.claim.stock_only and _refuse(refusals, newcomers, not_on_hand, Reason.BACKORDERS_DENIED):
            continue
        if first.latest_days is not None:
            latest_on = _latest_promise(book, first.claim, first.latest_days)
            late = _sold_units(claims, pegs, lambda peg: _is_after(book, peg.ships_on, latest_on))  # noqa: B023
            if _refuse(refusals, newcomers, late, Reason.TOO_LATE):
                continue
        if first.backorder_limit is not None and not book.is_preorder(first.claim):
            product = first.claim.sold_as
            over = waiting_units[product] + not_on_hand - first.backorder_limit
            taken = _refuse(refusals, newcomers, min(over, not_on_hand), Reason.OVER_LIMIT)
            waiting_units[product] += not_on_hand - taken
    return refusals


def _sold_together(newcomers: Iterable[Newcomer]) -> list[list[Newcomer]]:
    """Newcomers one by one, but the parts of a set of kits together."""
    sold: dict[tuple[int, int, int], list[Newcomer]] = defaultdict(list)
    for newcomer in newcomers:
        kit = newcomer.claim.kit
        sold[(0, newcomer.claim.id, 0) if kit is None else (1, kit.line, kit.nr)].append(newcomer)
    return list(sold.values())


def _sold_units(claims: Iterable[Claim], pegs: Pegs, counts: Callable[[Peg], bool]) -> int:
    """How many units of what was sold have a unit of which something holds: kits of which any part does."""
    return max(-(-sum(peg.units for peg in pegs[c.id] if counts(peg)) // c.per_kit) for c in claims)


def _refuse(refusals: list[Refusal], newcomers: list[Newcomer], units: int, reason: Reason) -> int:
    """Refuses new units of what was sold: of a kit, all of its parts; how many."""
    units = max(0, min(units, newcomers[0].new_units // newcomers[0].claim.per_kit))
    if units:
        refusals += [Refusal(newcomer.claim.id, units * newcomer.claim.per_kit, reason) for newcomer in newcomers]
    return units


def _waiting_units(book: Book, asking: dict[int, Newcomer], pegs: Pegs) -> dict[int, int]:
    """Units of each product, as sold, that wait already, without those of claims that (still) ask for more."""
    waiting: dict[int, int] = defaultdict(int)
    standing = [c for c in book.claims if c.id not in asking or not asking[c.id].new_units]
    for claim in standing:
        if claim.kit is None:
            waiting[claim.product] += _sold_units([claim], pegs, lambda peg: peg.kind is not PegKind.STOCK)
    for parts in sets_of(standing):
        waiting[parts[0].sold_as] += _sold_units(parts, pegs, lambda peg: peg.kind is not PegKind.STOCK)
    return waiting


def _latest_promise(book: Book, claim: Claim, latest_days: int) -> date:
    """The last day that is not too late: of what is wanted still later, the first day on which that can be."""
    latest_on = book.today + timedelta(days=latest_days)
    wanted_ships_on = book.wanted_ships_on(claim)
    return latest_on if wanted_ships_on is None else max(latest_on, book.road.delivers_on(wanted_ships_on))


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
    plain: list[Refusal] = []
    seen: set[int] = set()
    before_group = list(takewhile(lambda refusal: asking[refusal.claim].claim.group is None, refusals))
    refused = {refusal.claim: refusal for refusal in before_group}
    for newcomers in _sold_together(asking[refusal.claim] for refusal in before_group):
        products = {newcomer.claim.product for newcomer in newcomers}
        if not products & seen:
            plain += [refused[newcomer.claim.id] for newcomer in newcomers]
        seen |= products
    if plain or not refusals:
        return plain
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
