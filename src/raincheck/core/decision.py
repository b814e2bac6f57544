"""One decision: everything that follows from the facts about some products, ready to be written or shown.

Live operation, batch, preview and drill all call `decide`. It chains the pass, the estimates, what is told and what
may leave, and gives every open unit its reason.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from raincheck.core.admit import Newcomer, Refusal, admit
from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.cards import Cover
from raincheck.core.consent import Window
from raincheck.core.demand import Claim, Party
from raincheck.core.kept_from import NOT_KEPT, KeptFrom, kept_from
from raincheck.core.parcels import ParcelFacts, ParcelPlan, key_of, look_again_at, plan_parcels
from raincheck.core.peg import Peg, PegKind
from raincheck.core.promise import Estimate, Telling, Told, Word, estimate, latest, tell
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.split import Release, in_rank_order, releasable, waiting_groups, without_parts_of
from raincheck.core.supply import SupplyKind


@dataclass(frozen=True, slots=True)
class Standing:
    """What a claim brings along: what its customer was told, and its frozen units with the day they are delivered.

    `handled_by` says, by stock level and whether they were given, when units that it has had reserved were to be
    through the floor.
    """

    told: Told = field(default_factory=Told)
    frozen_units: int = 0
    frozen_delivers_on: date | None = None
    handled_by: Mapping[tuple[int, bool], date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """A book and what else a decision needs to know about its claims.

    Customers of claims that are `told_at_once` (by a rebalance) hear of a changed date without a settling time.
    `releases_left` says for an order and the most releases that its `up_to` policy allows how many it still has.
    Claims that are `unpaid` keep their units and do not leave; the next charge of `declining_lines` is declined.
    `legal_windows` say for a line on which day at the latest a delay must be told. `covers` are of orders that pay by
    card: their units leave only under a live authorisation that covers them.
    """

    at: datetime
    settings: Settings
    book: Book
    standings: Mapping[int, Standing] = field(default_factory=dict)
    held_orders: frozenset[int] = frozenset()
    told_at_once: frozenset[int] = frozenset()
    releases_left: Mapping[tuple[int, int], int] = field(default_factory=dict)
    legal_windows: Mapping[int, Window] = field(default_factory=dict)
    unpaid: frozenset[int] = frozenset()
    declining_lines: frozenset[int] = frozenset()
    covers: Mapping[int, Cover] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds from now on.

    `claims` are all claims of the book after admission, by id; `releases` leave the shelf now (an automatic warehouse
    alone releases by itself); `tellings` are there for every claim. `protected` says what claims would have but for a
    protection. `parcels` are those planned for orders with parcel terms, `parcels_change_at` says when time alone
    changes them, by order. `declined` claims would leave now but for their payment; orders that are `uncovered` would
    but for an authorisation: the amount that it lacks.
    """

    claims: Mapping[int, Claim]
    accepted: tuple[Claim, ...]
    refused: tuple[Refusal, ...]
    pegs: Pegs
    estimates: Mapping[int, Estimate]
    tellings: Mapping[int, Telling]
    releases: tuple[Release, ...]
    waiting_groups: frozenset[int]
    protected: Mapping[int, KeptFrom] = field(default_factory=dict)
    parcels: ParcelPlan = field(default_factory=ParcelPlan)
    parcels_change_at: Mapping[int, datetime] = field(default_factory=dict)
    declined: frozenset[int] = frozenset()
    uncovered: Mapping[int, Decimal] = field(default_factory=dict)


def decide(facts: Facts, newcomers: Iterable[Newcomer] = ()) -> Decision:
    """Decides on all claims of the facts, with newcomers admitted or refused."""
    asking = list(newcomers)
    if asking:
        admission = admit(facts.book, asking)
        ids = {newcomer.claim.id for newcomer in asking}
        claims = tuple(c for c in facts.book.claims if c.id not in ids) + admission.accepted
        accepted, refused, pegs = admission.accepted, admission.refused, admission.pegs
    else:
        claims, accepted, refused, pegs = facts.book.claims, (), (), allocate(facts.book)
    return conclude(facts, claims, pegs, accepted, refused)


def conclude(
    facts: Facts,
    claims: tuple[Claim, ...],
    pegs: Pegs,
    accepted: tuple[Claim, ...] = (),
    refused: tuple[Refusal, ...] = (),
) -> Decision:
    """What follows from who has which units, whether the pass gave them or a rebalance: dates, words, parcels."""
    book = facts.book.with_claims(claims)
    parcels = _planned(facts, claims, pegs)
    ready = _ready(facts, book, pegs, parcels)
    declined = _declined_now(facts, ready)
    if declined:
        # What is declined now stays, as it will at the next look: its parcels are planned without it.
        parcels = _planned(replace(facts, unpaid=facts.unpaid | declined), claims, pegs)
        ready = _ready(facts, book, pegs, parcels)
    uncovered = _uncovered(facts, ready)
    bare = frozenset(release.claim.id for release in ready if release.claim.order in uncovered)
    leaves = without_parts_of(ready, facts.unpaid | declined | bare)
    releases = tuple(leaves) if facts.settings.warehouse == "automatic" else ()
    estimates = _estimates(facts, claims, pegs, parcels)
    leaving = leaving_now(facts, releases)
    tellings = {
        claim.id: _telling(facts, claim, estimates[claim.id], leaves_now=leaving[claim.id] == claim.units)
        if claim.id not in facts.unpaid | declined
        else _nothing_to_tell(facts, claim)
        for claim in claims
    }
    by_id = {claim.id: claim for claim in claims}
    told_on = {id_: tellings[id_].told.told_on for id_ in parcels.waits_at}
    return Decision(
        claims=by_id,
        accepted=accepted,
        refused=refused,
        pegs=pegs,
        estimates=estimates,
        tellings=tellings,
        releases=releases,
        waiting_groups=waiting_groups(book, pegs),
        protected=kept_from(book, pegs),
        parcels=parcels,
        parcels_change_at=look_again_at(book, facts.at, parcels, by_id, told_on),
        declined=declined,
        uncovered=uncovered,
    )


def _ready(facts: Facts, book: Book, pegs: Pegs, parcels: ParcelPlan) -> list[Release]:
    """What could leave now, in rank order: what goes as it comes, and the parcels that are planned for now."""
    as_they_come = book.with_claims(tuple(claim for claim in book.claims if claim.parcel_terms is None))
    return in_rank_order([*releasable(as_they_come, pegs, facts.held_orders), *parcels.releases])


def _uncovered(facts: Facts, ready: Iterable[Release]) -> dict[int, Decimal]:
    """Orders of which units would leave, or stand in parcels, that no authorisation covers: the amount missing."""
    units: dict[int, dict[int, int]] = {order: defaultdict(int) for order in facts.covers}
    for release in ready:
        if release.claim.order in units and release.claim.is_counted:
            units[release.claim.order][release.claim.line] += release.peg.units // release.claim.per_kit
    found = {order: facts.covers[order].missing(by_line) for order, by_line in units.items()}
    return {order: missing for order, missing in found.items() if missing is not None}


def _declined_now(facts: Facts, ready: Collection[Release]) -> frozenset[int]:
    """Claims that an automatic warehouse would hand over at this very instant if their charge were not declined.

    Nothing is charged of what no authorisation covers: there it is the authorisation that is declined.
    """
    if not facts.declining_lines or facts.settings.warehouse != "automatic" or facts.settings.handling_days:
        return frozenset()
    bare = _uncovered(facts, ready)
    charged = (
        one
        for one in _handed_over_now(facts, ready)
        if one.claim.line in facts.declining_lines and one.claim.order not in bare
    )
    return frozenset(release.claim.id for release in charged if release.claim.id not in facts.unpaid)


def _planned(facts: Facts, claims: tuple[Claim, ...], pegs: Pegs) -> ParcelPlan:
    """The parcels of orders with parcel terms."""
    stays = facts.settings.warehouse == "manual"
    handled = partial(_as_handled, facts)
    parcel_facts = ParcelFacts(facts.at, facts.releases_left, facts.held_orders, handled, stays, facts.unpaid)
    return plan_parcels(facts.book, claims, pegs, parcel_facts)


def expectations(facts: Facts, claims: tuple[Claim, ...], pegs: Pegs) -> Mapping[int, Estimate]:
    """When each claim would be there, without what is told of it: what a preview compares."""
    return _estimates(facts, claims, pegs, _planned(facts, claims, pegs))


def reason_of(facts: Facts, decision: Decision, claim: Claim, peg: Peg) -> Reason:
    """Why the units of a peg are where they are."""
    if facts.book.is_preorder(claim):
        return Reason.NO_DATE if peg.ships_on is None else Reason.NOT_YET_AVAILABLE
    if claim.waits_for_payment:
        return Reason.PAYMENT_FAILED
    if peg.kind is PegKind.STOCK:
        if claim.order in facts.held_orders:
            return Reason.HELD
        if claim.id in facts.unpaid | decision.declined:
            return Reason.PAYMENT_FAILED
        leaving = decision.parcels.leaving.get(key_of(peg))
        if leaving is not None and leaving.waits_for is not None:
            return leaving.waits_for
        return _why_it_stays(facts.book, decision, claim)
    if decision.protected.get(claim.id, NOT_KEPT).is_why(decision.pegs[claim.id], peg):
        return Reason.PROTECTED
    if peg.ships_on is None:
        return Reason.NO_DATE
    if peg.supply is None:
        return Reason.LEAD_TIME
    return Reason.PEGGED_TO_TRANSFER if peg.supply.kind is SupplyKind.TRANSFER else Reason.PEGGED_TO_INBOUND


def _why_it_stays(book: Book, decision: Decision, claim: Claim) -> Reason:
    """Why stock on hand does not leave: what it waits for last."""
    waits_for_order = claim.group in decision.waiting_groups
    wanted_ships_on = book.wanted_ships_on(claim)
    if wanted_ships_on is None:
        return Reason.WAITS_FOR_ORDER if waits_for_order else Reason.ON_HAND
    delivers_on = decision.estimates[claim.id].delivers_on
    is_in_time = delivers_on is not None and delivers_on <= book.road.delivers_on(wanted_ships_on)
    return Reason.WAITS_FOR_ORDER if waits_for_order and not is_in_time else Reason.NOT_YET_WANTED


def _estimates(facts: Facts, claims: tuple[Claim, ...], pegs: Pegs, parcels: ParcelPlan) -> dict[int, Estimate]:
    """Each claim's estimate; the claims of a group, and the parts of a set of kits, share one.

    That of a claim whose parcels are planned is the last of them.
    """
    parties: dict[Party, list[Claim]] = defaultdict(list)
    for claim in claims:
        parties[claim.party].append(claim)
    estimates: dict[int, Estimate] = {}
    for party in parties.values():
        if party[0].id in parcels.estimates:
            found = latest(parcels.estimates[claim.id] for claim in party)
        else:
            found = estimate(facts.book.road, [_as_handled(facts, peg) for claim in party for peg in pegs[claim.id]])
        frozen = [facts.standings[c.id].frozen_delivers_on for c in party if c.id in facts.standings]
        last_frozen_on = max((day for day in frozen if day is not None), default=None)
        if found.delivers_on is not None and last_frozen_on is not None and last_frozen_on > found.delivers_on:
            found = Estimate(last_frozen_on, slips=False, lead_time_units=found.lead_time_units)
        for claim in party:
            own = sum(peg.units for peg in pegs[claim.id] if peg.kind is PegKind.LEAD_TIME)
            estimates[claim.id] = Estimate(found.delivers_on, found.slips, own if found.lead_time_units else 0)
    return estimates


def _as_handled(facts: Facts, peg: Peg) -> Peg:
    """A peg with the day on which its units leave a floor that works by hand: handling began when they were reserved.

    They can leave today even if that day has passed; an automatic warehouse begins its handling at the release.
    """
    if facts.settings.warehouse != "manual" or peg.kind is not PegKind.STOCK or peg.supply is None:
        return peg
    standing = facts.standings.get(peg.claim)
    handled_by = standing.handled_by.get((peg.supply.id, peg.given_by is not None)) if standing else None
    if handled_by is None or peg.ships_on is None or handled_by >= peg.ships_on:
        return peg
    ships_on = max(handled_by, facts.book.today)
    return replace(
        peg, ships_on=ships_on, supply=replace(peg.supply, ships_on=ships_on, slips=ships_on == facts.book.today)
    )


def leaving_now(facts: Facts, releases: Iterable[Release]) -> dict[int, int]:
    """Units of each claim that reach the carrier at this very instant; kits once all their parts can."""
    leaving: dict[int, int] = defaultdict(int)
    if facts.settings.handling_days == 0:
        for release in _handed_over_now(facts, releases):
            leaving[release.claim.id] += release.peg.units
    return leaving


def _handed_over_now(facts: Facts, releases: Iterable[Release]) -> list[Release]:
    """Those of some releases that their site hands over at this instant; kits once all their parts can go."""
    going = list(releases)
    later = {one.claim.kit.line for one in going if one.claim.kit and not leaves_at_once(facts, one.peg)}
    return [
        one
        for one in going
        if leaves_at_once(facts, one.peg) and not (one.claim.kit is not None and one.claim.kit.line in later)
    ]


def leaves_at_once(facts: Facts, peg: Peg) -> bool:
    """Whether units that are released now need not wait for their handling, nor for their site to hand over."""
    return peg.supply is not None and facts.book.road_by(peg.supply.site).leaves_at(facts.at) == facts.at


def _nothing_to_tell(facts: Facts, claim: Claim) -> Telling:
    """What waits for its customer's money keeps the day told, and nothing is said of other days."""
    return Telling(None, facts.standings.get(claim.id, Standing()).told, None)


def _telling(facts: Facts, claim: Claim, now_known: Estimate, *, leaves_now: bool) -> Telling:
    standing = facts.standings.get(claim.id, Standing())
    settings = facts.settings
    units = claim.units + standing.frozen_units
    if leaves_now and standing.told.told_on is not None:
        return Telling(None, standing.told, None)
    settle_minutes = 0 if claim.id in facts.told_at_once else settings.settle_minutes
    window = facts.legal_windows.get(claim.line)
    telling = tell(standing.told, now_known, units, facts.at, settle_minutes, tighten=settings.tighten, window=window)
    if leaves_now and telling.word is Word.FIRST_DATE:
        return Telling(None, telling.told, None)
    return telling
