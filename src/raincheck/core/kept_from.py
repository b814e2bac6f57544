"""Who waits because of a protection: the reason `protected` (contract, section 3).

The question "but for the protection" is answered by asking the pass again without it, and only where there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.peg import Peg, PegKind


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """How many more units of a claim would be stock on hand, and tied to any supply, if nothing were protected."""

    on_hand: int = 0
    supplied: int = 0

    def is_why(self, pegs: Iterable[Peg], peg: Peg) -> bool:
        """Whether a protection is why the units of a peg of the claim, down to the last, wait as they do.

        What no supply covers would be covered; of what waits for a truck the first would be stock.
        """
        if peg.supply is None and peg.units <= self.supplied:
            return True
        left = self.on_hand
        for own in pegs if left else ():
            left -= own.units if own.kind is not PegKind.STOCK else 0
            if own == peg:
                return left >= 0
        return False


NOT_KEPT = KeptFrom()


def kept_from(book: Book, pegs: Pegs) -> dict[int, KeptFrom]:
    """What protections keep claims from, by claim; those that they keep from nothing are left out."""
    if not book.protections:
        return {}
    unprotected = allocate(replace(book, protections=()))
    found = {
        claim.id: KeptFrom(
            on_hand=max(0, _on_hand(unprotected[claim.id]) - _on_hand(pegs[claim.id])),
            supplied=max(0, _supplied(unprotected[claim.id]) - _supplied(pegs[claim.id])),
        )
        for claim in book.claims
    }
    return {claim: kept for claim, kept in found.items() if kept != NOT_KEPT}


def _on_hand(pegs: Iterable[Peg]) -> int:
    return sum(peg.units for peg in pegs if peg.kind is PegKind.STOCK)


def _supplied(pegs: Iterable[Peg]) -> int:
    return sum(peg.units for peg in pegs if peg.supply is not None)
