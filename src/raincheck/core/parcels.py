"""Which parcels there will be: what goes now, what waits for which reason, and when it is with the carrier.

Step 7 of the pass (contract, section 3) for orders with parcel terms: at most N parcels (core.cuts, core.bundles), a
minimum (core.minimum), a merge window. It moves no pegs. Of all other orders everything goes as it comes (core.split).

- Policy says which units leave together and from when on, then the minimum holds small parcels back, then what could go
  waits in its recipient's merge window.
- The window of a recipient (a customer at one address, or an order without a customer) is open while any of their
  released units wait, and ends for all of them at the first instant at which one of them has waited its `merge_hours`.
  Held orders stand outside.
- Neither the minimum nor the window delays units past the day told: they go at its last moment at the latest. Units
  whose told day has passed wait for nothing.
- Dates assume that what comes on a day comes as it begins, and waits its `merge_hours` from then.

Cost: that of the cuts for each `up_to` group; else a few walks over the lots of each order with parcel terms.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from raincheck.core.book import Book
from raincheck.core.bundles import (
    ENDING,
    NOW,
    Bundle,
    Lot,
    Moment,
    bundles_of,
    last_moment,
    last_release_on,
    lots_of,
)
from raincheck.core.calendar import Road
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.minimum import departures
from raincheck.core.peg import Peg, PegKind
from raincheck.core.promise import Estimate
from raincheck.core.reason import Reason
from raincheck.core.split import Release, in_rank_order
from raincheck.core.supply import SupplyKey

PegKey = tuple[int, PegKind, SupplyKey | None]
"""(claim, kind, supply): names a peg of a decision."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """When units of a peg are with the carrier (None: nobody knows), and why they do not go although they lie here.

    `at_any_time`: nothing keeps them but a hold or the floor.
    """

    ships_on: date | None
    waits_for: Reason | None
    at_any_time: bool = False


@dataclass(frozen=True, slots=True)
class ParcelPlan:
    """The parcels of all orders with parcel terms in a book.

    `releases` may go now. `ready_since` is there for claims in a merge window. `window_ends_at` says when it ends, by
    order; `waits_at` from which sites units that lie here do not go now, by claim. `shares_with` says whose parcels the
    units of an order may share. `out_of_parcels` are orders of which units are left and no parcel: a matter for a
    person.
    """

    releases: tuple[Release, ...] = ()
    leaving: Mapping[PegKey, Leaving] = field(default_factory=dict)
    estimates: Mapping[int, Estimate] = field(default_factory=dict)
    ready_since: Mapping[int, datetime] = field(default_factory=dict)
    window_ends_at: Mapping[int, datetime] = field(default_factory=dict)
    waits_at: Mapping[int, frozenset[int]] = field(default_factory=dict)
    shares_with: Mapping[int, str] = field(default_factory=dict)
    out_of_parcels: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """What a plan must know beyond the book.

    `releases_left` says for an order and the most releases that its `up_to` policy allows how many are left. `handled`
    gives a peg the day on which the floor is done with it. `stays` says that what is released stays on the shelf until
    the floor takes it. `unpaid` claims are held, and what leaves with them.
    """

    at: datetime
    releases_left: Mapping[tuple[int, int], int] = field(default_factory=dict)
    held_orders: Collection[int] = frozenset()
    handled: Callable[[Peg], Peg] = lambda peg: peg
    stays: bool = False
    unpaid: Collection[int] = frozenset()


def key_of(peg: Peg) -> PegKey:
    """Names a peg of a decision."""
    return (peg.claim, peg.kind, peg.supply.key if peg.supply is not None else None)


def plan_parcels(
    book: Book, claims: Iterable[Claim], pegs: Mapping[int, Sequence[Peg]], facts: ParcelFacts
) -> ParcelPlan:
    """Plans the parcels of claims with parcel terms. Of an order all claims must be there, or none."""
    by_order: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.parcel_terms is not None:
            by_order[claim.order].append(claim)
    if not by_order:
        return ParcelPlan()
    orders = [_Order(book, facts, order, own, pegs) for order, own in sorted(by_order.items())]
    windows: dict[str, datetime] = {}
    for order in orders:
        for ends_at in order.patience.values():
            windows[order.recipient] = min(windows.get(order.recipient, ends_at), ends_at)
    for order in orders:
        if order.patience and windows[order.recipient] > facts.at:
            order.wait_until(windows[order.recipient])
    releases = [Release(lot.claim, lot.peg) for order in orders for one in order.going() for lot in one.lots]
    return ParcelPlan(
        releases=tuple(in_rank_order(releases)),
        leaving={key: leaving for order in orders for key, leaving in order.leaving().items()},
        estimates={claim: found for order in orders for claim, found in order.estimates().items()},
        ready_since={claim: since for order in orders for claim, since in order.ready_since().items()},
        window_ends_at={order.id: order.until for order in orders if order.until is not None},
        waits_at={claim: sites for order in orders for claim, sites in order.waits_at().items()},
        shares_with={order.id: order.recipient for order in orders if order.merges},
        out_of_parcels=frozenset(order.id for order in orders if order.is_out_of_parcels),
    )


def look_again_at(
    book: Book, at: datetime, plan: ParcelPlan, claims: Mapping[int, Claim], told_on: Mapping[int, date | None]
) -> dict[int, datetime]:
    """When time alone changes a plan, by order: a merge window ends, or the last moment comes to keep a told day.

    `told_on` is the day that binds once this decision is written, by claim.
    """
    instants: dict[int, list[datetime]] = defaultdict(list)
    for order, ends_at in plan.window_ends_at.items():
        instants[order].append(ends_at)
    for claim, sites in plan.waits_at.items():
        if (day := told_on[claim]) is not None:
            roads = [book.road_by(site) for site in sorted(sites)]
            instants[claims[claim].order] += [last_moment(road, last_release_on(road, day)) for road in roads]
    soonest = {order: min((one for one in own if one > at), default=None) for order, own in instants.items()}
    return {order: one for order, one in soonest.items() if one is not None}


@dataclass(slots=True)
class _Departure:
    """What becomes of a bundle: released at a moment, with the carrier on a day (None: nobody knows)."""

    at: Moment | None
    ships_on: date | None
    slips: bool
    waits_for: Reason | None
    goes: bool = False


class _Order:
    """The working copy of one order's plan. `patience` says until when each bundle that could go now would wait."""

    def __init__(
        self, book: Book, facts: ParcelFacts, order: int, claims: list[Claim], pegs: Mapping[int, Sequence[Peg]]
    ) -> None:
        self.id = order
        self._book, self._facts = book, facts
        self._held = order in facts.held_orders
        self.until: datetime | None = None
        self.merges = any(_terms(claim).merge_hours for claim in claims)
        self.recipient = _terms(claims[0]).recipient
        left = {most: units for (its, most), units in facts.releases_left.items() if its == order}
        ends = {most for most, units in left.items() if units <= 0}
        self.is_out_of_parcels = any(_terms(claim).up_to in ends for claim in claims)
        self._bundles = bundles_of(book, lots_of(book, claims, pegs, facts.handled, facts.at), left)
        self._told_by = {nr: day for nr, one in enumerate(self._bundles) if (day := self._last_day(one)) is not None}
        is_over = facts.at >= last_moment(book.road, book.today)
        self._now: Moment = (book.today, ENDING if is_over else NOW)
        self._unpaid = {
            nr for nr, one in enumerate(self._bundles) if any(lot.claim.id in facts.unpaid for lot in one.lots)
        }
        leaves = departures(self._bundles, self._told_by, self._now, self._unpaid)
        self._departures = [self._departure(nr, leaves) for nr in range(len(self._bundles))]
        self.patience = {
            nr: self._patience(nr) for nr, leaves in enumerate(self._departures) if self.merges and leaves.goes
        }
        if self.merges:
            self._expect_the_window()

    def _road(self, lot: Lot) -> Road:
        return self._book.road_by(lot.site)

    def _last_day(self, one: Bundle) -> date | None:
        """The last day of release on which all that was told of a bundle is met."""
        days = [
            last_release_on(self._road(lot), lot.claim.told_on)
            for lot in one.lots
            if lot.claim.told_on is not None and lot.claim.told_units
        ]
        return min(days, default=None)

    # The minimum.

    def _departure(self, nr: int, leaves: Mapping[int, Moment]) -> _Departure:
        one = self._bundles[nr]
        if nr in self._unpaid:
            return _Departure(one.there, one.ships_on, one.slips, None if one.here else one.waits_for)
        moment = leaves.get(nr)
        if moment is None or one.there is None or one.ships_on is None:
            why = one.waits_for if one.there is None else Reason.BELOW_MINIMUM_SHIPMENT
            return _Departure(None, None, False, why)
        if moment <= self._now and one.here:
            return _Departure(moment, one.ships_on, one.slips, None, goes=not self._held)
        if moment <= max(one.there, self._now):
            return _Departure(moment, one.ships_on, one.slips, one.waits_for)
        beside = [self._bundles[other] for other, when in leaves.items() if when == moment]
        slips = all(other.slips for other in beside if other.there == moment) and moment[1] != ENDING
        ships_on = max(one.ships_on, *(self._road(lot).ships_on(moment[0]) for lot in one.lots))
        why = Reason.BELOW_MINIMUM_SHIPMENT if one.here else one.waits_for
        return _Departure(moment, ships_on, slips, why)

    # The merge window.

    def _patience(self, nr: int) -> datetime:
        """Until when a bundle that could go now waits for others, if nobody ends it sooner."""
        lots, told_by = self._bundles[nr].lots, self._told_by.get(nr)
        until = min(self._since(lot.claim) + timedelta(hours=_terms(lot.claim).merge_hours) for lot in lots)
        if told_by is None:
            return until
        if told_by < self._book.today:
            return self._facts.at
        ships_by = min(
            self._road(lot).latest_shipping_on(lot.claim.told_on)
            for lot in lots
            if lot.claim.told_on is not None and lot.claim.told_units
        )
        roads = [self._road(lot) for lot in lots]
        return min([until, *(last_moment(road, told_by) for road in roads if road.ships_on_from(until) > ships_by)])

    def _since(self, claim: Claim) -> datetime:
        return _terms(claim).ready_since or self._facts.at

    def wait_until(self, ends_at: datetime) -> None:
        """What could go now waits for others until the window ends."""
        self.until = ends_at
        for nr in self.patience:
            lots = self._bundles[nr].lots
            leaves = self._departures[nr]
            day = max(self._road(lot).ships_on_from(ends_at) for lot in lots)
            leaves.ships_on = day if leaves.ships_on is None else max(leaves.ships_on, day)
            leaves.goes, leaves.slips, leaves.waits_for = False, False, Reason.MERGING

    def _expect_the_window(self) -> None:
        """What comes later is expected to wait its merge hours from the start of its day, within the day told."""
        calendar = self._book.road.calendar
        for nr, (one, leaves) in enumerate(zip(self._bundles, self._departures, strict=True)):
            if leaves.at is None or leaves.ships_on is None or leaves.at <= self._now:
                continue
            hours = min(_terms(lot.claim).merge_hours for lot in one.lots)
            day = calendar.day_of(calendar.start_of(leaves.at[0]) + timedelta(hours=hours))
            if nr in self._told_by:
                day = max(leaves.at[0], min(day, self._told_by[nr]))
            if day > leaves.at[0]:
                ships_on = max(self._road(lot).ships_on(day) for lot in one.lots)
                leaves.slips = leaves.slips and ships_on <= leaves.ships_on
                leaves.ships_on = max(leaves.ships_on, ships_on)

    # The outcome.

    def going(self) -> list[Bundle]:
        """What goes now."""
        return [one for one, leaves in zip(self._bundles, self._departures, strict=True) if leaves.goes]

    def leaving(self) -> dict[PegKey, Leaving]:
        """What becomes of each peg; of one that leaves in several parts, of the last."""
        found: dict[PegKey, Leaving] = {}
        for lot, leaves in self._lots():
            waits_for = leaves.waits_for if lot.here and leaves.waits_for is not Reason.ON_HAND else None
            new, key = Leaving(leaves.ships_on, waits_for, lot.here and waits_for is None), key_of(lot.peg)
            found[key] = max(found.get(key, new), new, key=lambda one: one.ships_on or date.max)
        return found

    def estimates(self) -> dict[int, Estimate]:
        """Each claim's estimate: when the last of its parcels is delivered."""
        by_claim: dict[int, list[tuple[Lot, _Departure]]] = defaultdict(list)
        for lot, leaves in self._lots():
            by_claim[lot.claim.id].append((lot, leaves))
        return {claim: _estimate(self._book, own) for claim, own in by_claim.items()}

    def ready_since(self) -> dict[int, datetime]:
        """Since when the claims that stand in a merge window could go."""
        stays = {nr for nr in self.patience if self._facts.stays or not self._departures[nr].goes}
        return {lot.claim.id: self._since(lot.claim) for nr in stays for lot in self._bundles[nr].lots}

    def waits_at(self) -> dict[int, frozenset[int]]:
        """Where units of each claim lie that do not go now."""
        sites: dict[int, set[int]] = defaultdict(set)
        for lot, leaves in self._lots():
            if lot.here and not leaves.goes:
                sites[lot.claim.id].add(lot.site)
        return {claim: frozenset(own) for claim, own in sites.items()}

    def _lots(self) -> Iterable[tuple[Lot, _Departure]]:
        for one, leaves in zip(self._bundles, self._departures, strict=True):
            for lot in one.lots:
                yield lot, leaves


def _terms(claim: Claim) -> ParcelTerms:
    return claim.parcel_terms or ParcelTerms()


def _estimate(book: Book, own: Sequence[tuple[Lot, _Departure]]) -> Estimate:
    days = [leaves.ships_on for _, leaves in own]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return Estimate(None, slips=False, lead_time_units=0)
    last_on = max(known)
    slips = all(leaves.slips for _, leaves in own if leaves.ships_on == last_on)
    by_lead_time = sum(lot.peg.units for lot, _ in own if lot.peg.kind is PegKind.LEAD_TIME)
    return Estimate(book.road.delivers_on(last_on), slips, by_lead_time)
