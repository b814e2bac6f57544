"""The short way to place an order (ADR 0004): two round trips, where it ranks last and only takes what nobody holds.

Orders that come while another one is at work on one of their products are placed together after it, in one transaction
(ADR 0007): each joins an instant later than the one before, gets what that one left, and is answered by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import psycopg
from django.db import DatabaseError, connection

from raincheck.actions.asking import Asking, asking_of, new_lines, newcomers_of
from raincheck.actions.gathering import Gathering
from raincheck.actions.pieces import pieces_of
from raincheck.actions.terms import OrderRequest
from raincheck.actions.write_order import Placed, backorders_of, confirmation_of, new_claims, same, write_order
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, decide
from raincheck.core.errors import RaincheckError
from raincheck.core.settings import Settings, Weights
from raincheck.store import capture, capture_write, live
from raincheck.store.lines import NewLine
from raincheck.store.outbox import Outbox
from raincheck.store.pegs import sources_of
from raincheck.store.reads.order_outcome import LineOutcome, OrderOutcome, PieceOutcome
from raincheck.store.snapshot import Snapshot

MOST_TOGETHER = 50
"""How many orders are placed in one transaction."""

Answer = Callable[[], Placed | None]


@dataclass(eq=False, slots=True)
class Asked:
    """An order to capture. `answer` gives what became of it, or raises; None: it has to be asked again, alone."""

    request: OrderRequest
    content: str
    actor: str
    at: datetime | None = None
    joined_at: datetime | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Captured:
    """An order that was decided: what it rests on, and its rows."""

    asking: Asking
    free: Snapshot
    decision: Decision
    newcomers: list[Newcomer]
    lines: list[NewLine]
    new: capture_write.NewOrder

    @property
    def products(self) -> list[int]:
        """The products it names."""
        return [newcomer.claim.product for newcomer in self.newcomers]


def capture_order(
    request: OrderRequest, content: str, at: datetime | None, actor: str, joined_at: datetime | None
) -> Placed | None:
    """Places a plain order the short way (store.capture); None, and nothing written, for any other order."""
    asked = Asked(request, content, actor, at, joined_at)
    if at is None and joined_at is None and not connection.in_atomic_block:
        _TOGETHER.ask(asked, (line.sku for line in request.lines))
    if asked.answer is None:
        capture_orders([asked])
    return asked.answer() if asked.answer else None


def capture_orders(orders: Sequence[Asked]) -> None:
    """Captures orders in one transaction. Where it fails for several of them, they are left to be asked alone."""
    try:
        answers = _capture(orders)
    except psycopg.errors.UniqueViolation:
        # A reference was taken meanwhile: the general path finds by whom.
        answers = {orders[0]: lambda: None} if len(orders) == 1 else {}
    except (psycopg.Error, DatabaseError, RaincheckError):
        if len(orders) == 1:
            raise
        answers = {}
    for one, answer in answers.items():
        one.answer = answer


_TOGETHER = Gathering(capture_orders, MOST_TOGETHER)


def _capture(orders: Sequence[Asked]) -> dict[Asked, Answer]:
    answers: dict[Asked, Answer] = {}
    captured: dict[Asked, _Captured] = {}
    with capture.in_two_round_trips() as session:
        wanted = [
            capture.Wanted([line.sku for line in one.request.lines], one.request.ref, one.request.customer)
            for one in orders
        ]
        seen = capture.look(session, wanted, orders[0].at, orders[0].joined_at)
        refs: set[str] = set()
        for number, one in enumerate(orders):
            if one.request.ref in refs:
                continue  # Twice in one round: asked again, it finds the first.
            refs.add(one.request.ref)
            found = _decide(seen, one, seen.at + timedelta(microseconds=number))
            if isinstance(found, _Captured):
                captured[one] = found
            else:
                answers[one] = found
        written = capture_write.write(session, [found.new for found in captured.values()]) if captured else dict
    rows = written()
    for one, found in captured.items():
        topics = (*live.EVERYWHERE, f"order:{one.request.ref}")
        live.changed(*topics, products=found.products)
        answers[one] = _given(_placed(seen, found, rows[one.request.ref]))
    return answers


def _decide(seen: capture.Seen, one: Asked, at: datetime) -> _Captured | Answer:
    """Decides an order on what those before it left: what is to be written, or its answer."""
    request = one.request
    try:
        if request.ref in seen.orders:
            return _given(same(request.ref, one.content, *seen.orders[request.ref]))
        customer = seen.customers.get(request.customer or "")
        asking = asking_of(seen.settings, seen.rules, request, customer, seen.products)
        free = seen.free((seen.products[line.sku].id for line in request.lines), at)
        if free is None or request.is_paid_specially or not _is_plain(seen.settings, asking):
            return _given(None)
        newcomers = newcomers_of(asking, seen.settings, one.joined_at or at)
        decision = decide(free.facts, newcomers)
    except RaincheckError as error:
        return _raising(error)
    seen.hold(peg for claim in decision.accepted for peg in decision.pegs[claim.id])
    if decision.releases or asking.charge != "shipment":
        outbox = Outbox(at, "order_placed", f"order:{request.ref}", one.actor)
        order = write_order(asking, seen.settings, free, decision, newcomers, outbox, one.content, whole_book=False)
        if order is None:
            raise psycopg.errors.UniqueViolation(f"order {request.ref!r} was placed meanwhile")
        outbox.flush()
        return _given(Placed(order, is_new=True))
    lines = new_lines(asking, free, decision, newcomers)
    new = _new_order(asking, free, decision, lines, one.content, one.actor)
    return _Captured(asking, free, decision, newcomers, lines, new)


def _given(placed: Placed | None) -> Answer:
    return lambda: placed


def _raising(error: RaincheckError) -> Answer:
    def answer() -> Placed | None:
        raise error

    return answer


def _placed(seen: capture.Seen, found: _Captured, rows: capture_write.NewRows) -> Placed:
    return Placed(rows.order, is_new=True, outcome=_outcome(seen, found, rows))


def _is_plain(settings: Settings, asking: Asking) -> bool:
    """Whether the order ranks last on its products and needs nothing but free supply."""
    return (
        settings.weights == Weights()
        and settings.law == "none"
        and not asking.request.has_law_terms
        and asking.request.wanted_on is None
        and not any(product.is_kit for product in asking.products.values())
        and not asking.has_parcel_terms
        and all(terms.ship == "available" and terms.backorder_limit is None for terms in asking.terms.values())
    )


def _new_order(
    asking: Asking, free: Snapshot, decision: Decision, lines: list[NewLine], content: str, actor: str
) -> capture_write.NewOrder:
    """The rows of a plain order that releases nothing and charges nothing yet."""
    request = asking.request
    notices = [("order_confirmed", confirmation_of(asking, lines)), ("backordered", backorders_of(asking, lines))]
    return capture_write.NewOrder(
        ref=request.ref,
        customer=asking.customer.id if asking.customer else None,
        at=free.facts.at,
        channel=request.channel,
        country=asking.country,
        postcode=asking.postcode,
        state="open" if decision.accepted else "refused",
        content=content,
        actor=actor,
        sold_by=request.sold_by,
        lines=lines,
        claims=new_claims(free, decision, {}),
        pegs=[
            capture_write.NewPeg(
                claim.product,
                peg.units,
                peg.kind.value,
                *sources_of(peg),
                peg.ships_on,
            )
            for claim in decision.accepted
            for peg in decision.pegs[claim.id]
        ],
        notices=[(event, said) for event, said in notices if said and decision.accepted],
    )


def _outcome(seen: capture.Seen, found: _Captured, rows: capture_write.NewRows) -> OrderOutcome:
    """What the order got, as it would be read back (store.reads.order_outcome)."""
    asking, request, at = found.asking, found.asking.request, found.free.facts.at
    return OrderOutcome(
        id=rows.order,
        ref=request.ref,
        state="open" if found.decision.accepted else "refused",
        customer=request.customer,
        channel=request.channel,
        country=asking.country,
        postcode=asking.postcode,
        placed_at=at,
        captured=Decimal(0),
        refunded=Decimal(0),
        at=at,
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
                pieces=_pieces(seen, found, newcomer),
            )
            for asked, newcomer, line, line_id in zip(
                request.lines, found.newcomers, found.lines, rows.lines, strict=True
            )
        ),
    )


def _pieces(seen: capture.Seen, found: _Captured, newcomer: Newcomer) -> tuple[PieceOutcome, ...]:
    decision = found.decision
    claim = decision.claims.get(newcomer.claim.id)
    pegged = pieces_of(found.free.facts, decision, [claim], seen.inbound_refs) if claim else []
    pieces = [PieceOutcome(piece.units, piece.source, piece.on, piece.reason.value) for piece in pegged]
    pieces += [
        PieceOutcome(refusal.units, "refused", None, refusal.reason.value)
        for refusal in decision.refused
        if refusal.claim == newcomer.claim.id
    ]
    return tuple(pieces)
