"""Place an order: reserve what there is, backorder the rest with a date, refuse what may not be backordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from raincheck.actions.asking import (
    NEW_ORDER,
    Asking,
    asking_of,
    check_lines,
    content_of,
    look_up,
    new_lines,
    newcomers_of,
)
from raincheck.actions.run_pass import settle
from raincheck.actions.terms import OrderRequest
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, decide
from raincheck.core.errors import Refused
from raincheck.core.peg import PegKind
from raincheck.core.settings import Settings, Weights
from raincheck.store import apply, capture
from raincheck.store.company import read_company
from raincheck.store.lines import NewClaim, NewLine, find_order, insert_claims, insert_lines, insert_order
from raincheck.store.locks import lock_products
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.parcels import Movement, pay
from raincheck.store.snapshot import Snapshot, load


@dataclass(frozen=True, slots=True)
class Placed:
    """The order's row, and whether this call made it (False: the same order was there already)."""

    order: int
    is_new: bool


def place_order(
    request: OrderRequest, at: datetime | None = None, actor: str = "", joined_at: datetime | None = None
) -> Placed:
    """Places an order and gives everybody on its products what is theirs.

    `at` is the instant of the fact (None: the database's clock under the lock); `joined_at` when the units join the
    queue, if earlier. The same `ref` with the same content changes nothing. Raises Refused for the same `ref` with
    other content, NotFound for an unknown product or customer, Malformed for lines that make no sense.
    """
    check_lines(request)
    content = content_of(request)
    return _capture(request, content, at, actor, joined_at) or _place(request, content, at, actor, joined_at)


def _capture(
    request: OrderRequest, content: str, at: datetime | None, actor: str, joined_at: datetime | None
) -> Placed | None:
    """Places a plain order the short way (store.capture); None, and nothing written, for any other order."""
    with capture.in_two_round_trips():
        seen = capture.look([line.sku for line in request.lines], request.ref, request.customer, at, joined_at)
        if seen.order is not None:
            return _same(request.ref, content, *seen.order)
        asking = asking_of(seen.settings, seen.rules, request, seen.customer, seen.products)
        if seen.free is None or not _is_plain(seen.settings, asking):
            return None
        newcomers = newcomers_of(asking, seen.settings, joined_at or seen.at)
        decision = decide(seen.free.facts, newcomers)
        if decision.releases or asking.charge == "order":
            outbox = Outbox(seen.at, "order_placed", f"order:{request.ref}", actor)
            order = _write(asking, seen.settings, seen.free, decision, newcomers, outbox, content, whole_book=False)
            outbox.flush()
            return None if order is None else Placed(order, is_new=True)
        lines = new_lines(asking, seen.free, decision, newcomers)
        written = capture.write(_captured(asking, seen.free, decision, lines, content, actor))
    order = written()
    return None if order is None else Placed(order, is_new=True)


def _place(request: OrderRequest, content: str, at: datetime | None, actor: str, joined_at: datetime | None) -> Placed:
    """Places any order: with the whole book of its products and of all that groups tie to them."""
    with transaction.atomic():
        if same := _same_order(request.ref, content):
            return same
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        locked = lock_products((asking.products[line.sku].id for line in request.lines), at)
        snapshot = load(locked, settings)
        newcomers = newcomers_of(asking, settings, joined_at or locked.at)
        decision = decide(snapshot.facts, newcomers)
        outbox = Outbox(locked.at, "order_placed", f"order:{request.ref}", actor)
        order = _write(asking, settings, snapshot, decision, newcomers, outbox, content, whole_book=True)
        if order is None:
            transaction.set_rollback(True)
        else:
            settle(locked, outbox, decision)
            outbox.flush()
            return Placed(order, is_new=True)
    # Somebody placed the same reference between our look and our insert.
    if same := _same_order(request.ref, content):
        return same
    raise Refused(f"order {request.ref!r} was placed by somebody else at the same instant: send it again")


def _same_order(ref: str, content: str) -> Placed | None:
    """The order that has this reference already."""
    order = find_order(ref)
    return None if order is None else _same(ref, content, order.id, order.content)


def _same(ref: str, content: str, order: int, its_content: str) -> Placed:
    """The order that is there. Raises Refused if it asks for something else."""
    if its_content != content:
        raise Refused(f"order {ref!r} exists with other content: change it, or use another reference")
    return Placed(order, is_new=False)


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
    notices = [("order_confirmed", _confirmed(asking, lines)), ("backordered", _waiting(asking, lines))]
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
        claims=_new_claims(free, decision, {}),
        pegs=[
            capture.NewPeg(
                claim.product,
                peg.units,
                peg.kind.value,
                *apply.sources_of(peg),
                None if peg.kind is PegKind.STOCK else peg.ships_on,
            )
            for claim in decision.accepted
            for peg in decision.pegs[claim.id]
        ],
        notices=[(event, said) for event, said in notices if said and decision.accepted],
    )


def _write(
    asking: Asking,
    settings: Settings,
    snapshot: Snapshot,
    decision: Decision,
    newcomers: list[Newcomer],
    outbox: Outbox,
    content: str,
    *,
    whole_book: bool,
) -> int | None:
    """Inserts the order with what was decided on it; None if its reference was taken meanwhile."""
    request = asking.request
    order = insert_order(
        request.ref,
        asking.customer.id if asking.customer else None,
        outbox.at,
        request.channel,
        asking.country,
        asking.postcode,
        "open" if decision.accepted else "refused",
        asking.charge,
        content,
    )
    if order is None:
        return None
    lines = new_lines(asking, snapshot, decision, newcomers)
    line_ids = insert_lines(order, lines)
    names = {NEW_ORDER: order}
    names |= {newcomer.claim.line: id_ for newcomer, id_ in zip(newcomers, line_ids, strict=True)}
    names |= insert_new_claims(order, snapshot, decision, names)
    if decision.accepted:
        outbox.tell(order, "order_confirmed", _confirmed(asking, lines))
        if waiting := _waiting(asking, lines):
            outbox.tell(order, "backordered", waiting)
        if asking.charge == "order":
            amount = sum(((new.ordered - new.refused) * new.unit_price for new in lines), Decimal(0))
            if amount > 0:
                pay(outbox, [Movement(order, "capture", amount)], outbox.at, settings.currency)
    placed = frozenset(newcomer.claim.line for newcomer in newcomers)
    apply.write(snapshot, decision, outbox, names=names, placed_lines=placed, whole_book=whole_book)
    settle_orders([order])
    _ = outbox.fact
    return order


def insert_new_claims(order: int, snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> dict[int, int]:
    """Inserts accepted claims that have provisional ids; what their rows are."""
    ids = insert_claims(order, _new_claims(snapshot, decision, names))
    new = (claim.id for claim in decision.accepted if claim.id < 0)
    return dict(zip(new, ids, strict=True))


def _new_claims(snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> list[NewClaim]:
    """The rows of accepted claims that have provisional ids, in rank order."""
    return [
        NewClaim(
            line=names.get(claim.line, claim.line),
            product=claim.product,
            units=claim.units,
            minus_score=claim.rank[1],
            joined_at=claim.rank[2],
            is_complete=claim.group is not None,
            is_stock_only=claim.stock_only,
            lead_time_from=apply.lead_time_start(snapshot.facts.book, decision, claim.id),
            told_on=decision.tellings[claim.id].told.told_on,
            told_units=decision.tellings[claim.id].told.told_units,
            told_by_lead_time=decision.tellings[claim.id].told.told_by_lead_time,
        )
        for claim in decision.accepted
        if claim.id < 0
    ]


def _confirmed(asking: Asking, lines: list[NewLine]) -> list[dict[str, Any]]:
    """What the confirmation says of each line."""
    return [
        {
            "sku": asked.sku,
            "name": asking.products[asked.sku].name,
            "units": new.ordered,
            "reserved": new.reserved,
            "waiting": new.backordered + new.preordered,
            "refused": new.refused,
            "on": new.first_promise_on,
            "unit_price": str(new.unit_price),
        }
        for asked, new in zip(asking.request.lines, lines, strict=True)
    ]


def _waiting(asking: Asking, lines: list[NewLine]) -> list[dict[str, Any]]:
    """What the customer is told of the lines that wait, by SKU."""
    waiting = [
        {
            "sku": asked.sku,
            "name": asking.products[asked.sku].name,
            "units": new.backordered,
            "on": new.promise_on,
        }
        for asked, new in zip(asking.request.lines, lines, strict=True)
        if new.backordered
    ]
    return sorted(waiting, key=lambda line: line["sku"])
