"""Units moved from one line to another by hand: which of them, and what is tied from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from raincheck.core.book import Book, Given
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, peg_to
from raincheck.core.slack import UNDATED, Place, place_of
from raincheck.core.supply import Supply


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move comes to. `given` is all that is given in the book after it.

    `units` were moved. If they are fewer than asked, the lender has only `lendable` with a day, or the taker would have
    the others no sooner than now.
    """

    given: tuple[Given, ...]
    units: int
    lendable: int


def move(
    book: Book,
    pegs: Mapping[int, list[Peg]],
    lender: Sequence[Claim],
    taker: Sequence[Claim],
    units: int,
    fact: int,
) -> Moved:
    """Moves the lender's earliest units in place of the taker's latest, as given by hand by a fact.

    Only units that bring the taker something sooner move; what may not be backordered takes stock only. What the taker
    has besides is tied to it with them; what it gives up, and all else, is left to the pass.
    """
    lent = [peg for claim in lender for peg in pegs[claim.id] if peg.supply is not None and peg.ships_on is not None]
    lent.sort(key=lambda peg: (_place(peg), peg.supply.id if peg.supply else 0, peg.claim))
    by_id = {claim.id: claim for claim in taker}
    worst = [(peg, peg.units) for claim in taker for peg in pegs[claim.id] if peg.given_by is None]
    worst.sort(key=lambda item: (_place(item[0]), item[0].claim), reverse=True)
    ties = list(book.given)
    moved = 0
    for peg in lent:
        left = peg.units
        while left and worst and moved < units:
            place, (theirs, waiting) = _place(peg), worst[0]
            if _place(theirs) <= place or peg.supply is None:
                break
            if by_id[theirs.claim].stock_only and not peg.supply.is_stock:
                worst.pop(0)
                continue
            taken = min(left, waiting, units - moved)
            ties = _tied(book, _untied(ties, peg, taken), by_id[theirs.claim], peg.supply, taken, fact)
            left, moved = left - taken, moved + taken
            worst[0:1] = [(theirs, waiting - taken)] if waiting > taken else []
    if moved:
        ties = _keeping(book, ties, by_id, worst, fact)
    return Moved(tuple(ties), moved, sum(peg.units for peg in lent))


def _keeping(
    book: Book, ties: list[Given], taker: Mapping[int, Claim], has: list[tuple[Peg, int]], fact: int
) -> list[Given]:
    """The ties with those of what the taker has besides: else the lender would take as many of those instead."""
    for peg, units in has:
        if peg.supply is not None and peg.ships_on is not None:
            ties = _tied(book, ties, taker[peg.claim], peg.supply, units, fact)
    return ties


def _place(peg: Peg) -> Place:
    """When units of a peg ship; those without a supply come after those that have one."""
    if peg.supply is None:
        return (UNDATED, True)
    return place_of(replace(peg.supply, ships_on=peg.ships_on))


def _untied(ties: list[Given], peg: Peg, units: int) -> list[Given]:
    """The ties without those of units that the lender was given and gives on."""
    if peg.given_by is None or peg.supply is None:
        return ties
    left: list[Given] = []
    for tie in ties:
        if tie.claim == peg.claim and tie.supply == peg.supply.key:
            fewer = min(units, tie.units)
            units -= fewer
            if fewer < tie.units:
                left.append(replace(tie, units=tie.units - fewer))
        else:
            left.append(tie)
    return left


def _tied(book: Book, ties: list[Given], claim: Claim, supply: Supply, units: int, fact: int) -> list[Given]:
    """The ties with units of the taker more; those that it has of this supply are given by hand with them."""
    same = [tie for tie in ties if (tie.claim, tie.supply) == (claim.id, supply.key)]
    others = [tie for tie in ties if (tie.claim, tie.supply) != (claim.id, supply.key)]
    day = peg_to(claim.id, units, supply, book.wanted_ships_on(claim)).ships_on
    return [*others, Given(claim.id, supply.key, units + sum(tie.units for tie in same), fact, True, day)]
