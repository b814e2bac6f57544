"""Receive goods: one posting moves units from inbound to on hand, and the queue is served before any shop sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, NotFound
from raincheck.store import inbound, ledger
from raincheck.store.catalogue import find_site
from raincheck.store.company import read_settings
from raincheck.store.given import follow_receipt
from raincheck.store.inbound import InboundFacts, InboundLineFacts
from raincheck.store.kits import find_stocked
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came. `kind` purchase or transfer with its `ref`; or without a reference (blind) with the `site` it came to.

    `damaged` units come on top of `units_by_sku`: they count against what is owed, and cannot be sold.
    """

    units_by_sku: Mapping[str, int]
    damaged: Mapping[str, int]
    kind: str = "purchase"
    ref: str | None = None
    site: str | None = None


def receive(receipt: Receipt, at: datetime | None = None, actor: str = "") -> int:
    """Posts a receipt and serves the queue; the fact's id, under which what it released is on record.

    Raises NotFound for an unknown reference, product or site, Malformed for quantities that make no sense.
    """
    _check(receipt)
    with transaction.atomic():
        locked = lock_receipt(receipt, at)
        skus = {**receipt.units_by_sku, **receipt.damaged}
        products = find_stocked(skus)
        order = _inbound(receipt)
        site = find_site(receipt.site) if receipt.site else order.site if order else None
        if site is None:
            raise Malformed("a receipt names a purchase order, a transfer or a site")
        subject = f"{receipt.kind}:{receipt.ref}" if receipt.ref else f"site:{receipt.site}"
        detail = {"lines": dict(receipt.units_by_sku), "damaged": dict(receipt.damaged)}
        outbox = Outbox(locked.at, "received", subject, actor, detail)
        levels = ledger.levels_at(site, [products[sku].id for sku in skus])
        movements = [
            ledger.Movement(
                levels[products[sku].id][0],
                receipt.units_by_sku.get(sku, 0),
                "received",
                receipt.damaged.get(sku, 0),
            )
            for sku in skus
        ]
        ledger.post(movements, locked.at, outbox.fact, receipt.ref or "blind receipt")
        served: list[int] = []
        if order is not None:
            order_lines = inbound.read_lines(order.id)
            _count_against(order, order_lines, receipt, locked.at)
            served = follow_receipt(
                [
                    (line.id, levels[line.product][0], receipt.units_by_sku[line.sku])
                    for line in order_lines
                    if receipt.units_by_sku.get(line.sku)
                ]
            )
        run_pass(locked, outbox, refresh_lines=served)
        outbox.flush()
        return outbox.fact


def lock_receipt(receipt: Receipt, at: datetime | None = None) -> Locked:
    """Locks the books that a receipt touches, for whoever looks at them before it is posted. Raises NotFound."""
    products = find_stocked({**receipt.units_by_sku, **receipt.damaged})
    order = _inbound(receipt)
    owed = [line.product for line in inbound.read_lines(order.id)] if order else []
    return lock_products([*(product.id for product in products.values()), *owed], at)


def _check(receipt: Receipt) -> None:
    quantities = [*receipt.units_by_sku.items(), *receipt.damaged.items()]
    if any(units < 0 for _, units in quantities):
        sku = next(sku for sku, units in quantities if units < 0)
        raise Malformed(f"receipt, product {sku!r}: the quantity must not be negative")
    if not any(units for _, units in quantities):
        raise Malformed("a receipt names at least one unit")


def _inbound(receipt: Receipt) -> InboundFacts | None:
    if receipt.ref is None:
        return None
    found = inbound.find_inbound(receipt.kind, receipt.ref)
    if found is None:
        noun = "purchase order" if receipt.kind == "purchase" else "transfer"
        raise NotFound(f"{noun} {receipt.ref!r} does not exist", noun, receipt.ref)
    return found


def _count_against(order: InboundFacts, order_lines: list[InboundLineFacts], receipt: Receipt, at: datetime) -> None:
    """Counts the units against the inbound's lines, records how late they came, and moves the inbound's state."""
    settings = read_settings()
    today = settings.calendar.day_of(at)
    came = [
        (line, receipt.units_by_sku.get(line.sku, 0), receipt.damaged.get(line.sku, 0))
        for line in order_lines
        if receipt.units_by_sku.get(line.sku) or receipt.damaged.get(line.sku)
    ]
    inbound.count_received(settings, came, today)
    late_days = [(today - line.due_on).days for line, _, _ in came if line.due_on is not None]
    if order.supplier is not None and late_days:
        inbound.record_lateness(order.supplier, max(late_days), today, order_lines[0].id)
    if order.state in ("closed_short", "cancelled"):
        return
    after = inbound.read_lines(order.id)
    wanted = all(line.received + line.damaged >= (line.confirmed or line.ordered) for line in after)
    inbound.set_state(order.id, "received" if wanted and not any(line.owed for line in after) else "part_received")
