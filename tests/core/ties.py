"""What a pass gave, given for good: where tests of rebalances and of giving by hand begin."""

from collections.abc import Iterable, Mapping

from raincheck.core.book import Given
from raincheck.core.peg import Peg


def given_to(pegs: Mapping[int, list[Peg]], claims: Iterable[int], fact: int, *, by_hand: bool) -> tuple[Given, ...]:
    """Ties every unit that some claims have of a supply, as given by a fact."""
    return tuple(
        Given(peg.claim, peg.supply.key, peg.units, fact, by_hand, peg.ships_on)
        for claim in claims
        for peg in pegs[claim]
        if peg.supply is not None
    )
