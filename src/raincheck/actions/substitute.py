"""Another product instead of one that is waited for: line, price and consent stay on record (semantics 15)."""

from collections.abc import Mapping
from decimal import Decimal

from raincheck.actions.cancel_order import BY_CUSTOMER, cancel_units, close_ended_lines, known_line
from raincheck.actions.change_order import change_order
from raincheck.core.errors import Malformed, Refused
from raincheck.store import lines
from raincheck.store.company import read_settings
from raincheck.store.law_clocks import hand_clock_on
from raincheck.store.law_refunds import CancelledUnits, note_cancelled
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.order_money import settle_money
from raincheck.store.outbox import Outbox


def substitute(order: OrderFacts, open_lines: list[LineFacts], others: Mapping[str, str], outbox: Outbox) -> None:
    """Ends the open units of lines (as cancelled by the customer) and orders as many of another product instead.

    The other product stands at the end of its queue, at the agreed price, under the legal clock of the line that it
    stands in for. Raises Refused where it cannot be accepted in full, or the units are on the floor already: then
    everything stays as it was, the place in the queue included.
    """
    if len(set(others.values())) < len(others):
        raise Malformed(f"order {order.ref!r}: two products cannot be replaced by the same one")
    settings = read_settings()
    before = {line.sku: line for line in lines.read_lines(order.id)}
    replaced: dict[str, LineFacts] = {}
    wanted: dict[str, int] = {}
    for sku, other in others.items():
        line = known_line(order, open_lines, sku)
        if other in others:
            raise Malformed(f"order {order.ref!r}: {other!r} cannot be taken instead: it is to be replaced itself")
        if line.picked:
            raise Refused(f"order {order.ref!r}, product {sku!r}: the floor has it already")
        standing = before.get(other)
        if standing is not None and standing.unit_price > line.unit_price:
            raise Refused(f"order {order.ref!r}: {other!r} is on it at a higher price than was agreed for {sku!r}")
        replaced[other] = line
        wanted[other] = line.open_units + (standing.ordered if standing else 0)
        cancel_units(line, line.open_units)
    _ = outbox.fact
    noted = [CancelledUnits(line.id, line.open_units, Decimal(0)) for line in replaced.values()]
    change_order(order.ref, wanted, outbox.at, outbox.actor, replaced=replaced)
    note_cancelled(settings, outbox, noted, BY_CUSTOMER)
    close_ended_lines([line.id for line in replaced.values()], BY_CUSTOMER)
    after = {line.sku: line for line in lines.read_lines(order.id)}
    for other, line in replaced.items():
        taken = after[other]
        if taken.refused > (before[other].refused if other in before else 0):
            raise Refused(f"order {order.ref!r}: {line.open_units} of {other!r} cannot be had")
        hand_clock_on(settings, outbox, line.id, taken.id)
    settle_money(settings, outbox, [order.id])
