"""Into at most N parcels: the cuts that let units wait least (contract, "The pass", `up_to: N`).

Answers where to cut the known dates of one order's units, all under one `up_to` policy, into so many parcels. Exact:
of all ways to cut, those that meet as many told units as can be met; of these, the least sum of units x days waited;
of these, the earlier first parcel, then the earlier second one, and so on. The last parcel takes all the rest, so
units without a date are in it; they count as `lend_days` after the last known date.

Source: contract, section 3, "`up_to: N`"; optimal partition of a sequence (Bellman). Cost: with m dates and p parcels
at most p x m x m steps, each over the told units between two dates; an order has a handful of dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from raincheck.core.slack import Place


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units that can go from one place in time on (the day they can ship, stock before inbound).

    `told` says by which day how many of them must ship to be delivered on the day told.
    """

    place: Place
    units: int
    told: Mapping[date, int] = field(default_factory=dict)


def best_cuts(arrivals: Sequence[Arrival], undated_units: int, parcels: int, lend_days: int) -> list[int]:
    """How many arrivals each parcel takes in turn: the sizes of consecutive parcels, the last with what has no date.

    `arrivals` stand in the order of their places, each place once; `parcels` is at least 1. Without any arrival there
    are no cuts.

    >>> on = [Arrival((date(2026, 3, day), False), units) for day, units in ((2, 1), (10, 9), (20, 1))]
    >>> best_cuts(on, 0, 2, 30)
    [2, 1]
    """
    if not arrivals:
        return []
    dates = list(arrivals)
    if undated_units:
        last_on = dates[-1].place[0] + timedelta(days=lend_days)
        dates.append(Arrival((last_on, True), undated_units))
    every = range(len(dates))
    one = {
        (first, last): _one_parcel(dates, first, last, undated_units) for last in every for first in every[: last + 1]
    }
    # best[i]: of the dates from i on, cut into at most so many parcels: (minus told units met, unit days, ends).
    best = [one[first, every[-1]] for first in every]
    for _ in range(min(parcels, len(dates)) - 1):
        best = [
            min([best[first], *(_joined(one[first, last], best[last + 1]) for last in every[first:-1])])
            for first in every
        ]
    ends = [last for _, last in best[0][2]]
    sizes = [end - before for before, end in zip([-1, *ends], ends, strict=False)]
    if undated_units:
        sizes[-1] -= 1
    return sizes


_Cut = tuple[int, int, tuple[tuple[Place, int], ...]]


def _one_parcel(dates: Sequence[Arrival], first: int, last: int, undated_units: int) -> _Cut:
    """What it costs to send the dates from `first` to `last` in one parcel."""
    place = dates[last].place
    inside = dates[first : last + 1]
    unit_days = sum(arrival.units * (place[0] - arrival.place[0]).days for arrival in inside)
    met = 0
    if not (undated_units and last == len(dates) - 1):
        met = sum(units for arrival in inside for by, units in arrival.told.items() if place[0] <= by)
    return (-met, unit_days, ((place, last),))


def _joined(head: _Cut, rest: _Cut) -> _Cut:
    return (head[0] + rest[0], head[1] + rest[1], head[2] + rest[2])
