"""The cuts of up_to against all cuts that there are: every way to part a few dates, weighed in the contract's words."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest

from raincheck.core.cuts import Arrival, best_cuts

TODAY = date(2026, 3, 2)


def random_arrivals(rng: Random) -> list[Arrival]:
    places = sorted(
        {(TODAY + timedelta(days=rng.randint(0, 12)), rng.random() < 0.6) for _ in range(rng.randint(1, 6))}
    )
    arrivals = []
    for place in places:
        units = rng.randint(1, 9)
        told = {TODAY + timedelta(days=rng.randint(-1, 14)): rng.randint(1, units)} if rng.random() < 0.5 else {}
        arrivals.append(Arrival(place, units, told))
    return arrivals


def all_cuts(dates: int, parcels: int) -> list[tuple[int, ...]]:
    """Every way to part so many dates into consecutive parcels: the index after the last date of each."""
    return [(*ends, dates) for many in range(min(parcels, dates)) for ends in combinations(range(1, dates), many)]


def worth(arrivals: list[Arrival], undated: int, lend_days: int, ends: tuple[int, ...]) -> tuple[object, ...]:
    """Told units met (more is better), unit days (fewer), then the parcels' places (earlier)."""
    leaves = [*arrivals]
    if undated:
        leaves.append(Arrival((arrivals[-1].place[0] + timedelta(days=lend_days), True), undated))
    met = unit_days = first = 0
    places = []
    for end in ends:
        place = leaves[end - 1].place
        holds_undated = undated > 0 and end == len(leaves)
        for arrival in leaves[first:end]:
            unit_days += arrival.units * (place[0] - arrival.place[0]).days
            met += 0 if holds_undated else sum(n for by, n in arrival.told.items() if by >= place[0])
        places.append(place)
        first = end
    return (-met, unit_days, tuple(places))


@pytest.mark.parametrize("seed", range(600))
def test_the_cuts_are_the_best_of_all_there_are(seed: int) -> None:
    rng = Random(seed)
    arrivals, undated = random_arrivals(rng), rng.choice((0, 0, 4))
    parcels, lend_days = rng.randint(1, 5), rng.choice((3, 30))
    dates = len(arrivals) + bool(undated)
    best = min(worth(arrivals, undated, lend_days, ends) for ends in all_cuts(dates, parcels))

    sizes = best_cuts(arrivals, undated, parcels, lend_days)

    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    if undated:
        ends[-1] += 1
    assert len(sizes) <= parcels
    assert sum(sizes) == len(arrivals)
    assert worth(arrivals, undated, lend_days, tuple(ends)) == best
