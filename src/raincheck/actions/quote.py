"""Quote: what an order would get, holding nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from raincheck.actions.asking import check_lines, look_up, new_lines, newcomers_of
from raincheck.actions.terms import OrderRequest
from raincheck.core.decision import Decision, Facts, decide, reason_of
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind
from raincheck.core.reason import Reason
from raincheck.store.company import read_company
from raincheck.store.db import rows
from raincheck.store.lines import NewLine
from raincheck.store.locks import Locked, closure_of, database_now
from raincheck.store.snapshot import load


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of a line that come together. `source` is on_hand, an inbound's ref, lead_time, none or refused."""

    units: int
    source: str
    on: date | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What a line would get: the row it would be, and its pieces, the earliest first."""

    sku: str
    row: NewLine
    pieces: list[Piece]


def quote(request: OrderRequest, at: datetime | None = None) -> dict[str, list[Piece]]:
    """The pieces of each line, the earliest first. Locks and writes nothing, so nobody waits for it.

    Raises as `place_order` does for products, customers and lines that make no sense.
    """
    return {line.sku: line.pieces for line in quote_lines(request, at)}


def quote_lines(request: OrderRequest, at: datetime | None = None) -> list[QuotedLine]:
    """Each line with its figures and pieces, in the order asked; as `quote`."""
    check_lines(request)
    with transaction.atomic():
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        products = closure_of({asking.products[line.sku].id for line in request.lines})
        seen = Locked(tuple(sorted(products)), at or database_now())
        snapshot = load(seen, settings)
        newcomers = newcomers_of(asking, settings, seen.at)
        decision = decide(snapshot.facts, newcomers)
        refs = _inbound_refs(decision)
    quoted: list[QuotedLine] = []
    lines = new_lines(asking, snapshot, decision, newcomers)
    for newcomer, asked, line in zip(newcomers, request.lines, lines, strict=True):
        accepted = decision.claims.get(newcomer.claim.id)
        pieces = _pieces(snapshot.facts, decision, accepted, refs) if accepted else []
        refused = [r for r in decision.refused if r.claim == newcomer.claim.id]
        pieces += [Piece(r.units, "refused", None, r.reason) for r in refused]
        quoted.append(QuotedLine(asked.sku, line, pieces))
    return quoted


def _pieces(facts: Facts, decision: Decision, claim: Claim, refs: dict[int, str]) -> list[Piece]:
    """One piece for each source and day: stock of several sites is one piece."""
    merged: dict[tuple[date, str], Piece] = {}
    road = facts.book.road
    for peg in decision.pegs[claim.id]:
        on = None if peg.ships_on is None else road.delivers_on(peg.ships_on)
        source = _source(peg, refs)
        key = (on or date.max, source)
        units = peg.units + (merged[key].units if key in merged else 0)
        merged[key] = Piece(units, source, on, reason_of(facts, decision, claim, peg))
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], key[1] != "on_hand", key[1]))]


def _source(peg: Peg, refs: dict[int, str]) -> str:
    if peg.kind is PegKind.STOCK:
        return "on_hand"
    return refs[peg.supply.id] if peg.supply is not None else peg.kind.value


def _inbound_refs(decision: Decision) -> dict[int, str]:
    lines = {p.supply.id for pegs in decision.pegs.values() for p in pegs if p.kind is PegKind.INBOUND and p.supply}
    found = rows(
        "SELECT l.id, i.ref FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id WHERE l.id = ANY(%s)",
        [sorted(lines)],
    )
    return dict(found)
