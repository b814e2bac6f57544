"""What a rebalance looks at, as rows: which lines its segments can mean, and what everybody has now."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from raincheck.core.kits import as_sold
from raincheck.core.peg import Peg, PegKind, peg_to
from raincheck.core.strategy import Request, Segment, Strategy
from raincheck.store.db import rows
from raincheck.store.protections import TIER_OF_ORDER
from raincheck.store.snapshot import PegRow, Snapshot

Pegs = dict[int, list[Peg]]

_COLUMNS = {
    "product": "p.sku",
    "customer": "u.code",
    "category": "p.category",
    "tier": TIER_OF_ORDER,
    "channel": "o.channel",
    "order": "o.ref",
}
"""What segments may ask of a line. No order is bound to a site, so a segment that asks for one means no line."""

_JOINS = """JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
            LEFT JOIN customer u ON u.id = o.customer_id"""


def products_meant(request: Request) -> list[int]:
    """The products whose books a rebalance touches: of every open line that one of its segments can mean."""
    segments = [*request.segments, *(request.fallback or ())]
    meant = [_condition(segment) for segment in segments if segment.strategy is not Strategy.SKIP]
    conditions = [found for found in meant if found is not None]
    if not conditions:
        return []
    text = " OR ".join(f"({condition})" for condition, _ in conditions)
    params = [value for _, values in conditions for value in values]
    found = rows(
        f"""SELECT DISTINCT c.product_id FROM claim c
            JOIN order_line l ON l.order_id = c.order_id AND l.id = c.line_id {_JOINS}
            WHERE c.units > 0 AND ({text}) ORDER BY 1""",  # noqa: S608 - conditions of our own, values bound
        params,
    )
    return [product for (product,) in found]


def _condition(segment: Segment) -> tuple[str, list[str]] | None:
    """A segment's conditions on a line in SQL, with their values; None if it can mean no line."""
    if any(name not in _COLUMNS for name in segment.when):
        return None
    parts = [f"{_COLUMNS[name]} = %s" for name in segment.when]
    return " AND ".join(parts) or "true", list(segment.when.values())


def lines_meant(snapshot: Snapshot, request: Request, at: datetime) -> dict[int, dict[str, str | None]]:
    """What segments may ask of the lines of a snapshot: line -> condition -> value.

    Lines that a rebalance touched too short a time ago are left out.
    """
    lines = sorted({claim.line for claim in snapshot.facts.book.claims})
    since = at - timedelta(hours=request.cool_down_hours)
    found = rows(
        f"""SELECT l.id, {", ".join(_COLUMNS.values())} FROM order_line l {_JOINS}
            WHERE l.id = ANY(%s) AND NOT (%s AND EXISTS (
                SELECT 1 FROM claim c JOIN fact f ON f.id = c.place_by_id
                WHERE c.order_id = l.order_id AND c.line_id = l.id AND f.at > %s))
            ORDER BY l.id""",  # noqa: S608 - columns of our own
        [lines, request.cool_down_hours > 0, since],
    )
    return {line: dict(zip(_COLUMNS, (value or None for value in values), strict=True)) for line, *values in found}


def pegs_as_they_are(snapshot: Snapshot) -> Pegs:
    """What every claim has now, with its supply as of today; what has no supply any more is undated."""
    book = snapshot.facts.book
    by_key = {supply.key: supply for supply in book.supplies}
    left = {supply.key: supply.units for supply in book.supplies}
    by_claim: dict[int, list[PegRow]] = defaultdict(list)
    for row in snapshot.pegs:
        if row.shipment_line is None and row.given_by is None:
            by_claim[row.claim].append(row)
    given: dict[int, list[tuple[tuple[bool, int], int, int | None]]] = defaultdict(list)
    for tie in book.given:
        given[tie.claim].append((tie.supply, tie.units, tie.fact))
        left[tie.supply] -= tie.units
    pegs: Pegs = {}
    for claim in book.claims:
        not_before = book.wanted_ships_on(claim)
        open_units = claim.units
        found: list[Peg] = []
        ties = given[claim.id] + [
            ((row.kind is not PegKind.STOCK, row.source), row.units, None)
            for row in by_claim[claim.id]
            if row.source is not None
        ]
        for key, wanted, fact in ties:
            units = min(wanted, open_units, left.get(key, 0) if fact is None else wanted)
            if units > 0:
                supply = as_sold(book, claim, by_key[key])
                found.append(replace(peg_to(claim.id, units, supply, not_before), given_by=fact))
                left[key] -= units if fact is None else 0
                open_units -= units
        for row in by_claim[claim.id]:
            if row.kind is PegKind.LEAD_TIME and open_units:
                units = min(row.units, open_units)
                found.append(Peg(claim.id, units, PegKind.LEAD_TIME, None, row.ships_on))
                open_units -= units
        if open_units:
            found.append(Peg(claim.id, open_units, PegKind.NONE, None, None))
        pegs[claim.id] = found
    return pegs
