"""An order as its own customer sees it: what the order's outcome says, and what the page needs beside it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raincheck.store.db import rows
from raincheck.store.reads.law import ClockView, Withdrawal, clocks_of, withdrawal
from raincheck.store.reads.named import first_named, named_rows
from raincheck.store.reads.order_history import OrderHistory, order_history
from raincheck.store.reads.order_outcome import LineOutcome, OrderOutcome, order_outcome
from raincheck.store.reads.paying import Paying, paying
from raincheck.store.ship_to import Address, read_address


@dataclass(frozen=True, slots=True)
class LineExtra:
    """What the outcome of a line does not say. `told_on` binds; `is_told` says that every open unit has a told day.

    `floor_units` are picked or packed.
    """

    id: int
    name: str
    available_from: date | None
    lead_time_days: int | None
    told_on: date | None
    is_told: bool
    floor_units: int


@dataclass(frozen=True, slots=True)
class Owner:
    """The customer, their wishes apart. Nobody: an order without one."""

    customer_id: int | None
    name: str
    email: str
    phone: str
    country: str


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    """Everything that the page shows. `sure` says of inbounds, by reference, how often dates like theirs are kept."""

    outcome: OrderOutcome
    extras: dict[int, LineExtra]
    owner: Owner
    address: Address
    history: OrderHistory
    clocks: tuple[ClockView, ...]
    withdrawal: Withdrawal | None
    sure: dict[str, Decimal]
    paying: Paying

    @property
    def ref(self) -> str:
        """The order's reference."""
        return self.outcome.ref

    def name_of(self, sku: str) -> str:
        """What a product of the order is called."""
        ids = {line.sku: line.id for line in self.outcome.lines}
        return self.extras[ids[sku]].name if sku in ids else sku

    def cancellable(self, line: LineOutcome) -> int:
        """Units of a line that can still be cancelled."""
        return open_units(line) - line.cancel_requested

    @property
    def is_open(self) -> bool:
        """Whether units are still to be sent."""
        return any(self.cancellable(line) for line in self.outcome.lines)


def open_units(line: LineOutcome) -> int:
    """Units that are neither shipped nor cancelled nor refused."""
    return line.reserved + line.backordered + line.preordered


def customer_order(ref: str) -> CustomerOrder | None:
    """The order with this reference, or None. Some twenty small queries, whatever the order."""
    outcome = order_outcome(ref)
    if outcome is None:
        return None
    return CustomerOrder(
        outcome,
        {extra.id: extra for extra in _extras(outcome.id)},
        _owner(outcome.id),
        read_address(outcome.id),
        order_history(outcome.id, ref),
        tuple(clocks_of(outcome.id)),
        withdrawal(outcome.id),
        _sure(outcome.id),
        paying(outcome.id),
    )


def _extras(order: int) -> list[LineExtra]:
    return named_rows(
        LineExtra,
        """SELECT l.id, coalesce(nullif(p.name, ''), p.sku) AS name, p.available_from, s.lead_time_days, c.told_on,
                  coalesce(c.is_told, false) AS is_told, coalesce(f.units, 0)::bigint AS floor_units
           FROM order_line l JOIN product p ON p.id = l.product_id LEFT JOIN supplier s ON s.id = p.supplier_id
           LEFT JOIN LATERAL (
               SELECT max(told_on) AS told_on, bool_and(told_on IS NOT NULL) AS is_told FROM claim
               WHERE order_id = l.order_id AND line_id = l.id AND units > 0) c ON true
           LEFT JOIN LATERAL (
               SELECT sum(g.units / k.per_kit) AS units FROM peg g JOIN claim k ON k.id = g.claim_id
               JOIN shipment_line sl ON sl.id = g.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
               WHERE g.line_id = l.id AND k.is_counted AND s.state IN ('picked', 'packed')) f ON true
           WHERE l.order_id = %(order)s""",
        {"order": order},
    )


def _owner(order: int) -> Owner:
    found = first_named(
        Owner,
        """SELECT c.id AS customer_id, coalesce(c.name, '') AS name, coalesce(c.email, '') AS email,
                  coalesce(c.phone, '') AS phone, coalesce(nullif(o.country, ''), c.country, '') AS country
           FROM sales_order o LEFT JOIN customer c ON c.id = o.customer_id WHERE o.id = %(order)s""",
        {"order": order},
    )
    if found is None:
        raise LookupError(f"order {order} does not exist")
    return found


def _sure(order: int) -> dict[str, Decimal]:
    """Only where the day still is the one that was made with this confidence."""
    found = rows(
        """SELECT i.ref, min(il.confidence) FROM peg g JOIN order_line l ON l.id = g.line_id
           JOIN inbound_line il ON il.id = g.inbound_line_id JOIN inbound i ON i.id = il.inbound_id
           WHERE l.order_id = %s GROUP BY i.ref
           HAVING bool_and(il.confidence IS NOT NULL AND il.expected_on = il.dated_on)""",
        [order],
    )
    return dict(found)
