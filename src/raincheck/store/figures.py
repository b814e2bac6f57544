"""What an order line shows after a decision: its quantities, the reason and dates of its open units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from raincheck.core.decision import Decision, leaves_at_once, leaving_now, reason_of
from raincheck.core.parcels import key_of
from raincheck.core.peg import Peg, PegKind
from raincheck.core.promise import Told
from raincheck.core.reason import Reason
from raincheck.store.kit_figures import kit_quantities
from raincheck.store.snapshot import PegRow, Snapshot


@dataclass(frozen=True, slots=True)
class LineFigures:
    """`reason`, `promise_on` and `expected_on` speak of units that stay open; `reserved` still holds those leaving now.

    `reason` is None when no unit stays open and none leaves: then the reason of what ended last stands.
    """

    reserved: int = 0
    backordered: int = 0
    preordered: int = 0
    reason: Reason | None = None
    promise_on: date | None = None
    expected_on: date | None = None
    first_promise_on: date | None = None


def line_figures(snapshot: Snapshot, decision: Decision, lines: Iterable[int]) -> dict[int, LineFigures]:
    """The figures of some lines of the snapshot or of newcomers."""
    wanted = set(lines)
    claims: dict[int, list[int]] = defaultdict(list)
    for claim in decision.claims.values():
        if claim.line in wanted:
            claims[claim.line].append(claim.id)
    for row in snapshot.claims.values():
        if row.line in wanted and row.id not in decision.claims:
            claims[row.line].append(row.id)
    frozen: dict[int, list[PegRow]] = defaultdict(list)
    for peg in snapshot.pegs:
        if peg.shipment_line is not None:
            frozen[peg.claim].append(peg)
    leaving = leaving_now(snapshot.facts, decision.releases)
    return {line: _figures(snapshot, decision, claims[line], frozen, leaving) for line in wanted}


_LAST = {PegKind.STOCK: 0, PegKind.INBOUND: 1, PegKind.LEAD_TIME: 2, PegKind.NONE: 3}


def _figures(
    snapshot: Snapshot,
    decision: Decision,
    claims: list[int],
    frozen: Mapping[int, list[PegRow]],
    leaving: Mapping[int, int],
) -> LineFigures:
    reserved = backordered = preordered = 0
    last: tuple[tuple[date, int], Reason] | None = None
    told_dates: list[date | None] = []
    open_told: list[date | None] = []
    expected: list[date | None] = []
    for id_ in claims:
        claim = decision.claims.get(id_)
        told = _told(snapshot, decision, id_)
        told_dates.append(told.told_on)
        stays_open = False
        for row in frozen.get(id_, ()):
            reserved += row.units
            stays_open = True
            day = row.frozen_delivers_on or date.max
            expected.append(row.frozen_delivers_on)
            last = max(last or ((date.min, -1), Reason.ON_HAND), ((day, 0), Reason.ON_HAND), key=lambda item: item[0])
        if claim is not None:
            for peg in decision.pegs[id_]:
                if snapshot.facts.book.is_preorder(claim):
                    preordered += peg.units
                elif peg.kind is PegKind.STOCK:
                    reserved += peg.units
                else:
                    backordered += peg.units
                if not _leaves(snapshot, decision, peg, leaving):
                    stays_open = True
                    key = (peg.ships_on or date.max, _LAST[peg.kind])
                    reason = reason_of(snapshot.facts, decision, claim, peg)
                    last = max(last or ((date.min, -1), reason), (key, reason), key=lambda item: item[0])
            if stays_open:
                expected.append(decision.estimates[id_].delivers_on)
        if stays_open:
            open_told.append(told.told_on)
    in_kits = kit_quantities(snapshot, decision, claims, frozen)
    return LineFigures(
        *(in_kits or (reserved, backordered, preordered)),
        reason=last[1] if last else (Reason.SHIPPED if any(leaving.get(id_) for id_ in claims) else None),
        promise_on=None if None in expected else _latest(open_told),
        expected_on=_latest(expected),
        first_promise_on=_latest(told_dates),
    )


def _leaves(snapshot: Snapshot, decision: Decision, peg: Peg, leaving: Mapping[int, int]) -> bool:
    if peg.kind is not PegKind.STOCK or not leaving.get(peg.claim):
        return False
    planned = decision.parcels.leaving.get(key_of(peg))
    return (planned is None or planned.waits_for is None) and leaves_at_once(snapshot.facts, peg)


def _told(snapshot: Snapshot, decision: Decision, claim: int) -> Told:
    if claim in decision.tellings:
        return decision.tellings[claim].told
    return snapshot.claims[claim].told


def _latest(days: list[date | None]) -> date | None:
    """The latest of some days; None if one is missing or there is none."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
