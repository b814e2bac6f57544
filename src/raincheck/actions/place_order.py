"""Place an order: reserve what there is, backorder the rest with a date, refuse what may not be backordered."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import orjson
from django.db import transaction

from raincheck.actions.run_pass import settle
from raincheck.actions.terms import (
    AskedLine,
    Buyer,
    OrderRequest,
    Terms,
    refuse_what_is_not_there_yet,
    terms_of,
)
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.errors import Malformed, Refused
from raincheck.core.policy import Rule
from raincheck.core.rank import UNTOUCHED_PLACE, score_of
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store import apply
from raincheck.store.catalogue import CustomerTerms, ProductTerms, find_customer, find_products
from raincheck.store.company import read_company
from raincheck.store.figures import line_figures
from raincheck.store.lines import NewClaim, NewLine, find_order, insert_claims, insert_lines, insert_order
from raincheck.store.locks import lock_products
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.parcels import Movement, pay
from raincheck.store.snapshot import Snapshot, load, load_free

NEW_ORDER = -1
"""The provisional id of the order that is being placed; its lines and claims count down from there."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The order's row, and whether this call made it (False: the same order was there already)."""

    order: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A request with everything that placing and quoting look up for it."""

    request: OrderRequest
    customer: CustomerTerms | None
    products: Mapping[str, ProductTerms]
    terms: Mapping[str, Terms]

    @property
    def country(self) -> str:
        """Where it goes: as asked, else where the customer lives."""
        return self.request.country or (self.customer.country if self.customer else "")

    @property
    def postcode(self) -> str:
        """Where it goes, within the country."""
        return self.request.postcode or (self.customer.postcode if self.customer else "")

    def unit_price(self, line: AskedLine) -> Decimal:
        """The price that will hold for a line."""
        return line.unit_price if line.unit_price is not None else self.products[line.sku].price or Decimal(0)

    @property
    def value(self) -> Decimal:
        """The order's value."""
        return sum((self.unit_price(line) * line.units for line in self.request.lines), Decimal(0))


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
    with transaction.atomic():
        if same := _same_order(request.ref, content):
            return same
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        locked = lock_products((asking.products[line.sku].id for line in request.lines), at)
        snapshot = load_free(locked, settings, joined_at or locked.at) if _may_go_fast(settings, asking) else None
        whole_book = snapshot is None
        if snapshot is None:
            snapshot = load(locked, settings)
        newcomers = newcomers_of(asking, settings, joined_at or locked.at)
        decision = decide(snapshot.facts, newcomers)
        outbox = Outbox(locked.at, "order_placed", f"order:{request.ref}", actor)
        order = _write(asking, settings, snapshot, decision, newcomers, outbox, content, whole_book=whole_book)
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


def check_lines(request: OrderRequest) -> None:
    """Raises Malformed for an order without lines, a product named twice, or a quantity that is no positive number."""
    if not request.lines:
        raise Malformed(f"order {request.ref!r} has no lines")
    if request.wanted_on is not None:
        raise Refused(f"order {request.ref!r}: a wanted day (wanted_on) is not there yet")
    seen: set[str] = set()
    for line in request.lines:
        if line.units < 1:
            raise Malformed(f"order {request.ref!r}, product {line.sku!r}: the quantity must be at least 1")
        if line.sku in seen:
            raise Malformed(f"order {request.ref!r} names product {line.sku!r} twice: add the quantities up")
        seen.add(line.sku)


def content_of(request: OrderRequest) -> str:
    """What makes two orders with one reference the same: everything asked but the time."""
    lines = sorted((line.sku, line.units, str(line.unit_price or "")) for line in request.lines)
    asked = [request.customer, request.channel, request.country, request.postcode, request.ship, lines]
    return hashlib.sha256(orjson.dumps(asked)).hexdigest()


def look_up(settings: Settings, rules: tuple[Rule, ...], request: OrderRequest) -> Asking:
    """Finds the customer, the products and the terms of a request. Raises Refused for what is not there yet."""
    customer = find_customer(request.customer) if request.customer else None
    products = find_products(line.sku for line in request.lines)
    buyer = Buyer(request.customer, customer.tier if customer else "", request.channel)
    terms = {line.sku: terms_of(settings, rules, products[line.sku], buyer, request.ship) for line in request.lines}
    for line in request.lines:
        refuse_what_is_not_there_yet(request.ref, products[line.sku], terms[line.sku])
    return Asking(request, customer, products, terms)


def newcomers_of(asking: Asking, settings: Settings, joined_at: datetime) -> list[Newcomer]:
    """The request's lines as claims with provisional ids."""
    joined_on = settings.calendar.day_of(joined_at)
    newcomers: list[Newcomer] = []
    for number, line in enumerate(asking.request.lines):
        product, terms = asking.products[line.sku], asking.terms[line.sku]
        tier = asking.customer.tier if asking.customer else ""
        score = score_of(settings.weights, tier, product.criticality, asking.value, joined_on, None)
        claim = Claim(
            id=NEW_ORDER - 2 - 2 * number,
            line=NEW_ORDER - 1 - 2 * number,
            order=NEW_ORDER,
            product=product.id,
            units=line.units,
            rank=(UNTOUCHED_PLACE, -score, joined_at, asking.request.ref, line.sku),
            group=NEW_ORDER if terms.ship == "complete" else None,
            stock_only=terms.backorders == "deny",
            joined_on=joined_on,
            country=asking.country,
            postcode=asking.postcode,
        )
        newcomers.append(Newcomer(claim, line.units, terms.backorder_limit, settings.latest_days))
    return newcomers


def _same_order(ref: str, content: str) -> Placed | None:
    """The order that has this reference already. Raises Refused if it asks for something else."""
    order = find_order(ref)
    if order is None:
        return None
    if order.content != content:
        raise Refused(f"order {ref!r} exists with other content: change it, or use another reference")
    return Placed(order.id, is_new=False)


def _may_go_fast(settings: Settings, asking: Asking) -> bool:
    """Whether the order ranks last on its products and needs nothing but free supply (see store.snapshot)."""
    return settings.weights == type(settings.weights)() and all(
        terms.ship == "available" and terms.backorder_limit is None for terms in asking.terms.values()
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
    charge = "order" if all(terms.charge == "order" for terms in asking.terms.values()) else "shipment"
    order = insert_order(
        request.ref,
        asking.customer.id if asking.customer else None,
        outbox.at,
        request.channel,
        asking.country,
        asking.postcode,
        "open" if decision.accepted else "refused",
        charge,
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
        told = [_said(asking, line, new) for line, new in zip(request.lines, lines, strict=True)]
        outbox.tell(order, "order_confirmed", told)
        waiting = [id_ for id_, new in zip(line_ids, lines, strict=True) if new.backordered]
        if waiting:
            apply.tell_backordered(outbox, waiting)
        if charge == "order":
            amount = sum(((new.ordered - new.refused) * new.unit_price for new in lines), Decimal(0))
            if amount > 0:
                pay(outbox, [Movement(order, "capture", amount)], outbox.at, settings.currency)
    placed = frozenset(newcomer.claim.line for newcomer in newcomers)
    apply.write(snapshot, decision, outbox, names=names, placed_lines=placed, whole_book=whole_book)
    settle_orders([order])
    _ = outbox.fact
    return order


def new_lines(asking: Asking, snapshot: Snapshot, decision: Decision, newcomers: list[Newcomer]) -> list[NewLine]:
    """The rows of the request's lines, in its order, with the figures that the decision gives them."""
    figures = line_figures(snapshot, decision, [newcomer.claim.line for newcomer in newcomers])
    refused = {refusal.claim: refusal for refusal in decision.refused}
    lines: list[NewLine] = []
    for newcomer, asked in zip(newcomers, asking.request.lines, strict=True):
        figure, refusal = figures[newcomer.claim.line], refused.get(newcomer.claim.id)
        terms = asking.terms[asked.sku]
        reason = figure.reason or (refusal.reason if refusal else Reason.SHIPPED)
        lines.append(
            NewLine(
                product=newcomer.claim.product,
                unit_price=asking.unit_price(asked),
                ordered=asked.units,
                reserved=figure.reserved,
                backordered=figure.backordered,
                preordered=figure.preordered,
                refused=refusal.units if refusal else 0,
                ship=terms.ship,
                backorders=terms.backorders,
                backorder_limit=terms.backorder_limit,
                policy=terms.trace,
                reason=reason.value,
                first_promise_on=figure.first_promise_on,
                promise_on=figure.promise_on,
                expected_on=figure.expected_on,
            )
        )
    return lines


def insert_new_claims(order: int, snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> dict[int, int]:
    """Inserts accepted claims that have provisional ids; what their rows are."""
    new = [claim for claim in decision.accepted if claim.id < 0]
    records = [
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
        for claim in new
    ]
    ids = insert_claims(order, records)
    return {claim.id: id_ for claim, id_ in zip(new, ids, strict=True)}


def _said(asking: Asking, asked: AskedLine, new: NewLine) -> dict[str, object]:
    """What the confirmation says of a line."""
    return {
        "sku": asked.sku,
        "name": asking.products[asked.sku].name,
        "units": new.ordered,
        "reserved": new.reserved,
        "waiting": new.backordered + new.preordered,
        "refused": new.refused,
        "on": new.first_promise_on,
        "unit_price": str(new.unit_price),
    }


def with_merged_lines(request: OrderRequest) -> OrderRequest:
    """The same request with a product that is named more than once on one line: quantities add up."""
    merged: dict[str, AskedLine] = {}
    for line in request.lines:
        before = merged.get(line.sku)
        merged[line.sku] = line if before is None else replace(before, units=before.units + line.units)
    return replace(request, lines=tuple(merged.values()))
