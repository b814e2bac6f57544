"""Purchase orders: written, confirmed by the supplier, moved to another date, closed short."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store import inbound
from raincheck.store.catalogue import find_site, find_supplier
from raincheck.store.company import read_settings
from raincheck.store.inbound import InboundFacts, InboundLineFacts
from raincheck.store.kits import find_stocked
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """A purchase order as it is written. `due_on` is the day of arrival; only `confirmed` ones are supply."""

    po: str
    supplier: str
    site: str
    units_by_sku: Mapping[str, int]
    due_on: date | None = None
    state: str = "sent"
    ordered_on: date | None = None
    unit_costs: Mapping[str, Decimal] | None = None


def purchase(request: PurchaseRequest, at: datetime | None = None, actor: str = "") -> bool:
    """Writes a purchase order; False if the same one is there already. Raises Refused if another has its reference."""
    _check(request)
    with transaction.atomic():
        settings = read_settings()
        products = find_stocked(request.units_by_sku)
        supplier, site = find_supplier(request.supplier), find_site(request.site)
        locked = lock_products((product.id for product in products.values()), at)
        today = settings.calendar.day_of(locked.at)
        if _is_there(request, site, supplier):
            return False
        costs = request.unit_costs or {}
        lines = [(products[sku].id, units, costs.get(sku)) for sku, units in request.units_by_sku.items()]
        ordered_on = request.ordered_on or (None if request.state == "draft" else today)
        id_ = inbound.insert("purchase", request.po, supplier, None, site, request.state, ordered_on, locked.at, lines)
        outbox = _outbox(locked, "purchase_written", request.po, actor, request.units_by_sku, request.due_on)
        order_lines = inbound.read_lines(id_)
        if request.due_on is not None:
            inbound.set_due(settings, supplier, {line.id: request.due_on for line in order_lines}, today)
        if request.state == "confirmed":
            inbound.confirm_units(settings, [(line, line.ordered) for line in order_lines], today)
            run_pass(locked, outbox)
        outbox.flush()
    return True


def confirm(
    po: str,
    due_on: date | None = None,
    units_by_sku: Mapping[str, int] | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> None:
    """The supplier's acknowledgement: which units come, and when. The rest of a part confirmed is no supply.

    Latest word wins, but never falls below what has been received. Raises Refused for an order that is closed.
    """
    with transaction.atomic():
        order, order_lines, locked = _locked(po, at)
        _refuse_closed(order)
        settings = read_settings()
        known = {line.sku: line for line in order_lines}
        for sku, units in (units_by_sku or {}).items():
            if sku not in known:
                raise NotFound(f"purchase order {po!r} has no line {sku!r}", "line", sku)
            if units < 0:
                raise Malformed(f"purchase order {po!r}, product {sku!r}: the quantity must not be negative")
        confirmed = [
            (line, line.ordered if units_by_sku is None else units_by_sku.get(line.sku, 0)) for line in order_lines
        ]
        today = settings.calendar.day_of(locked.at)
        inbound.confirm_units(settings, confirmed, today)
        if due_on is not None:
            inbound.set_due(settings, order.supplier, {line.id: due_on for line in order_lines}, today)
        if order.state in ("draft", "sent"):
            inbound.set_state(order.id, "confirmed")
        outbox = _outbox(locked, "purchase_confirmed", po, actor, units_by_sku or {}, due_on)
        run_pass(locked, outbox)
        outbox.flush()


def reschedule(po: str, due_on: date, at: datetime | None = None, actor: str = "") -> None:
    """The supplier moves the date. Raises Refused for an order that is closed."""
    with transaction.atomic():
        order, order_lines, locked = _locked(po, at)
        _refuse_closed(order)
        settings = read_settings()
        today = settings.calendar.day_of(locked.at)
        inbound.set_due(settings, order.supplier, {line.id: due_on for line in order_lines}, today)
        outbox = _outbox(locked, "purchase_rescheduled", po, actor, {}, due_on)
        run_pass(locked, outbox)
        outbox.flush()


def close_short(po: str, at: datetime | None = None, actor: str = "") -> None:
    """Nothing more will come of a purchase order. Raises Refused for one that is closed."""
    with transaction.atomic():
        order, order_lines, locked = _locked(po, at)
        _refuse_closed(order)
        settings = read_settings()
        inbound.owe_nothing(settings, order_lines, settings.calendar.day_of(locked.at))
        inbound.set_state(order.id, "closed_short")
        outbox = _outbox(locked, "purchase_closed_short", po, actor, {}, None)
        run_pass(locked, outbox)
        outbox.flush()


def _check(request: PurchaseRequest) -> None:
    if not request.units_by_sku:
        raise Malformed(f"purchase order {request.po!r} has no lines")
    for sku, units in request.units_by_sku.items():
        if units < 1:
            raise Malformed(f"purchase order {request.po!r}, product {sku!r}: the quantity must be at least 1")
    if request.state not in ("draft", "sent", "confirmed"):
        raise Malformed(f"purchase order {request.po!r}: state must be draft, sent or confirmed, not {request.state!r}")


def _is_there(request: PurchaseRequest, site: int, supplier: int) -> bool:
    there = inbound.find_inbound("purchase", request.po)
    if there is None:
        return False
    units = {line.sku: line.ordered for line in inbound.read_lines(there.id)}
    if (there.site, there.supplier, units) != (site, supplier, dict(request.units_by_sku)):
        raise Refused(f"purchase order {request.po!r} exists with other content")
    return True


def _locked(po: str, at: datetime | None) -> tuple[InboundFacts, list[InboundLineFacts], Locked]:
    """A purchase order and its lines, under the lock of its products. Raises NotFound."""
    locked = lock_products((line.product for line in inbound.read_lines(_known(po).id)), at)
    order = _known(po)
    return order, inbound.read_lines(order.id), locked


def _known(po: str) -> InboundFacts:
    order = inbound.find_inbound("purchase", po)
    if order is None:
        raise NotFound(f"purchase order {po!r} does not exist", "purchase order", po)
    return order


def _refuse_closed(order: InboundFacts) -> None:
    if order.state in ("received", "closed_short", "cancelled"):
        raise Refused(f"purchase order {order.ref!r} is {order.state}")


def _outbox(
    locked: Locked, verb: str, po: str, actor: str, units_by_sku: Mapping[str, int], due_on: date | None
) -> Outbox:
    detail = {"lines": dict(units_by_sku), "due_on": due_on}
    outbox = Outbox(locked.at, verb, f"purchase:{po}", actor, detail)
    _ = outbox.fact
    return outbox
