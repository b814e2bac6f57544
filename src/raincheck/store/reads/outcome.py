"""Everything that came of a run: what a drill prints, as rows in an order that does not depend on chance.

`since` leaves out what was over before an instant, for a run that began with a copy of a living company.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from raincheck.store.reads.named import named_rows

BEGINNING: Final = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An order line's figures and dates, with its order's state."""

    order_ref: str
    state: str
    sku: str
    ordered: int
    reserved: int
    backordered: int
    preordered: int
    shipped: int
    cancelled: int
    refused: int
    returned: int
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeParcelLine:
    """Units of an order that the carrier took."""

    shipment: int
    at: datetime
    site: str
    order_ref: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True)
class OutcomeNotice:
    """A message. `customer` is None for an order without one."""

    at: datetime
    customer: str | None
    order_ref: str
    event: str
    channel: str


@dataclass(frozen=True, slots=True)
class OutcomePurchaseLine:
    """A purchase order's line, with the order's state."""

    po: str
    state: str
    sku: str
    ordered: int
    received: int
    damaged: int


@dataclass(frozen=True, slots=True)
class OutcomeStock:
    """What lies at a site and what it is still owed, once any of it was ever above zero."""

    site: str
    sku: str
    on_hand: int
    reserved: int
    unsellable: int
    inbound: int


@dataclass(frozen=True, slots=True)
class OutcomePayment:
    """A movement of money."""

    at: datetime
    order_ref: str
    kind: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class OutcomeDate:
    """A date that a customer was told for a product of an order; None: that there is none (any more)."""

    at: datetime
    order_ref: str
    sku: str
    told_on: date | None


def order_lines(since: datetime = BEGINNING) -> list[OutcomeLine]:
    """Lines of orders that are open, or that something was told about, in the order of placing."""
    return named_rows(
        OutcomeLine,
        """SELECT o.ref AS order_ref, o.state, p.sku, l.ordered, l.reserved, l.backordered, l.preordered, l.shipped,
                  l.cancelled, l.refused, l.returned, l.first_promise_on, l.promise_on, l.expected_on, l.reason
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           WHERE o.state <> 'basket' AND (o.state IN ('open', 'held', 'cancel_requested') OR o.placed_at >= %(since)s
              OR EXISTS (SELECT 1 FROM notice n WHERE n.order_id = o.id AND n.at >= %(since)s))
           ORDER BY o.id, l.id""",
        {"since": since},
    )


def parcel_lines(since: datetime = BEGINNING) -> list[OutcomeParcelLine]:
    """What the carrier has, by time, then by the rank of the parcel's first order; a parcel's orders in rank order.

    Kits print as kits. A parcel that brings no more than parts of kits which count in another one prints those parts.
    """
    return named_rows(
        OutcomeParcelLine,
        """WITH kept AS (
               SELECT sl.*, (sum(sl.kits) OVER (PARTITION BY sl.shipment_id, sl.line_id)) > 0 AS has_kits
               FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id WHERE s.shipped_at >= %(since)s),
           content AS (
               SELECT k.shipment_id, k.line_id,
                      CASE WHEN k.has_kits THEN l.product_id ELSE k.product_id END AS product_id,
                      CASE WHEN k.has_kits THEN k.kits ELSE k.units END AS units
               FROM kept k JOIN order_line l ON l.id = k.line_id)
           SELECT s.id AS shipment, s.shipped_at AS at, w.code AS site, o.ref AS order_ref, p.sku,
                  sum(sl.units)::bigint AS units
           FROM shipment s JOIN site w ON w.id = s.site_id JOIN sales_order first ON first.id = s.order_id
           JOIN content sl ON sl.shipment_id = s.id JOIN product p ON p.id = sl.product_id
           JOIN order_line l ON l.id = sl.line_id JOIN sales_order o ON o.id = l.order_id
           LEFT JOIN LATERAL (
               SELECT ROW(c.place, c.minus_score, c.joined_at) AS rank FROM claim c WHERE c.order_id = first.id
               ORDER BY c.place, c.minus_score, c.joined_at LIMIT 1) r ON true
           LEFT JOIN LATERAL (
               SELECT ROW(c.place, c.minus_score, c.joined_at) AS rank FROM claim c WHERE c.order_id = o.id
               ORDER BY c.place, c.minus_score, c.joined_at LIMIT 1) own ON true
           WHERE s.shipped_at >= %(since)s AND sl.units > 0
           GROUP BY s.id, w.code, first.ref, o.ref, p.sku, r.rank, own.rank
           ORDER BY s.shipped_at, r.rank, first.ref, w.code, s.id, own.rank, o.ref, min(sl.line_id)""",
        {"since": since},
    )


def notices(since: datetime = BEGINNING) -> list[OutcomeNotice]:
    """Every message, in the order in which they came about."""
    return named_rows(
        OutcomeNotice,
        """SELECT n.at, c.code AS customer, o.ref AS order_ref, n.event, n.channel
           FROM notice n JOIN sales_order o ON o.id = n.order_id LEFT JOIN customer c ON c.id = n.customer_id
           WHERE n.at >= %(since)s ORDER BY n.at, n.id""",
        {"since": since},
    )


def purchase_lines(since: datetime = BEGINNING) -> list[OutcomePurchaseLine]:
    """Lines of purchase orders that are live or came about since, in the order of entry."""
    return named_rows(
        OutcomePurchaseLine,
        """SELECT i.ref AS po, i.state, p.sku, l.ordered, l.received, l.damaged
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id JOIN product p ON p.id = l.product_id
           WHERE i.kind = 'purchase'
             AND (i.state NOT IN ('received', 'closed_short', 'cancelled') OR i.created_at >= %(since)s
                  OR EXISTS (SELECT 1 FROM fact f WHERE f.subject = 'purchase:' || i.ref AND f.at >= %(since)s))
           ORDER BY i.id, l.id""",
        {"since": since},
    )


def stock_rows() -> list[OutcomeStock]:
    """Stock by site and product, for every pair of which any figure was ever above zero."""
    return named_rows(
        OutcomeStock,
        """WITH owed AS (
               SELECT site_id, product_id, sum(owed)::bigint AS inbound FROM inbound_line
               WHERE owed > 0 OR confirmed > 0 GROUP BY site_id, product_id),
           held AS (
               SELECT s.site_id, s.product_id, s.on_hand, s.reserved, s.unsellable FROM stock_level s
               WHERE EXISTS (SELECT 1 FROM stock_entry e WHERE e.stock_level_id = s.id
                             AND (e.on_hand_units > 0 OR e.unsellable_units > 0)))
           SELECT w.code AS site, p.sku, coalesce(h.on_hand, 0) AS on_hand, coalesce(h.reserved, 0) AS reserved,
                  coalesce(h.unsellable, 0) AS unsellable, coalesce(o.inbound, 0) AS inbound
           FROM held h FULL JOIN owed o ON o.site_id = h.site_id AND o.product_id = h.product_id
           JOIN site w ON w.id = coalesce(h.site_id, o.site_id)
           JOIN product p ON p.id = coalesce(h.product_id, o.product_id)
           ORDER BY w.code COLLATE "C", p.sku COLLATE "C\"""",
        {},
    )


def payments(since: datetime = BEGINNING) -> list[OutcomePayment]:
    """Every movement of money, in the order in which they came about."""
    return named_rows(
        OutcomePayment,
        """SELECT m.at, o.ref AS order_ref, m.kind, m.amount, m.currency
           FROM payment m JOIN sales_order o ON o.id = m.order_id
           WHERE m.at >= %(since)s ORDER BY m.at, m.id""",
        {"since": since},
    )


def dates_told(since: datetime = BEGINNING) -> list[OutcomeDate]:
    """Every date in a message, in the order in which they were told."""
    return named_rows(
        OutcomeDate,
        """SELECT n.at, o.ref AS order_ref, line ->> 'sku' AS sku, (line ->> 'on')::date AS told_on
           FROM notice n JOIN sales_order o ON o.id = n.order_id,
                jsonb_array_elements(n.detail -> 'lines') WITH ORDINALITY AS told (line, nr)
           WHERE n.event IN ('backordered', 'date_expected', 'delayed', 'brought_forward') AND n.at >= %(since)s
           ORDER BY n.at, n.id, told.nr""",
        {"since": since},
    )
