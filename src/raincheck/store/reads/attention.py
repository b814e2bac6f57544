"""What needs a person now. Each list is short and says what was left off by its total."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from raincheck.store.db import rows
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.waiting import WAITING_LINES

LISTED: Final = 5
ANSWER_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class DueInbound:
    """A purchase order or transfer that is due today or overdue. `waiting_orders` count on it."""

    kind: str
    ref: str
    sender: str
    site: str
    due_on: date
    owed_units: int
    pegged_units: int
    waiting_orders: int


@dataclass(frozen=True, slots=True)
class UnsuppliedProduct:
    """A product with waiting units that no supply covers.

    `asked_units` are on purchase orders not yet confirmed, `owed_units` confirmed and promised to others.
    """

    sku: str
    name: str
    units: int
    orders: int
    asked_units: int
    owed_units: int


@dataclass(frozen=True, slots=True)
class LateOrder:
    """An order whose told day has passed. `expected_on` None: nobody knows."""

    ref: str
    customer: str
    told_on: date
    expected_on: date | None
    units: int


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something the software handed to a person."""

    id: int
    kind: str
    text: str
    order_ref: str | None
    sku: str | None
    site: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class UnansweredPurchase:
    """A purchase order that was sent and not confirmed for more than `ANSWER_DAYS`."""

    ref: str
    supplier: str
    sent_at: datetime
    units: int


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything that waits for a person, the gravest first within each list."""

    tasks: list[OpenTask]
    inbound: list[DueInbound]
    late_orders: list[LateOrder]
    unsupplied: list[UnsuppliedProduct]
    unanswered: list[UnansweredPurchase]
    cancel_requests: list[str]
    failed_notices: int
    orders_to_pick: int


def attention(today: date, now: datetime, *, is_manual_warehouse: bool) -> Attention:
    """What needs a person. Eight small queries."""
    return Attention(
        tasks=_tasks(),
        inbound=_inbound(today),
        late_orders=_late_orders(today),
        unsupplied=_unsupplied(),
        unanswered=_unanswered(now - timedelta(days=ANSWER_DAYS)),
        cancel_requests=_cancel_requests(),
        failed_notices=_count("SELECT count(*) FROM notice WHERE state = 'failed'"),
        orders_to_pick=_count(ORDERS_TO_PICK) if is_manual_warehouse else 0,
    )


ORDERS_TO_PICK: Final = """
    SELECT count(DISTINCT o.id) FROM peg p JOIN order_line l ON l.id = p.line_id JOIN sales_order o ON o.id = l.order_id
    WHERE p.kind = 'stock' AND p.shipment_line_id IS NULL AND NOT p.is_preorder AND o.state = 'open'
      AND l.reason = 'on_hand'
"""


def _tasks() -> list[OpenTask]:
    return named_rows(
        OpenTask,
        """SELECT t.id, t.kind, t.text, o.ref AS order_ref, p.sku,
                  coalesce(nullif(s.name, ''), s.code) AS site, t.opened_at
           FROM task t LEFT JOIN sales_order o ON o.id = t.order_id LEFT JOIN product p ON p.id = t.product_id
           LEFT JOIN site s ON s.id = t.site_id
           WHERE t.closed_at IS NULL ORDER BY t.opened_at, t.id LIMIT 20""",
    )


def _inbound(today: date) -> list[DueInbound]:
    return named_rows(
        DueInbound,
        """SELECT i.kind, i.ref, coalesce(nullif(u.name, ''), u.code, nullif(f.name, ''), f.code, '') AS sender,
                  coalesce(nullif(s.name, ''), s.code) AS site, d.due_on,
                  d.owed_units, d.pegged_units,
                  (SELECT count(DISTINCT l.order_id) FROM inbound_line il
                   JOIN peg p ON p.product_id = il.product_id AND p.inbound_line_id = il.id
                   JOIN order_line l ON l.id = p.line_id WHERE il.inbound_id = i.id) AS waiting_orders
           FROM (SELECT inbound_id, min(due_on) AS due_on, sum(owed)::bigint AS owed_units,
                        sum(pegged)::bigint AS pegged_units
                 FROM inbound_line WHERE owed > 0 AND due_on <= %(today)s GROUP BY inbound_id
                 ORDER BY pegged_units DESC, due_on, inbound_id LIMIT %(listed)s) d
           JOIN inbound i ON i.id = d.inbound_id JOIN site s ON s.id = i.site_id
           LEFT JOIN supplier u ON u.id = i.supplier_id LEFT JOIN site f ON f.id = i.from_site_id
           ORDER BY d.due_on, d.pegged_units DESC, i.ref""",
        {"today": today, "listed": 2 * LISTED},
    )


def _late_orders(today: date) -> list[LateOrder]:
    return named_rows(
        LateOrder,
        f"""SELECT o.ref, coalesce(nullif(c.name, ''), c.code, '') AS customer, w.told_on, w.expected_on, w.units
            FROM (SELECT order_id, min(told_on) AS told_on, sum(units)::bigint AS units,
                         CASE WHEN bool_and(expected_on IS NOT NULL) THEN max(expected_on) END AS expected_on
                  FROM ({WAITING_LINES}) lines WHERE is_late GROUP BY order_id
                  ORDER BY told_on, order_id LIMIT {LISTED}) w
            JOIN sales_order o ON o.id = w.order_id LEFT JOIN customer c ON c.id = o.customer_id
            ORDER BY w.told_on, o.ref""",
        {"today": today},
    )


def _unsupplied() -> list[UnsuppliedProduct]:
    return named_rows(
        UnsuppliedProduct,
        f"""SELECT p.sku, p.name, u.units, u.orders,
                   coalesce((SELECT sum(il.ordered - il.received)
                             FROM inbound_line il JOIN inbound i ON i.id = il.inbound_id
                             WHERE il.product_id = p.id AND i.state IN ('draft', 'sent')), 0)::bigint AS asked_units,
                   coalesce((SELECT sum(owed) FROM inbound_line WHERE product_id = p.id AND owed > 0), 0)::bigint
                       AS owed_units
            FROM (SELECT p.product_id, sum(p.units)::bigint AS units, count(DISTINCT l.order_id) AS orders
                  FROM peg p JOIN order_line l ON l.id = p.line_id WHERE p.kind = 'none'
                  GROUP BY p.product_id ORDER BY units DESC, p.product_id LIMIT {LISTED}) u
            JOIN product p ON p.id = u.product_id ORDER BY u.units DESC, p.sku""",
    )


def _unanswered(before: datetime) -> list[UnansweredPurchase]:
    return named_rows(
        UnansweredPurchase,
        f"""SELECT i.ref, coalesce(nullif(u.name, ''), u.code, '') AS supplier, i.created_at AS sent_at,
                   (SELECT sum(ordered) FROM inbound_line WHERE inbound_id = i.id)::bigint AS units
            FROM inbound i LEFT JOIN supplier u ON u.id = i.supplier_id
            WHERE i.kind = 'purchase' AND i.state = 'sent' AND i.created_at < %(before)s
            ORDER BY i.created_at, i.ref LIMIT {LISTED}""",
        {"before": before},
    )


def _cancel_requests() -> list[str]:
    found = named_rows(
        _Ref, "SELECT ref FROM sales_order WHERE state = 'cancel_requested' ORDER BY placed_at, ref LIMIT 20"
    )
    return [order.ref for order in found]


@dataclass(frozen=True, slots=True)
class _Ref:
    ref: str


def _count(sql: str) -> int:
    ((count,),) = rows(sql)
    return int(count)
