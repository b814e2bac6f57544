"""Quote: what an order would get, holding nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from raincheck.actions.asking import by_line, check_lines, look_up, new_lines, newcomers_of, products_to_lock
from raincheck.actions.pieces import Piece, pieces_of
from raincheck.actions.terms import OrderRequest
from raincheck.core.decision import Decision, decide
from raincheck.core.peg import PegKind
from raincheck.store.company import read_company
from raincheck.store.db import rows
from raincheck.store.lines import NewLine
from raincheck.store.locks import Locked, closure_of, database_now
from raincheck.store.snapshot import load


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
        products = closure_of(products_to_lock(asking))
        seen = Locked(tuple(sorted(products)), at or database_now())
        snapshot = load(seen, settings)
        newcomers = newcomers_of(asking, settings, seen.at)
        decision = decide(snapshot.facts, newcomers)
        refs = _inbound_refs(decision)
    quoted: list[QuotedLine] = []
    lines = new_lines(asking, snapshot, decision, newcomers)
    for parts, asked, line in zip(by_line(newcomers), request.lines, lines, strict=True):
        accepted = [decision.claims[part.claim.id] for part in parts if part.claim.id in decision.claims]
        pieces = pieces_of(snapshot.facts, decision, accepted, refs)
        first = parts[0].claim
        refused = [r for r in decision.refused if r.claim == first.id]
        pieces += [Piece(r.units // first.per_kit, "refused", None, r.reason) for r in refused]
        quoted.append(QuotedLine(asked.sku, line, pieces))
    return quoted


def _inbound_refs(decision: Decision) -> dict[int, str]:
    lines = {p.supply.id for pegs in decision.pegs.values() for p in pegs if p.kind is PegKind.INBOUND and p.supply}
    found = rows(
        "SELECT l.id, i.ref FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id WHERE l.id = ANY(%s)",
        [sorted(lines)],
    )
    return dict(found)
