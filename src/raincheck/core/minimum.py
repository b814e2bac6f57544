"""No parcel for one screw: what waits because its parcel would be below the minimum (contract, `minimum_shipment`).

An order's parcel from a site is big enough when it reaches the units and the value (both; 0 asks nothing) that hold for
any one of its lines: a line without a minimum goes, and what lies beside it goes along. Until then it waits for more
of its order, with two bounds: the last open units of an order always go, and nothing waits past its told day. A bundle
that leaves from several sites leaves whole, when each of these parcels is big enough. What stays because it is not paid
makes nobody's parcel bigger.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction

from raincheck.core.bundles import ENDING, Bundle, Lot, Moment
from raincheck.core.demand import ParcelTerms

Waiting = dict[int, Moment]
"""When each bundle leaves, by its place in the list; one that nobody can date is left out."""


def departures(
    bundles: Sequence[Bundle], told_by: Mapping[int, date], now: Moment, staying: Collection[int] = ()
) -> Waiting:
    """When each of one order's bundles leaves. `told_by` is the last day of release that meets what was told, by place.

    Nothing leaves before `now`; bundles that are `staying` are left out.
    """
    leaves: Waiting = {}
    waiting: set[int] = set()
    for moment in sorted(_moments(bundles, told_by, now)):
        there = {nr for nr, one in enumerate(bundles) if nr not in leaves and _is_there(one, moment)}
        waiting |= there.difference(staying)
        forced = {nr for nr in waiting if nr in told_by and (told_by[nr], ENDING) <= moment}
        going = _going(bundles, waiting, forced, is_all=len(leaves) + len(waiting) == len(bundles))
        leaves |= dict.fromkeys(going, moment)
        waiting -= going
    return leaves


def _moments(bundles: Sequence[Bundle], told_by: Mapping[int, date], now: Moment) -> set[Moment]:
    moments = {max(one.there, now) for one in bundles if one.there is not None}
    return moments | {max((day, ENDING), now) for nr, day in told_by.items() if bundles[nr].there is not None}


def _is_there(bundle: Bundle, moment: Moment) -> bool:
    return bundle.there is not None and bundle.there <= moment


def _going(bundles: Sequence[Bundle], waiting: set[int], forced: set[int], *, is_all: bool) -> set[int]:
    """Which of the bundles that wait leave now: those of which every parcel is big enough, or has to go."""
    if is_all:
        return set(waiting)
    going = set(waiting)
    while True:
        inside: dict[int, list[Lot]] = defaultdict(list)
        for nr in going:
            for lot in bundles[nr].lots:
                inside[lot.site].append(lot)
        goes = {site for nr in forced for site in bundles[nr].sites}
        goes |= {site for site, lots in inside.items() if _is_enough(lots)}
        left = {nr for nr in going if nr in forced or bundles[nr].sites <= goes}
        if left == going:
            return going
        going = left


def _is_enough(lots: Sequence[Lot]) -> bool:
    """Whether a parcel reaches the minimum of any of its lines. A kit counts as one unit when all its parts are in."""
    terms = [lot.claim.parcel_terms or ParcelTerms() for lot in lots]
    units = sum(Fraction(lot.peg.units, one.parts) for lot, one in zip(lots, terms, strict=True))
    value = sum(Fraction(one.unit_price) * lot.peg.units / one.parts for lot, one in zip(lots, terms, strict=True))
    return any(units >= one.minimum_units and value >= Fraction(one.minimum_value) for one in terms)
