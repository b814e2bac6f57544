"""Feedback on record: whom to ask when, what was said, and who delivered the goods that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from raincheck.core.settings import Settings
from raincheck.store.db import one, row, rows, run
from raincheck.store.timers import TimerKind, drop_timers, set_timers

EVENT: Final = "feedback_asked"
WITHDRAWN: Final = "withdrawn: the order was opened again"

# Everything that was accepted has gone and arrived, and something of it did.
_ARRIVED: Final = """
    SELECT o.id FROM sales_order o WHERE o.id = ANY(%s) AND o.state = 'complete'
      AND EXISTS (SELECT 1 FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
                  JOIN shipment s ON s.id = sl.shipment_id WHERE l.order_id = o.id AND s.state = 'delivered')
      AND NOT EXISTS (SELECT 1 FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
                      JOIN shipment s ON s.id = sl.shipment_id
                      WHERE l.order_id = o.id AND s.state NOT IN ('delivered', 'cancelled'))"""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says. `score` answers "Did everything arrive as promised?", 1 (not at all) to 5; None: not said."""

    score: int | None = None
    cause: str = ""
    text: str = ""
    line: int | None = None
    product: int | None = None
    purchase: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a customer has said of an order and still stands by, and since when something is said."""

    id: int
    said: Said
    at: datetime
    first_at: datetime


def ask_later(settings: Settings, shipments: Sequence[int], at: datetime) -> None:
    """Orders of which the last parcel has arrived with these are asked after the company's `feedback_days`."""
    if settings.feedback_days is None or not shipments:
        return
    found = rows(
        """SELECT DISTINCT l.order_id FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id
           WHERE sl.shipment_id = ANY(%s) AND sl.units > 0""",
        [list(shipments)],
    )
    ask_later_about(settings, [order for (order,) in found], at)


def ask_later_about(settings: Settings, orders: Sequence[int], at: datetime) -> None:
    """Those of some orders that are complete, with everything arrived, are asked after `feedback_days`."""
    if settings.feedback_days is None or not orders:
        return
    due_at = at + timedelta(days=settings.feedback_days)
    set_timers((due_at, TimerKind.FEEDBACK, order) for (order,) in rows(_ARRIVED, [list(orders)]))


def to_be_asked(orders: Iterable[int]) -> list[int]:
    """Those of some orders whose customer is to be asked now.

    Nobody is asked twice, nor about an order that was opened again, that was cancelled or refused, or of which they
    have said something already; nor who does not want to be asked.
    """
    found = rows(
        """SELECT o.id FROM sales_order o WHERE o.id = ANY(%s)
              AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.order_id = o.id AND n.event = %s AND n.failure <> %s)
              AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.order_id = o.id AND f.source = 'customer')
              AND NOT EXISTS (SELECT 1 FROM feedback_opt_out x WHERE x.customer_id = o.customer_id)
              AND NOT EXISTS (SELECT 1 FROM customer_preference w
                              WHERE w.customer_id = o.customer_id AND NOT w.email AND w.sms IS NOT TRUE)
            ORDER BY o.id""",
        [[order for (order,) in rows(_ARRIVED, [list(orders)])], EVENT, WITHDRAWN],
    )
    return [order for (order,) in found]


def hold_question(order: int) -> None:
    """Waits for the question about an order, where it leaves in this moment: messages are locked before products."""
    rows(
        "SELECT id FROM notice WHERE order_id = %s AND event = %s AND state = 'queued' FOR NO KEY UPDATE",
        [order, EVENT],
    )


def withdraw(order: int) -> None:
    """An order was opened again: nobody is asked about it before its last parcel has arrived anew."""
    drop_timers(TimerKind.FEEDBACK, [order])
    run(
        "UPDATE notice SET state = 'kept', failure = %s WHERE order_id = %s AND event = %s AND state = 'queued'",
        [WITHDRAWN, order, EVENT],
    )


def delivered_lines(order: int) -> list[dict[str, object]]:
    """What arrived of an order, by SKU, as notices say it."""
    found = rows(
        """SELECT p.sku, p.name, l.shipped FROM order_line l JOIN product p ON p.id = l.product_id
           WHERE l.order_id = %s AND l.shipped > 0 ORDER BY p.sku""",
        [order],
    )
    return [{"sku": sku, "name": name, "units": units} for sku, name, units in found]


def has_arrived(order: int) -> bool:
    """Whether something of an order is with its customer."""
    found = row(
        """SELECT 1 FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
           JOIN shipment s ON s.id = sl.shipment_id WHERE l.order_id = %s AND s.state = 'delivered' LIMIT 1""",
        [order],
    )
    return found is not None


def lock_order(ref: str) -> int | None:
    """An order's row, locked alone, so that two answers to one question come one after the other; None: no such."""
    found = row("SELECT id FROM sales_order WHERE ref = %s FOR NO KEY UPDATE", [ref])
    return None if found is None else int(found[0])


def standing(order: int) -> Standing | None:
    """What the customer of an order has said last; None as long as nothing."""
    found = row(
        """SELECT f.id, f.score, f.cause, f.text, f.line_id, f.product_id, f.at,
                  (SELECT min(e.at) FROM feedback e WHERE e.order_id = f.order_id AND e.source = 'customer')
           FROM feedback f WHERE f.order_id = %s AND f.source = 'customer'
             AND NOT EXISTS (SELECT 1 FROM feedback n WHERE n.replaces_id = f.id)""",
        [order],
    )
    if found is None:
        return None
    id_, score, cause, text, line, product, at, first_at = found
    return Standing(id_, Said(score, cause, text, line, product), at, first_at)


def add(
    said: Said,
    at: datetime,
    *,
    source: str,
    order: int | None = None,
    language: str = "",
    actor: str = "",
    replaces: int | None = None,
) -> int:
    """Puts on record what somebody said; its id."""
    supplier = _supplier_of_line(said.line) if said.line else _supplier_of(said.product, said.purchase)
    found = one(
        """INSERT INTO feedback (at, source, order_id, line_id, product_id, supplier_id, purchase_id, score, cause,
                                 text, language, actor, replaces_id)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        [at, source, order, said.line, said.product, supplier, said.purchase, said.score, said.cause, said.text,
         language, actor, replaces],
    )  # fmt: skip
    return int(found[0])


def _supplier_of_line(line: int) -> int | None:
    """Who delivered what a line got: the purchase that came in last at the shelf that it left from, before it left.

    Where no receipt tells, the product's supplier.
    """
    found = row(
        """SELECT coalesce((
               SELECT i.supplier_id FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
               JOIN stock_entry e ON e.stock_level_id = sl.stock_level_id AND e.kind = 'received'
                                 AND e.at <= s.shipped_at
               JOIN inbound i ON i.kind = 'purchase' AND i.ref = e.reference
               WHERE sl.line_id = l.id AND sl.units > 0 ORDER BY s.shipped_at DESC, e.id DESC LIMIT 1), p.supplier_id)
           FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.id = %s""",
        [line],
    )
    return None if found is None else found[0]


def _supplier_of(product: int | None, purchase: int | None) -> int | None:
    found = row(
        """SELECT coalesce((SELECT supplier_id FROM inbound WHERE id = %s),
                           (SELECT supplier_id FROM product WHERE id = %s))""",
        [purchase, product],
    )
    return None if found is None else found[0]


def opt_out(order: int, at: datetime) -> bool:
    """The customer of an order is not asked again, about any order; False for an order without a customer."""
    return (
        run(
            """INSERT INTO feedback_opt_out (customer_id, at)
               SELECT customer_id, %s FROM sales_order WHERE id = %s AND customer_id IS NOT NULL
               ON CONFLICT DO NOTHING""",
            [at, order],
        )
        > 0
    )


def find_purchase(ref: str) -> int | None:
    """A purchase order's row."""
    found = row("SELECT id FROM inbound WHERE kind = 'purchase' AND ref = %s", [ref])
    return None if found is None else int(found[0])


def open_complaint(order: int | None, product: int | None, text: str, at: datetime, due_at: datetime) -> None:
    """Opens a task for service, one for an order however often its customer writes."""
    run(
        """INSERT INTO task (kind, text, order_id, product_id, opened_at, closed_by, due_at)
           SELECT 'complaint', left(%s, 500), %s, %s, %s, '', %s WHERE %s::bigint IS NULL OR NOT EXISTS (
               SELECT 1 FROM task WHERE kind = 'complaint' AND order_id = %s AND closed_at IS NULL)""",
        [text, order, product, at, due_at, order, order],
    )
