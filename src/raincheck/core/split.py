"""Into shipments: which reserved units may go to the carrier now (contract, "The pass", step 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.kits import here_in_whole, sets_of
from raincheck.core.peg import Peg, PegKind


@dataclass(frozen=True, slots=True)
class Release:
    """Reserved units that may leave now, by the order's shipping policy."""

    claim: Claim
    peg: Peg


def releasable(book: Book, pegs: Pegs, held_orders: Collection[int]) -> list[Release]:
    """Units that go now, in rank order: plain claims as they have stock, ship-complete groups when all of it is here.

    Never: units of held orders, pre-ordered units before their day, and what is wanted later.
    """
    waiting = waiting_groups(book, pegs)
    here = _here(book, pegs)
    return [
        Release(claim, peg)
        for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
        if claim.order not in held_orders and claim.group not in waiting and book.wanted_there_on(claim) is None
        for peg in here[claim.id]
    ]


def _here(book: Book, pegs: Pegs) -> Pegs:
    """What lies at a site, by claim; of the parts of kits only what makes whole kits."""
    here = {claim.id: [peg for peg in pegs[claim.id] if _is_here(peg, book.today)] for claim in book.claims}
    for parts in sets_of(book.claims):
        here |= here_in_whole(parts, here)
    return here


def waiting_groups(book: Book, pegs: Pegs) -> frozenset[int]:
    """Ship-complete groups of which a unit is not here yet."""
    return frozenset(
        claim.group
        for claim in book.claims
        if claim.group is not None and not all(_is_here(peg, book.today) for peg in pegs[claim.id])
    )


def in_rank_order(releases: Iterable[Release]) -> list[Release]:
    """Releases in the rank order of their claims."""
    return sorted(releases, key=lambda release: (release.claim.rank, release.claim.id))


def without_parts_of(releases: Sequence[Release], staying: Collection[int]) -> list[Release]:
    """Releases without those of claims that stay, nor of what leaves together with such a claim or not at all."""
    groups = {_leaves_with(release.claim) for release in releases if release.claim.id in staying}
    return [one for one in releases if one.claim.id not in staying and (_leaves_with(one.claim) or ()) not in groups]


def _leaves_with(claim: Claim) -> tuple[int, ...] | None:
    """Names what a claim leaves together with: its ship-complete group, its order's `up_to` group, its set of kits.

    None: nothing.
    """
    if claim.group is not None:
        return (claim.group,)
    most = claim.parcel_terms.up_to if claim.parcel_terms is not None else None
    if most is not None:
        return (claim.order, most)
    return None if claim.kit is None else (claim.order, claim.kit.line, claim.kit.nr)


def by_parcel(
    releases: Iterable[Release], shares_with: Mapping[int, str] | None = None
) -> dict[tuple[int | str, int], list[Release]]:
    """One parcel for each order and site, in rank order of the orders.

    `shares_with` says with whose units those of an order share a parcel: orders with the same word there share one.
    """
    shared = shares_with or {}
    parcels: dict[tuple[int | str, int], list[Release]] = defaultdict(list)
    for release in releases:
        if (supply := release.peg.supply) is not None:
            parcels[shared.get(release.claim.order, release.claim.order), supply.site].append(release)
    return dict(parcels)


def _is_here(peg: Peg, today: date) -> bool:
    """Whether units lie at a site and may be allocated: a pre-order's stock is "there" from its first day on."""
    there_on = peg.supply.there_on if peg.supply is not None else None
    return peg.kind is PegKind.STOCK and there_on is not None and there_on <= today
