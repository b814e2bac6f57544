"""A product's stock over the coming days, as the pegs have it: what lies there, what is free, who still waits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from raincheck.store.reads.product import ProductView

LEAST_DAYS: Final = 14
MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class ProjectedDay:
    """The end of a day. `free` is available to promise: what can leave by this day and be missed on no later one."""

    on: date
    arriving: int
    on_hand: int
    free: int
    waiting: int
    arrivals: tuple[str, ...] = ()


def projection(product: ProductView, today: date) -> list[ProjectedDay]:
    """Day by day from today to the last known arrival or shipment, two weeks at least and `MOST_DAYS` at most.

    What is reserved leaves today; what waits for an inbound leaves on the day it ships. Units without supply (to be
    bought, or without a date) never leave within the picture: they stay waiting until the day their date says.
    """
    arriving: dict[date, int] = defaultdict(int)
    names: dict[date, list[str]] = defaultdict(list)
    for line in product.inbound:
        if line.owed and line.expected_on is not None:
            on = max(line.expected_on, today)
            arriving[on] += line.owed
            names[on].append(line.ref)
    leaving: dict[date, int] = defaultdict(int, {today: product.reserved})
    served: dict[date, int] = defaultdict(int)
    for demand in product.demand:
        if demand.ships_on is not None:
            on = max(demand.ships_on, today)
            served[on] += demand.units
            if demand.from_supply:
                leaving[on] += demand.units
    last = max([*arriving, *served, today + timedelta(days=LEAST_DAYS - 1)])
    length = min((last - today).days + 1, MOST_DAYS)
    days = [today + timedelta(days=offset) for offset in range(length)]
    on_hand = list(accumulate((arriving[day] - leaving[day] for day in days), initial=product.on_hand))[1:]
    waiting = list(accumulate((-served[day] for day in days), initial=product.waiting))[1:]
    free = _lowest_from_here_on(on_hand)
    return [
        ProjectedDay(day, arriving[day], there, max(0, least), waits, tuple(names[day]))
        for day, there, least, waits in zip(days, on_hand, free, waiting, strict=True)
    ]


def _lowest_from_here_on(values: list[int]) -> list[int]:
    return list(accumulate(reversed(values), min))[::-1]
