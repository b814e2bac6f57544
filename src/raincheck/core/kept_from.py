"""Who waits because of a protection: the reason `protected` (contract, section 3).

The question "but for the protection" is answered by asking the pass again without it, and only where there is one.
"""

from collections.abc import Iterable
from dataclasses import replace

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.peg import Peg, PegKind


def kept_from(book: Book, pegs: Pegs) -> dict[int, int]:
    """How many more units of which claims would be stock on hand if nothing were protected."""
    if not book.protections:
        return {}
    unprotected = allocate(replace(book, protections=()))
    more = {claim.id: on_hand(unprotected[claim.id]) - on_hand(pegs[claim.id]) for claim in book.claims}
    return {claim: units for claim, units in more.items() if units > 0}


def on_hand(pegs: Iterable[Peg]) -> int:
    """How many units of some pegs are stock."""
    return sum(peg.units for peg in pegs if peg.kind is PegKind.STOCK)
