"""The short way to place an order (ADR 0004): two round trips, where it ranks last and only takes what nobody holds."""

from datetime import datetime
from decimal import Decimal

from raincheck.actions.asking import Asking, asking_of, new_lines, newcomers_of
from raincheck.actions.pieces import pieces_of
from raincheck.actions.terms import OrderRequest
from raincheck.actions.write_order import Placed, backorders_of, confirmation_of, new_claims, same, write_order
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, decide
from raincheck.core.settings import Settings, Weights
from raincheck.store import apply, capture, live
from raincheck.store.lines import NewLine
from raincheck.store.outbox import Outbox
from raincheck.store.reads.order_outcome import LineOutcome, OrderOutcome, PieceOutcome
from raincheck.store.snapshot import Snapshot


def capture_order(
    request: OrderRequest, content: str, at: datetime | None, actor: str, joined_at: datetime | None
) -> Placed | None:
    """Places a plain order the short way (store.capture); None, and nothing written, for any other order."""
    with capture.in_two_round_trips() as session:
        skus = [line.sku for line in request.lines]
        seen = capture.look(session, skus, request.ref, request.customer, at, joined_at)
        if seen.order is not None:
            return same(request.ref, content, *seen.order)
        asking = asking_of(seen.settings, seen.rules, request, seen.customer, seen.products)
        if seen.free is None or not _is_plain(seen.settings, asking):
            return None
        newcomers = newcomers_of(asking, seen.settings, joined_at or seen.at)
        decision = decide(seen.free.facts, newcomers)
        if decision.releases or asking.charge != "shipment":
            outbox = Outbox(seen.at, "order_placed", f"order:{request.ref}", actor)
            order = write_order(
                asking, seen.settings, seen.free, decision, newcomers, outbox, content, whole_book=False
            )
            outbox.flush()
            return None if order is None else Placed(order, is_new=True)
        lines = new_lines(asking, seen.free, decision, newcomers)
        written = capture.write(session, _captured(asking, seen.free, decision, lines, content, actor))
    rows = written()
    if rows is None:
        return None
    products = [newcomer.claim.product for newcomer in newcomers]
    live.changed(*live.EVERYWHERE, f"order:{request.ref}", products=products)
    return Placed(rows.order, is_new=True, outcome=_outcome(asking, seen, decision, newcomers, lines, rows))


def _is_plain(settings: Settings, asking: Asking) -> bool:
    """Whether the order ranks last on its products and needs nothing but free supply."""
    return settings.weights == Weights() and all(
        terms.ship == "available" and terms.backorder_limit is None for terms in asking.terms.values()
    )


def _captured(
    asking: Asking, free: Snapshot, decision: Decision, lines: list[NewLine], content: str, actor: str
) -> capture.NewOrder:
    """The rows of a plain order that releases nothing and charges nothing yet."""
    request = asking.request
    notices = [("order_confirmed", confirmation_of(asking, lines)), ("backordered", backorders_of(asking, lines))]
    return capture.NewOrder(
        ref=request.ref,
        customer=asking.customer.id if asking.customer else None,
        at=free.facts.at,
        channel=request.channel,
        country=asking.country,
        postcode=asking.postcode,
        state="open" if decision.accepted else "refused",
        content=content,
        actor=actor,
        lines=lines,
        claims=new_claims(free, decision, {}),
        pegs=[
            capture.NewPeg(
                claim.product,
                peg.units,
                peg.kind.value,
                *apply.sources_of(peg),
                peg.ships_on,
            )
            for claim in decision.accepted
            for peg in decision.pegs[claim.id]
        ],
        notices=[(event, said) for event, said in notices if said and decision.accepted],
    )


def _outcome(
    asking: Asking,
    seen: capture.Seen,
    decision: Decision,
    newcomers: list[Newcomer],
    lines: list[NewLine],
    rows: capture.NewRows,
) -> OrderOutcome:
    """What the order got, as it would be read back (store.reads.order_outcome)."""
    request = asking.request
    return OrderOutcome(
        id=rows.order,
        ref=request.ref,
        state="open" if decision.accepted else "refused",
        customer=request.customer,
        channel=request.channel,
        country=asking.country,
        postcode=asking.postcode,
        placed_at=seen.at,
        captured=Decimal(0),
        refunded=Decimal(0),
        at=seen.at,
        lines=tuple(
            LineOutcome(
                id=line_id,
                sku=asked.sku,
                unit_price=line.unit_price,
                ordered=line.ordered,
                reserved=line.reserved,
                backordered=line.backordered,
                preordered=line.preordered,
                shipped=0,
                cancelled=0,
                refused=line.refused,
                returned=0,
                cancel_requested=0,
                ship=line.ship,
                backorders=line.backorders,
                backorder_limit=line.backorder_limit,
                reason=line.reason,
                first_promise_on=line.first_promise_on,
                promise_on=line.promise_on,
                expected_on=line.expected_on,
                pieces=_pieces(seen, decision, newcomer),
            )
            for asked, newcomer, line, line_id in zip(request.lines, newcomers, lines, rows.lines, strict=True)
        ),
    )


def _pieces(seen: capture.Seen, decision: Decision, newcomer: Newcomer) -> tuple[PieceOutcome, ...]:
    claim = decision.claims.get(newcomer.claim.id)
    found = pieces_of(seen.free.facts, decision, claim, seen.inbound_refs) if claim and seen.free else []
    pieces = [PieceOutcome(piece.units, piece.source, piece.on, piece.reason.value) for piece in found]
    pieces += [
        PieceOutcome(refusal.units, "refused", None, refusal.reason.value)
        for refusal in decision.refused
        if refusal.claim == newcomer.claim.id
    ]
    return tuple(pieces)
