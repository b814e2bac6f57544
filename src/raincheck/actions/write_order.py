"""The rows of a new order: its lines, its claims, what its customer is told, and what the decision changes besides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from raincheck.actions.asking import NEW_ORDER, Asking, by_line, new_lines
from raincheck.actions.law_terms import note_law_terms
from raincheck.actions.parcel_terms import store_terms
from raincheck.core.admit import Newcomer
from raincheck.core.cards import Use
from raincheck.core.decision import Decision
from raincheck.core.demand import Claim
from raincheck.core.errors import Refused
from raincheck.core.money import ON_SHIPMENT
from raincheck.core.settings import Settings
from raincheck.store import apply
from raincheck.store.card_cover import ask_for_all
from raincheck.store.law_clocks import start_clocks
from raincheck.store.lines import NewClaim, NewLine, insert_claims, insert_lines, insert_order
from raincheck.store.order_money import set_paid_by, settle_money
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.reads.order_outcome import OrderOutcome
from raincheck.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Placed:
    """The order's row, and whether this call made it (False: the same order was there already).

    `outcome` is what it got, where that is known without reading it back.
    """

    order: int
    is_new: bool
    outcome: OrderOutcome | None = None


def same(ref: str, content: str, order: int, its_content: str) -> Placed:
    """The order that is there. Raises Refused if it asks for something else."""
    if its_content != content:
        raise Refused(f"order {ref!r} exists with other content: change it, or use another reference")
    return Placed(order, is_new=False)


def write_order(
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
        request.wanted_on,
        request.sold_by,
    )
    if order is None:
        return None
    lines = new_lines(asking, snapshot, decision, newcomers)
    line_ids = insert_lines(order, lines)
    names = {NEW_ORDER: order}
    names |= {parts[0].claim.line: id_ for parts, id_ in zip(by_line(newcomers), line_ids, strict=True)}
    names |= insert_new_claims(order, snapshot, decision, names)
    store_terms(order, {id_: asking.terms[line.sku] for line, id_ in zip(request.lines, line_ids, strict=True)})
    if decision.accepted:
        outbox.tell(order, "order_confirmed", confirmation_of(asking, lines))
        if waiting := backorders_of(asking, lines):
            outbox.tell(order, "backordered", waiting)
        if request.is_paid_specially:
            set_paid_by(order, request.shipping_fee, request.tax, asking.value, request.card)
        if asking.charge != ON_SHIPMENT:
            settle_money(settings, outbox, [order])
        if request.card:
            goes_at_once = all(new.reserved == new.ordered - new.refused for new in lines)
            ask_for_all(settings, order, outbox, Use.FINAL if goes_at_once else Use.CUSTOMER)
    placed = frozenset(newcomer.claim.line for newcomer in newcomers)
    apply.write(snapshot, decision, outbox, names=names, placed_lines=placed, whole_book=whole_book)
    note_law_terms(order, request)
    start_clocks(settings, line_ids, outbox)
    settle_orders([order])
    _ = outbox.fact
    return order


def insert_new_claims(order: int, snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> dict[int, int]:
    """Inserts accepted claims that have provisional ids; what their rows are."""
    ids = insert_claims(order, new_claims(snapshot, decision, names))
    new = (claim.id for claim in decision.accepted if claim.id < 0)
    return dict(zip(new, ids, strict=True))


def new_claims(snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> list[NewClaim]:
    """The rows of accepted claims that have provisional ids, in rank order."""
    return [
        new_claim(snapshot, decision, claim, names.get(claim.line, claim.line))
        for claim in decision.accepted
        if claim.id < 0
    ]


def new_claim(snapshot: Snapshot, decision: Decision, claim: Claim, line: int) -> NewClaim:
    """The row of an accepted claim of an order line."""
    told = decision.tellings[claim.id].told
    return NewClaim(
        line=line,
        product=claim.product,
        units=claim.units,
        minus_score=claim.rank[1],
        joined_at=claim.rank[2],
        is_complete=claim.group is not None,
        is_stock_only=claim.stock_only,
        lead_time_from=apply.lead_time_start(snapshot.facts.book, decision, claim.id),
        told_on=told.told_on,
        told_units=told.told_units,
        told_by_lead_time=told.told_by_lead_time,
        kit_nr=claim.kit.nr if claim.kit is not None else None,
        per_kit=claim.per_kit,
        is_counted=claim.is_counted,
    )


def confirmation_of(asking: Asking, lines: list[NewLine]) -> list[dict[str, Any]]:
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


def backorders_of(asking: Asking, lines: list[NewLine]) -> list[dict[str, Any]]:
    """What the customer is told of the lines that wait, by SKU; nothing where all of them arrive by the wanted day."""
    wanted_on = asking.request.wanted_on
    late = [new for new in lines if new.backordered and not _arrives_by(new, wanted_on)]
    waiting = [
        {
            "sku": asked.sku,
            "name": asking.products[asked.sku].name,
            "units": new.backordered,
            "on": new.promise_on,
        }
        for asked, new in zip(asking.request.lines, lines, strict=True)
        if new.backordered and late
    ]
    return sorted(waiting, key=lambda line: line["sku"])


def _arrives_by(line: NewLine, wanted_on: date | None) -> bool:
    return wanted_on is not None and line.expected_on is not None and line.expected_on <= wanted_on
