"""Into shipments: which reserved units may go to the carrier now (contract, "The pass", step 7)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind


@dataclass(frozen=True, slots=True)
class Release:
    """Reserved units that may leave now, by the order's shipping policy."""

    claim: Claim
    peg: Peg


def releasable(book: Book, pegs: Pegs, held_orders: Collection[int]) -> list[Release]:
    """Units that go now: plain claims as they have stock, ship-complete groups when all of them has.

    Never: units of held orders, and pre-ordered units before their day.
    """
    today_ships_on = book.road.ships_on(book.today)
    waiting_groups = {
        claim.group
        for claim in book.claims
        if claim.group is not None and not all(_is_here(peg, today_ships_on) for peg in pegs[claim.id])
    }
    return [
        Release(claim, peg)
        for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
        if claim.order not in held_orders and (claim.group is None or claim.group not in waiting_groups)
        for peg in pegs[claim.id]
        if _is_here(peg, today_ships_on)
    ]


def by_parcel(releases: list[Release]) -> dict[tuple[int, int], list[Release]]:
    """One parcel for each order and site, in rank order of the orders."""
    parcels: dict[tuple[int, int], list[Release]] = defaultdict(list)
    for release in releases:
        assert release.peg.supply is not None
        parcels[release.claim.order, release.peg.supply.site].append(release)
    return dict(parcels)


def _is_here(peg: Peg, today_ships_on: date) -> bool:
    return peg.kind is PegKind.STOCK and peg.ships_on == today_ships_on
