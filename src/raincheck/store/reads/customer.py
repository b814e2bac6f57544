"""One customer, whole: their orders, messages, money, what we promised them and whether we kept it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from raincheck.store.reads.named import first_named, named_rows

MOST_ORDERS: Final = 50
MOST_MESSAGES: Final = 20


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The customer. `open_value` is what is ordered and not yet sent, `captured` and `refunded` sums of all orders."""

    id: int
    code: str
    name: str
    email: str
    phone: str
    tier: str
    country: str
    postcode: str
    orders: int
    open_orders: int
    open_value: Decimal
    captured: Decimal
    refunded: Decimal
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class TheirOrder:
    """An order of theirs. `expected_on` is the day of its last open unit (None: done, or nobody knows)."""

    ref: str
    state: str
    placed_at: datetime
    channel: str
    value: Decimal
    open_units: int
    undated: int
    told_on: date | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Promises:
    """Lines of which the first day told was kept, was broken, or is still to come."""

    kept: int
    broken: int
    running: int


@dataclass(frozen=True, slots=True)
class TheirMessage:
    """A message to them."""

    id: int
    at: datetime
    event: str
    channel: str
    state: str
    ref: str
    subject: str


def customer_view(code: str) -> CustomerView | None:
    """The customer with this code, or None."""
    return first_named(
        CustomerView,
        """SELECT u.id, u.code, u.name, u.email, u.phone, u.tier, u.country, u.postcode,
                  count(o.id) AS orders,
                  count(o.id) FILTER (WHERE o.state IN ('open', 'held', 'cancel_requested')) AS open_orders,
                  coalesce(sum((SELECT sum((l.reserved + l.backordered + l.preordered) * l.unit_price)
                                FROM order_line l WHERE l.order_id = o.id)), 0) AS open_value,
                  coalesce(sum((SELECT sum(amount) FROM payment
                                WHERE order_id = o.id AND kind = 'capture')), 0) AS captured,
                  coalesce(sum((SELECT sum(amount) FROM payment
                                WHERE order_id = o.id AND kind = 'refund')), 0) AS refunded,
                  min(o.placed_at) AS first_at
           FROM customer u LEFT JOIN sales_order o ON o.customer_id = u.id AND o.state <> 'basket'
           WHERE u.code = %(code)s GROUP BY u.id""",
        {"code": code},
    )


def orders_of(customer: int) -> list[TheirOrder]:
    """Their orders: those with something open first, then the latest."""
    return named_rows(
        TheirOrder,
        """SELECT o.ref, o.state, o.placed_at, o.channel, v.value, v.open_units, v.undated, v.told_on,
                  CASE WHEN v.undated = 0 THEN v.expected_on END AS expected_on
           FROM sales_order o CROSS JOIN LATERAL (
               SELECT coalesce(sum(l.unit_price * (l.ordered - l.cancelled - l.refused)), 0) AS value,
                      coalesce(sum(l.reserved + l.backordered + l.preordered), 0)::bigint AS open_units,
                      count(*) FILTER (WHERE l.reserved + l.backordered + l.preordered > 0 AND l.expected_on IS NULL)
                          AS undated,
                      max(l.expected_on) AS expected_on,
                      (SELECT max(c.told_on) FROM claim c WHERE c.order_id = o.id AND c.units > 0) AS told_on
               FROM order_line l WHERE l.order_id = o.id) v
           WHERE o.customer_id = %(customer)s AND o.state <> 'basket'
           ORDER BY o.state NOT IN ('open', 'held', 'cancel_requested'), o.placed_at DESC, o.id DESC LIMIT %(most)s""",
        {"customer": customer, "most": MOST_ORDERS},
    )


def promises_to(customer: int, today: date) -> Promises:
    """How the first days told to them were kept: by the day on which the last unit of each line was delivered."""
    found = first_named(
        Promises,
        """SELECT count(*) FILTER (WHERE NOT is_open AND delivered_on <= first_promise_on) AS kept,
                  count(*) FILTER (WHERE (is_open AND first_promise_on < %(today)s)
                                      OR (NOT is_open AND delivered_on > first_promise_on)) AS broken,
                  count(*) FILTER (WHERE is_open AND first_promise_on >= %(today)s) AS running
           FROM (SELECT l.first_promise_on, l.reserved + l.backordered + l.preordered > 0 AS is_open,
                        (SELECT max(coalesce(s.delivered_at, s.delivers_at))::date FROM shipment_line sl
                         JOIN shipment s ON s.id = sl.shipment_id
                         WHERE sl.line_id = l.id AND s.shipped_at IS NOT NULL) AS delivered_on
                 FROM order_line l JOIN sales_order o ON o.id = l.order_id
                 WHERE o.customer_id = %(customer)s AND o.state <> 'basket' AND l.first_promise_on IS NOT NULL) line""",
        {"customer": customer, "today": today},
    )
    return found or Promises(0, 0, 0)


def messages_to(customer: int) -> list[TheirMessage]:
    """The latest messages to them."""
    return named_rows(
        TheirMessage,
        """SELECT n.id, n.at, n.event, n.channel, n.state, o.ref, n.subject
           FROM sales_order o JOIN notice n ON n.order_id = o.id WHERE o.customer_id = %(customer)s
           ORDER BY n.id DESC LIMIT %(most)s""",
        {"customer": customer, "most": MOST_MESSAGES},
    )
