"""How good an outcome of one book is: the three figures by which a rule and an optimum are compared.

One function measures both, so that neither can win by being counted differently. For a book, and for every claim c of
it that is counted, let due(c) be the day that it was told, or today where it was told none; let each unit be delivered
on its day (for a ship-complete group: the day of its last part, none while one part has none); let U be the day that
stands in for "no date": `lend_days` after the last day known in the book.

    units on time  =  sum over c of min(told units of c, units of c delivered on or before the day told)
    lateness       =  sum over units of weight(c) x max(0, day delivered or U, less due(c))       in unit-days
    parcels        =  number of distinct (order, group, site, shipping day) over the dated units

Units from a lead time leave from a site that is not known yet; they count as a site of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of an outcome. Compared in this order: more on time, less lateness, fewer parcels."""

    units_on_time: int
    late_unit_days: int
    parcels: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Smaller is better."""
        return (-self.units_on_time, self.late_unit_days, self.parcels)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the lateness of a unit is counted with: the day that stands in for no date, and each claim's weight."""

    today: date
    undated_on: date
    weights: Mapping[int, int]

    def late_unit_days(self, claim: Claim, delivered_on: date | None) -> int:
        """The weighted lateness of one unit of a claim, in days."""
        late_days = ((delivered_on or self.undated_on) - due_on(claim, self.today)).days
        return self.weights.get(claim.id, 1) * max(0, late_days)


def due_on(claim: Claim, today: date) -> date:
    """The day from which a claim is late: the day it was told, or today where it was told none."""
    return claim.told_on if claim.told_on is not None and claim.told_units else today


def yardstick(book: Book, weights: Mapping[int, int] | None = None) -> Yardstick:
    """The yardstick of a book. `weights` by claim; a claim that is not named weighs 1."""
    known = [book.today]
    known += [book.road.delivers_on(supply.ships_on) for supply in book.supplies if supply.ships_on]
    known += [claim.told_on for claim in book.claims if claim.told_on]
    for claim in book.claims:
        there_on = book.lead_time_there_on(claim)
        if there_on is not None:
            known.append(book.road.delivers_on(book.road.ships_on(there_on)))
    return Yardstick(book.today, max(known) + timedelta(days=book.lend_days), weights or {})


def score(book: Book, pegs: Pegs, counted: Collection[int], by: Yardstick) -> Score:
    """The figures of an outcome, over the claims in `counted`."""
    claims = [claim for claim in book.claims if claim.id in counted]
    group_on = _group_days(claims, pegs)
    on_time = late = 0
    parcels: set[tuple[int, int | None, int | None, date]] = set()
    for claim in claims:
        in_time = 0
        for peg in pegs[claim.id]:
            ships_on = peg.ships_on if claim.group is None else group_on[claim.group]
            delivered_on = None if ships_on is None else book.road.delivers_on(ships_on)
            late += peg.units * by.late_unit_days(claim, delivered_on)
            if ships_on is not None and delivered_on is not None:
                parcels.add((claim.order, claim.group, peg.supply.site if peg.supply else None, ships_on))
                if claim.told_on is not None and delivered_on <= claim.told_on:
                    in_time += peg.units
        on_time += min(in_time, claim.told_units)
    return Score(on_time, late, len(parcels))


def _group_days(claims: list[Claim], pegs: Pegs) -> dict[int, date | None]:
    """The shipping day of each group's last part; None while a part has none."""
    days: dict[int, list[date | None]] = defaultdict(list)
    for claim in claims:
        if claim.group is not None:
            days[claim.group] += [peg.ships_on for peg in pegs[claim.id]]
    return {group: None if None in found else max(day for day in found if day) for group, found in days.items()}
