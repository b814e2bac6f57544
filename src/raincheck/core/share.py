"""A shortage shared evenly or in proportion, as an alternative to rank (a planner's choice, for one product).

What there is on a day is shared among those who wait, then what comes on the next, and so on: nobody has everything
early while another has everything late. Whole units, the remainders to those who have least so far, or by largest
remainder; ties go by rank. Only plain lines share: ship-complete orders, kits, what may not be backordered and what a
person gave by hand keep what they have.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from raincheck.core.book import Book, Given
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, peg_to
from raincheck.core.slack import place_of, serving_order
from raincheck.core.supply import Supply, SupplyKey


class Sharing(StrEnum):
    """How a shortage is shared: the same for each, or as much of what each needs."""

    EVEN = "even"
    PROPORTIONAL = "proportional"


def even_shares(units: int, needs: Sequence[int], had: Sequence[int]) -> list[int]:
    """Raises those who have least first, none beyond what it still needs; ties in the order given.

    >>> even_shares(7, [5, 1, 5], [0, 0, 0])
    [3, 1, 3]
    """
    shares = [0] * len(needs)
    left = min(units, sum(needs))
    while left:
        open_ = [i for i, need in enumerate(needs) if shares[i] < need]
        level = min(had[i] + shares[i] for i in open_)
        lowest = [i for i in open_ if had[i] + shares[i] == level]
        above = [had[i] + shares[i] for i in open_ if had[i] + shares[i] > level]
        step = min([needs[i] - shares[i] for i in lowest] + ([min(above) - level] if above else []))
        step = min(step, left // len(lowest))
        for i in lowest if step else lowest[:left]:
            shares[i] += step or 1
            left -= step or 1
    return shares


def proportional_shares(units: int, needs: Sequence[int]) -> list[int]:
    """In proportion to what each needs, by largest remainder; ties in the order given.

    >>> proportional_shares(10, [10, 5, 5])
    [5, 3, 2]
    """
    total = sum(needs)
    units = min(units, total)
    if not units:
        return [0] * len(needs)
    shares = [need * units // total for need in needs]
    by_remainder = sorted(range(len(needs)), key=lambda i: (-(needs[i] * units % total), i))
    for i in by_remainder[: units - sum(shares)]:
        shares[i] += 1
    return shares


def shares_alike(claim: Claim) -> bool:
    """Whether a claim takes part in a sharing."""
    return claim.group is None and claim.kit is None and not claim.stock_only


def shared(book: Book, pegs: Mapping[int, list[Peg]], product: int, sharing: Sharing, fact: int) -> tuple[Given, ...]:
    """All that is given in a book after one product's supply was shared, given by a fact.

    `pegs` are those of now. Supply without a day is not shared; protected units are left to their tier.
    """
    claims = sorted(
        (claim for claim in book.claims if claim.product == product and shares_alike(claim)),
        key=lambda claim: (claim.rank, claim.id),
    )
    alike = {claim.id for claim in claims}
    stays = tuple(tie for tie in book.given if tie.claim not in alike or tie.by_hand)
    by_hand = {tie.fact for tie in stays}
    left = {supply.key: supply.units for supply in book.supplies if supply.product == product}
    for claim in book.claims:
        for peg in pegs[claim.id]:
            if peg.supply is not None and peg.supply.key in left and (claim.id not in alike or peg.given_by in by_hand):
                left[peg.supply.key] -= peg.units
    needs = {claim.id: claim.units for claim in claims}
    for tie in stays:
        if tie.claim in alike:
            needs[tie.claim] -= tie.units
    had = dict.fromkeys(needs, 0)
    kept = _kept_for_tiers(book, product, claims)
    given: list[Given] = []
    supplies = [s for s in book.supplies if s.product == product and s.ships_on is not None and left[s.key] > 0]
    for _, together in groupby(sorted(supplies, key=serving_order), key=place_of):
        sources = list(together)
        units = sum(left[supply.key] for supply in sources)
        held_back = min(units, kept)
        kept -= held_back
        open_ = [needs[claim.id] for claim in claims]
        if sharing is Sharing.EVEN:
            portions = even_shares(units - held_back, open_, [had[claim.id] for claim in claims])
        else:
            portions = proportional_shares(units - held_back, open_)
        for claim, portion in zip(claims, portions, strict=True):
            needs[claim.id] -= portion
            had[claim.id] += portion
            given += _from(book, claim, portion, sources, left, fact)
    return (*stays, *given)


def _from(
    book: Book, claim: Claim, units: int, sources: list[Supply], left: dict[SupplyKey, int], fact: int
) -> list[Given]:
    """Ties units of a claim to supplies of one day, in their order."""
    ties: list[Given] = []
    for supply in sources:
        if taken := min(units, left[supply.key]):
            left[supply.key] -= taken
            units -= taken
            day = peg_to(claim.id, taken, supply, book.wanted_ships_on(claim)).ships_on
            ties.append(Given(claim.id, supply.key, taken, fact, False, day))
    return ties


def _kept_for_tiers(book: Book, product: int, claims: list[Claim]) -> int:
    """Protected units that tiers keep, because not all who share are of them."""
    tiers = {claim.tier for claim in claims}
    return sum(one.units for one in book.protections if one.product == product and tiers != {one.tier})
