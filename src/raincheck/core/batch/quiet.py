"""What follows from the pegs of many claims where nobody is told anything: dates and figures, over columns.

Answers for plain and ship-complete claims that stand alone on their line, in a manual warehouse or without stock to
release: the estimate (`core.decision`), the figures of the line, and whether the customer's last word still holds
(`core.promise.tell` would say nothing). Whatever there is to say, or to release, is for the plain form. Held equal to
it by tests/actions/test_pass_all.py. Days are ordinals; NO_DAY is none.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from raincheck.core.batch.columns import NO_DAY, Claims, Flags, Ints, Outcome, Small, Supplies


class Ends(IntEnum):
    """What the last unit of a claim waits for, by which the line prints its reason."""

    ON_HAND = 0
    WAITS_FOR_ORDER = 1
    PEGGED_TO_INBOUND = 2
    PEGGED_TO_TRANSFER = 3
    LEAD_TIME = 4
    NO_DATE = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What each customer was told: the day (NO_DAY: none), and whether the last word was that waiting lost it."""

    on: Small
    is_lost: Flags


@dataclass(frozen=True, slots=True)
class Dated:
    """What follows, by claim.

    `delivers` is the estimate, the group's for a claim of one; `there` the day on which the claim's or its group's last
    unit is there. `lead_time_units` are its own that a lead time dates, as they count for what was told. `is_quiet`
    says that nothing is told.
    """

    delivers: Ints
    there: Ints
    reserved: Ints
    lead_time_units: Ints
    has_lead_time: Flags
    ends: Ints
    is_quiet: Flags


def dated(
    claims: Claims,
    supplies: Supplies,
    outcome: Outcome,
    ships: Ints,
    slips: Flags,
    lead_ships: Ints,
    is_transfer: Flags,
    told: Told,
    transit_days: int,
    *,
    tighten: bool,
) -> Dated:
    """`ships` is the day on which each peg of the outcome leaves, `slips` whether that is only the earliest possible.

    `lead_ships` is the day of each claim's lead time.
    """
    own, supply = outcome.claim_of_pegs(), outcome.supply
    by_lead_time = (outcome.uncovered > 0) & ~claims.stock_only & ~outcome.dateless & (claims.lead_there != NO_DAY)
    is_undated = (outcome.uncovered > 0) & ~by_lead_time
    leaves = np.where(by_lead_time, lead_ships, np.where(is_undated, NO_DAY, 0))
    np.maximum.at(leaves, own, ships)
    there = np.where(by_lead_time, claims.lead_there, np.where(is_undated, NO_DAY, 0)).astype(np.int64)
    np.maximum.at(there, own, supplies.there[supply])
    is_stock = ~supplies.is_inbound[supply]
    reserved = np.zeros(len(claims), np.int64)
    np.add.at(reserved, own[is_stock], outcome.units[is_stock])
    is_whole = reserved == claims.units
    grouped = claims.group >= 0
    leaves, there = _of_group(claims.group, grouped, leaves), _of_group(claims.group, grouped, there)
    all_here = _of_group(claims.group, grouped, (~is_whole).astype(np.int64)) == 0
    delivers = np.where(leaves >= NO_DAY, NO_DAY, leaves + transit_days)
    is_known = delivers != NO_DAY
    lead_time_units = np.where(by_lead_time & is_known, outcome.uncovered, 0)
    is_firm = by_lead_time & (lead_ships == leaves)
    np.logical_or.at(is_firm, own, ~slips & (ships == leaves[own]))
    all_slips = _of_group(claims.group, grouped, is_firm.astype(np.int64)) == 0
    late_or_new = np.where(told.on == NO_DAY, is_known & ~(told.is_lost & all_slips), delivers > told.on)
    earlier = (told.on != NO_DAY) & (delivers < told.on) & tighten
    is_quiet = ~late_or_new & ~earlier
    ends = _ends(claims, supplies, outcome, lead_ships, is_transfer, by_lead_time, is_undated, grouped & ~all_here)
    return Dated(delivers, there, reserved, lead_time_units, by_lead_time, ends, is_quiet)


def _of_group(group: Small, grouped: Flags, values: Ints) -> Ints:
    """The largest value of each claim's group; its own for a plain claim."""
    if not grouped.any():
        return values
    most = np.zeros(int(group.max()) + 1, values.dtype)
    np.maximum.at(most, group[grouped], values[grouped])
    return np.where(grouped, most[group], values)


def _ends(
    claims: Claims,
    supplies: Supplies,
    outcome: Outcome,
    lead_ships: Ints,
    is_transfer: Flags,
    by_lead_time: Flags,
    is_undated: Flags,
    waits: Flags,
) -> Ints:
    """What the last unit waits for: the latest of the claim's pegs, of one day the one that is least certain."""
    has_supply = outcome.start[1:] > outcome.start[:-1]
    last = outcome.supply[np.where(has_supply, outcome.start[1:] - 1, 0)] if len(outcome.supply) else None
    ends = np.full(len(claims), int(Ends.NO_DATE))
    if last is not None:
        inbound = np.where(is_transfer[last], int(Ends.PEGGED_TO_TRANSFER), int(Ends.PEGGED_TO_INBOUND))
        stock = np.where(waits, int(Ends.WAITS_FOR_ORDER), int(Ends.ON_HAND))
        from_supply = np.where(supplies.is_inbound[last], inbound, stock)
        from_supply = np.where(supplies.ships[last] == NO_DAY, int(Ends.NO_DATE), from_supply)
        ends = np.where(has_supply, from_supply, ends)
        lead_is_last = by_lead_time & (~has_supply | (lead_ships >= supplies.ships[last]))
    else:
        lead_is_last = by_lead_time
    ends = np.where(lead_is_last, int(Ends.LEAD_TIME), ends)
    return np.where(is_undated, int(Ends.NO_DATE), ends)
