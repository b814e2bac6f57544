"""Cancel open units of an order. What is already in a tote is asked back from the floor first (semantics 36)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from raincheck.actions.law_tie import left_to_a_person
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.money import NOTHING
from raincheck.core.reason import Reason
from raincheck.store import feedback, lines, thawing
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.law_refunds import CancelledUnits, note_cancelled
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import lock_products
from raincheck.store.order_money import comes_back, settle_money
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox

BY_CUSTOMER, BY_SELLER = Reason.CANCELLED_BY_CUSTOMER, Reason.CANCELLED_BY_SELLER
BY_LAW = Reason.CANCELLED_BY_LAW
_BY = {BY_CUSTOMER: "customer", BY_SELLER: "seller", BY_LAW: "law"}


def cancel_order(
    ref: str,
    units_by_sku: Mapping[str, int] | None = None,
    at: datetime | None = None,
    actor: str = "",
    reason: Reason = BY_CUSTOMER,
) -> None:
    """Cancels units of some lines, or all open units of an order.

    Of a line, units that wait go first, the last that joined before the others; then reserved ones; units on the floor
    last: those become a request that the floor confirms (`confirm_cancel`). Raises Refused when fewer units are open
    than are to be cancelled, NotFound for an unknown order or line.
    """
    with left_to_a_person(ref, at), transaction.atomic():
        order = known_order(ref)
        locked = lock_products(lines.products_of([order.id]), at)
        order = known_order(ref)
        wanted = _wanted(order, lines.read_lines(order.id), units_by_sku)
        outbox = Outbox(locked.at, "order_cancelled", f"order:{ref}", actor, {"lines": dict(units_by_sku or {})})
        cancelled = [(line, cancel_units(line, units)) for line, units in wanted]
        if any(units < asked for (_, units), (_, asked) in zip(cancelled, wanted, strict=True)):
            run("UPDATE sales_order SET state = 'cancel_requested' WHERE id = %s", [order.id])
        tell_cancelled(outbox, order, cancelled, reason, asked=[units for _, units in wanted])
        run_pass(locked, outbox, refresh_lines=[line.id for line, _ in cancelled])
        close_ended_lines([line.id for line, _ in cancelled], reason)
        settle_orders([order.id])
        feedback.ask_later_about(read_settings(), [order.id], locked.at)
        _ = outbox.fact
        outbox.flush()


def known_order(ref: str) -> OrderFacts:
    """An order by reference. Raises NotFound."""
    order = lines.find_order(ref)
    if order is None:
        raise NotFound(f"order {ref!r} does not exist", "order", ref)
    return order


def known_line(order: OrderFacts, order_lines: list[LineFacts], sku: str) -> LineFacts:
    """A line of an order by SKU. Raises NotFound."""
    for line in order_lines:
        if line.sku == sku:
            return line
    raise NotFound(f"order {order.ref!r} has no line {sku!r}", "line", sku)


def tell_cancelled(
    outbox: Outbox,
    order: OrderFacts,
    cancelled: list[tuple[LineFacts, int]],
    reason: Reason = BY_CUSTOMER,
    asked: Sequence[int] = (),
    back: Mapping[int, Decimal] | None = None,
) -> None:
    """Queues what the customer is told, gives back what was charged in advance, and puts it on the law's record.

    `asked` are the units of each line that were to be cancelled: what is missing the floor has yet to give back. `back`
    is what comes back by line, where more ended in this fact than these (None: see).
    """
    settings = read_settings()
    if back is None:
        back = comes_back(settings, order.id, {line.id: units for line, units in cancelled if units})
    noted = [
        CancelledUnits(line.id, units, back.get(line.id, NOTHING), more - units)
        for (line, units), more in zip(cancelled, asked or [units for _, units in cancelled], strict=True)
    ]
    note_cancelled(settings, outbox, noted, reason)
    told = [
        {"sku": line.sku, "units": units, "amount": str(back[line.id]), "currency": settings.currency}
        for line, units in cancelled
        if units
    ]
    if not told:
        return
    outbox.tell(order.id, "cancelled", told, by=_BY.get(reason, "seller"))
    settle_money(settings, outbox, [order.id])


def close_ended_lines(line_ids: list[int], reason: Reason) -> None:
    """Lines of which nothing is open any more show how their last unit ended."""
    run(
        """UPDATE order_line SET reason = %s, promise_on = NULL, expected_on = NULL
           WHERE id = ANY(%s) AND reserved + backordered + preordered = 0""",
        [reason.value, line_ids],
    )


def _wanted(
    order: OrderFacts, order_lines: list[LineFacts], units_by_sku: Mapping[str, int] | None
) -> list[tuple[LineFacts, int]]:
    """Which lines lose how many units. Raises Refused where they cannot."""
    if units_by_sku is None:
        wanted = [(line, line.open_units - line.cancel_requested) for line in order_lines]
        wanted = [(line, units) for line, units in wanted if units > 0]
        if not wanted:
            raise Refused(f"order {order.ref!r} has no open units{_why_closed(order, order_lines)}")
        return wanted
    chosen: list[tuple[LineFacts, int]] = []
    for sku, units in units_by_sku.items():
        line = known_line(order, order_lines, sku)
        if units < 1:
            raise Malformed(f"order {order.ref!r}, product {sku!r}: at least 1 unit must be cancelled")
        open_units = line.open_units - line.cancel_requested
        if units > open_units:
            why = _why_closed(order, [line])
            raise Refused(f"order {order.ref!r}, product {sku!r}: only {open_units} of {units} units are open{why}")
        chosen.append((line, units))
    return chosen


def _why_closed(order: OrderFacts, order_lines: list[LineFacts]) -> str:
    """What became of the other units, after a colon; nothing where more was asked for than there ever was."""
    if any(line.cancel_requested for line in order_lines):
        return ": a cancellation waits for the floor"
    if any(line.shipped for line in order_lines):
        return ": already shipped"
    if any(line.cancelled for line in order_lines):
        return ": already cancelled"
    return "" if order.state in ("open", "held") else f": the order is {order.state}"


def cancel_units(line: LineFacts, units: int) -> int:
    """Cancels units of a line as far as the floor does not have them; how many. The rest becomes a request."""
    on_the_floor = max(0, units - (line.open_units - line.picked))
    at_once = units - on_the_floor
    waiting_in_parcels = max(0, at_once - line.free_units)
    if waiting_in_parcels:
        thawing.thaw(line.id, waiting_in_parcels, ("released",))
    if at_once:
        lines.take_from_claims(line.id, at_once)
        lines.close_units(line.id, at_once, cancelled=at_once)
    if on_the_floor:
        run(
            "UPDATE order_line SET cancel_requested_units = cancel_requested_units + %s WHERE id = %s",
            [on_the_floor, line.id],
        )
    return at_once
