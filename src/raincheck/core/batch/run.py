"""The pass over columns (contract, section 3, "Who gets what", steps 1, 2, 3, 5 and 6).

Answers, for claims and supplies as columns, the pegs of every claim: those of `core.allocate` for the same book. It
takes plain and ship-complete claims of products that lie at one site each; `core.batch.whole` says what becomes of the
others.

Cost: sorting the supplies, then walks over the claims that grow with their number, times the few supplies and supply
days of one product.
"""

import numpy as np

from raincheck.core.batch.columns import PLAIN, Claims, Flags, Ints, Outcome, Rules, Small, Supplies


def run(supplies: Supplies, claims: Claims, rules: Rules, *, keeps_told_dates: bool = True) -> Outcome:
    """Runs the pass. `claims` stand in rank order, each with at least one unit; groups whole."""
    # Numba takes half a second to load, which the web must not pay for at its start.
    from raincheck.core.batch import walk

    products = int(max(supplies.product.max(initial=-1), claims.product.max(initial=-1))) + 1
    place_of = _place(supplies.ships, supplies.is_inbound)
    serving = np.lexsort((supplies.id, place_of, supplies.product))
    product, place_of = supplies.product[serving], place_of[serving]
    is_new = np.ones(len(product), np.bool_)
    is_new[1:] = (product[1:] != product[:-1]) | (place_of[1:] != place_of[:-1])
    place = (np.cumsum(is_new) - 1).astype(np.int32)
    numbers = np.arange(products + 1)
    first_supply = np.searchsorted(product, numbers).astype(np.int32)
    first_place = np.searchsorted(product[is_new], numbers).astype(np.int32)
    left = supplies.units[serving]
    places = (_slack(left, is_new, product), first_place)
    keep_units = claims.keep_units if keeps_told_dates else np.zeros(len(claims), np.int64)
    keep_place = walk.keep_places(
        claims.product, claims.keep_by, keep_units, claims.stock_only, place_of[is_new], first_place
    )
    parties = parties_of(claims.group)
    kept = walk.keep(claims.product, claims.group, keep_units, keep_place, *parties, places)
    standing = (left, place, supplies.is_inbound[serving], first_supply)
    orders = (
        supplies.there[serving],
        supplies.group_there[serving],
        np.lexsort((supplies.id[serving], -place_of, product)).astype(np.int32),
        np.lexsort((supplies.id[serving], _group_place(supplies)[serving], product)).astype(np.int32),
    )
    takes, dateless = walk.take(
        (claims.product, claims.units, claims.group, claims.stock_only, claims.lead_there, claims.joined),
        (kept, keep_place),
        parties,
        (rules.today, rules.hold_days, rules.lend_days, rules.margin_days),
        orders,
        standing,
        places,
    )
    if (claims.group != PLAIN).any():
        walk.give_back(claims.group, claims.product, parties[0], standing, places, takes)
    start, supply, units, uncovered = walk.gather(claims.units, takes)
    return Outcome(start, serving[supply].astype(np.int32), units, uncovered, dateless)


def parties_of(group: Small) -> tuple[Small, Small]:
    """Step 1: claims in the order of their parties, and where each party begins (one more at the end).

    A plain claim is a party; a ship-complete group is one, at its best claim's place.
    """
    count = len(group)
    member = np.arange(count, dtype=np.int32)
    grouped = np.flatnonzero(group != PLAIN)
    leader = member.copy()
    if len(grouped):
        _, first, which = np.unique(group[grouped], return_index=True, return_inverse=True)
        leader[grouped] = grouped[first][which]
        member = np.argsort(leader, kind="stable").astype(np.int32)
        leader = leader[member]
    begins = np.flatnonzero(np.r_[True, leader[1:] != leader[:-1]]) if count else np.empty(0, np.int64)
    return member, np.r_[begins, count].astype(np.int32)


def _place(ships: Small, is_inbound: Flags) -> Ints:
    """A place (`core.slack`) as one number: the shipping day, stock before inbound."""
    return ships.astype(np.int64) * 2 + is_inbound


def _group_place(supplies: Supplies) -> Ints:
    """Where a ship-complete group sees each supply."""
    return _place(supplies.group_ships, supplies.is_inbound)


def _slack(units: Ints, is_new: Flags, product: Small) -> Ints:
    """Supply up to each place, product by product."""
    total = np.cumsum(units)
    last = np.flatnonzero(np.r_[is_new[1:], True]) if len(units) else np.empty(0, np.int64)
    of_place = product[is_new]
    begins = np.flatnonzero(np.r_[True, of_place[1:] != of_place[:-1]]) if len(of_place) else np.empty(0, np.int64)
    before = np.r_[0, total[last]][begins]
    slack: Ints = total[last] - np.repeat(before, np.diff(np.r_[begins, len(of_place)]))
    return slack
