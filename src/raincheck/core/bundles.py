"""What has to leave together, before anybody asks whether it is enough for a parcel or may share one.

A **lot** is units of one claim from one supply. A **bundle** is the lots of one order that leave together or not at
all: each lot by itself as it comes, a kit's parts kit by kit, a ship-complete group whole, a cut of an `up_to` group.
A bundle has the moment from which its shipping policy lets it go.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from raincheck.core.book import Book
from raincheck.core.calendar import Road
from raincheck.core.cuts import Arrival, best_cuts
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind
from raincheck.core.promise import estimate
from raincheck.core.reason import Reason
from raincheck.core.slack import Place

Moment = tuple[date, int]
"""(day of release, phase): NOW for what lies here, ARRIVING for what comes that day, ENDING for its last moment."""

NOW, ARRIVING, ENDING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Lot:
    """Units of one claim from one supply. `there` is when they can be released, None without a date.

    `handled` is the peg with the day on which the floor is done with it. `here`: the units lie at a site, and nothing
    but a parcel keeps them.
    """

    claim: Claim
    peg: Peg
    handled: Peg
    there: Moment | None
    here: bool

    @property
    def site(self) -> int:
        """Where the units leave from; 0 while nobody knows."""
        return self.peg.supply.site if self.peg.supply is not None else 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lots that leave together. `there` is when the last of them can be released, `ships_on` the day at the carrier.

    `slips` as in an estimate; `waits_for` is why lots that lie here do not go before the others are there.
    """

    lots: tuple[Lot, ...]
    there: Moment | None
    ships_on: date | None
    slips: bool
    waits_for: Reason

    @property
    def here(self) -> bool:
        """Whether all of it lies here."""
        return all(lot.here for lot in self.lots)

    @property
    def sites(self) -> frozenset[int]:
        """The sites that it leaves from."""
        return frozenset(lot.site for lot in self.lots)


def last_moment(road: Road, day: date) -> datetime:
    """The last instant at which a release still counts for a day: a minute before midnight, or a site's cut-off."""
    ends_at = road.calendar.start_of(day + timedelta(days=1)) - timedelta(minutes=1)
    if road.hours is None or road.hours.cutoff is None:
        return ends_at
    return min(ends_at, datetime.combine(day, road.hours.cutoff, road.hours.zone))


def last_release_on(road: Road, told_on: date) -> date:
    """The last day on which a release is still delivered on the day told."""
    day = road.latest_shipping_on(told_on)
    for _ in range(road.handling_days):
        day = _working_day_until(road, day) - timedelta(days=1)
    return _working_day_until(road, day) if road.hours is not None and not road.handling_days else day


def _working_day_until(road: Road, day: date) -> date:
    while not road.calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def lots_of(
    book: Book, claims: Iterable[Claim], pegs: Mapping[int, Sequence[Peg]], handled: Callable[[Peg], Peg], at: datetime
) -> list[Lot]:
    """The lots of some claims, in rank order. `handled` gives a peg the day on which a floor is done with it.

    Inbound that is due today and has not come by the day's last moment does not count as coming today any more.
    """
    day_ends = at >= last_moment(book.road, book.today)
    lots: list[Lot] = []
    for claim in sorted(claims, key=lambda claim: (claim.rank, claim.id)):
        for peg in pegs[claim.id]:
            there = _there(book, claim, peg)
            if day_ends and there == (book.today, ARRIVING):
                there = (book.today + timedelta(days=1), ARRIVING)
            lots.append(Lot(claim, peg, handled(peg), there, there == (book.today, NOW)))
    return lots


def _there(book: Book, claim: Claim, peg: Peg) -> Moment | None:
    if peg.ships_on is None:
        return None
    if peg.supply is None:
        there_on, phase = book.lead_time_there_on(claim), ARRIVING
    else:
        there_on, phase = peg.supply.there_on, NOW if peg.kind is PegKind.STOCK else ARRIVING
    if there_on is None:
        return None
    later = [day for day in (book.wanted_there_on(claim), book.first_sold_on(claim)) if day is not None]
    if (last_on := max(later, default=there_on)) > there_on:
        return (last_on, NOW)
    return (there_on, phase)


def bundles_of(book: Book, lots: Sequence[Lot], releases_left: Mapping[int, int]) -> list[Bundle]:
    """One order's lots in bundles.

    `releases_left` says, by the most releases that an `up_to` policy allows, how many are left; without a word all.
    """
    group = [lot for lot in lots if lot.claim.group is not None]
    bundles = [bundle(book.road, group, Reason.WAITS_FOR_ORDER)] if group else []
    by_policy: dict[int | None, list[Lot]] = defaultdict(list)
    for lot in lots:
        if lot.claim.group is None:
            terms = lot.claim.parcel_terms
            by_policy[terms.up_to if terms else None].append(lot)
    for most, own in by_policy.items():
        if most is None:
            bundles += [bundle(book.road, atom, Reason.ON_HAND) for atom in _atoms(own)]
        else:
            bundles += _cut(book, _atoms(own), releases_left.get(most, most))
    return bundles


def bundle(road: Road, lots: Sequence[Lot], waits_for: Reason) -> Bundle:
    """Lots that leave together."""
    moments = [lot.there for lot in lots]
    found = estimate(road, [lot.handled for lot in lots])
    if found.delivers_on is None or None in moments:
        return Bundle(tuple(lots), None, None, slips=False, waits_for=waits_for)
    there = max(moment for moment in moments if moment is not None)
    return Bundle(tuple(lots), there, road.latest_shipping_on(found.delivers_on), found.slips, waits_for)


def _atoms(lots: Sequence[Lot]) -> list[list[Lot]]:
    """Lots as they come: each by itself, those of a set of kits kit by kit (kits that are whole together as one)."""
    atoms = [[lot] for lot in lots if lot.claim.kit is None]
    sets: dict[tuple[int, int], dict[int, list[Lot]]] = defaultdict(lambda: defaultdict(list))
    for lot in lots:
        if lot.claim.kit is not None:
            sets[lot.claim.kit.line, lot.claim.kit.nr][lot.claim.id].append(lot)
    for parts in sets.values():
        atoms += _kits(list(parts.values()))
    return atoms


def _kits(parts: list[list[Lot]]) -> list[list[Lot]]:
    """The lots of a set of kits, kit by kit, the earliest first; kits of one moment together."""
    left = [[(lot, lot.peg.units) for lot in sorted(part, key=_by_moment)] for part in parts]
    found: dict[tuple[bool, Moment], dict[Lot, int]] = {}
    while all(left):
        first = [part[0] for part in left]
        kits = min(max(1, units // lot.claim.per_kit) for lot, units in first)
        whole: dict[Lot, int] = defaultdict(int)
        for part in left:
            needed = kits * part[0][0].claim.per_kit
            while needed and part:
                lot, units = part.pop(0)
                taken = min(units, needed)
                whole[lot] += taken
                needed -= taken
                if units > taken:
                    part.insert(0, (lot, units - taken))
        key = max(_by_moment(lot) for lot in whole)
        together = found.setdefault(key, defaultdict(int))
        for lot, units in whole.items():
            together[lot] += units
    return [
        [
            lot if units == lot.peg.units else replace(lot, peg=replace(lot.peg, units=units))
            for lot, units in one.items()
        ]
        for one in found.values()
    ]


def _by_moment(lot: Lot) -> tuple[bool, Moment]:
    return (lot.there is None, lot.there or (date.max, NOW))


# Cuts.


def _cut(book: Book, atoms: list[list[Lot]], parcels: int) -> list[Bundle]:
    """The bundles of an `up_to` group: one a parcel. Without a parcel left nothing of it leaves."""
    if parcels <= 0:
        everything = bundle(book.road, [lot for atom in atoms for lot in atom], Reason.WAITS_FOR_SHIPMENT)
        return [replace(everything, there=None, ships_on=None)]
    by_place: dict[Place, list[Lot]] = defaultdict(list)
    undated: list[Lot] = []
    for atom in atoms:
        whole = bundle(book.road, atom, Reason.WAITS_FOR_SHIPMENT)
        if whole.there is None or whole.ships_on is None:
            undated += atom
        else:
            by_place[_place(book.road, whole.there, whole.ships_on)].extend(atom)
    places = sorted(by_place)
    arrivals = _arrivals(book.road, places, by_place)
    sizes = best_cuts(arrivals, sum(lot.peg.units for lot in undated), parcels, book.lend_days) or [0]
    bundles: list[Bundle] = []
    for size in sizes:
        inside = [lot for place in places[:size] for lot in by_place[place]]
        places = places[size:]
        inside += [] if places or len(bundles) + 1 < len(sizes) else undated
        bundles.append(bundle(book.road, inside, Reason.WAITS_FOR_SHIPMENT))
    return bundles


def _place(road: Road, there: Moment, ships_on: date) -> Place:
    """Where in time a bundle stands; what did not come on its day does not ship on it."""
    return (ships_on, False) if there[1] == NOW else (max(ships_on, road.ships_on(there[0])), True)


def _arrivals(road: Road, places: Sequence[Place], by_place: Mapping[Place, Sequence[Lot]]) -> list[Arrival]:
    """What comes where in time; of a claim that was told for a part of its units the earliest are the told ones."""
    told_left: dict[int, int] = {}
    arrivals: list[Arrival] = []
    for place in places:
        told: dict[date, int] = defaultdict(int)
        for lot in by_place[place]:
            claim, units = lot.claim, lot.peg.units
            left = told_left.setdefault(claim.id, claim.told_units)
            if claim.told_on is not None and left:
                told[road.latest_shipping_on(claim.told_on)] += min(left, units)
                told_left[claim.id] = left - min(left, units)
        arrivals.append(Arrival(place, sum(lot.peg.units for lot in by_place[place]), dict(told)))
    return arrivals
