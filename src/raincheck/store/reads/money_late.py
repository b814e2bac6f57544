"""What lateness costs: units cancelled by law or after a delay, the refunds that followed, units that came late.

A unit is late that is not with the customer on the first day that was told for its line: the first promise is never
changed, so it is what the customer relied on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.reads.company import CompanyFace
from raincheck.store.reads.named import named_rows

KINDS: Final = ("law", "cancelled", "arrived", "open")
"""How lateness shows: cancelled by law; cancelled by anybody after a delay; arrived late; late and still open."""

# A cancel is told in the transaction that made it, with its units; a refund has the instant at which it was asked.
_LATE: Final = """
    SELECT n.id * 2 AS id, n.at, o.id AS order_id, o.ref AS order_ref, p.sku,
           coalesce(nullif(p.name, ''), p.sku) AS product, coalesce(s.code, '') AS supplier,
           CASE WHEN n.detail->>'by' = 'law' THEN 'law' ELSE 'cancelled' END AS kind,
           (v->>'units')::bigint AS units, (v->>'units')::bigint * l.unit_price AS value, l.first_promise_on,
           nullif(greatest((n.at AT TIME ZONE %(zone)s)::date - l.first_promise_on, 0), 0) AS days_late
    FROM notice n CROSS JOIN LATERAL jsonb_array_elements(n.detail->'lines') v
    JOIN sales_order o ON o.id = n.order_id JOIN product p ON p.sku = v->>'sku'
    JOIN order_line l ON l.order_id = o.id AND l.product_id = p.id LEFT JOIN supplier s ON s.id = p.supplier_id
    WHERE n.event = 'cancelled'
      AND (n.detail->>'by' = 'law' OR l.first_promise_on < (n.at AT TIME ZONE %(zone)s)::date
           OR EXISTS (SELECT 1 FROM told_date t JOIN claim k ON k.id = t.claim_id
                      WHERE k.line_id = l.id AND t.word = 'delayed' AND t.at < n.at))
    UNION ALL
    SELECT h.id * 2 + 1, coalesce(h.delivered_at, h.delivers_at), o.id, o.ref, p.sku,
           coalesce(nullif(p.name, ''), p.sku), coalesce(s.code, ''), 'arrived',
           sum(coalesce(sl.kits, sl.units))::bigint,
           sum(coalesce(sl.kits, sl.units)) * l.unit_price, l.first_promise_on,
           (coalesce(h.delivered_at, h.delivers_at) AT TIME ZONE %(zone)s)::date - l.first_promise_on
    FROM shipment h JOIN shipment_line sl ON sl.shipment_id = h.id AND sl.units > 0
    JOIN order_line l ON l.id = sl.line_id JOIN sales_order o ON o.id = l.order_id
    JOIN product p ON p.id = l.product_id LEFT JOIN supplier s ON s.id = p.supplier_id
    WHERE h.state IN ('shipped', 'delivered')
      AND (coalesce(h.delivered_at, h.delivers_at) AT TIME ZONE %(zone)s)::date > l.first_promise_on
    GROUP BY h.id, o.id, p.id, s.id, l.id
    UNION ALL
    SELECT l.id * 2, NULL, o.id, o.ref, p.sku, coalesce(nullif(p.name, ''), p.sku), coalesce(s.code, ''), 'open',
           l.reserved + l.backordered + l.preordered, (l.reserved + l.backordered + l.preordered) * l.unit_price,
           l.first_promise_on, %(today)s - l.first_promise_on
    FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
    LEFT JOIN supplier s ON s.id = p.supplier_id
    WHERE o.state IN ('open', 'held', 'cancel_requested') AND l.reserved + l.backordered + l.preordered > 0
      AND l.first_promise_on < %(today)s"""

_DATED: Final = f"""
    SELECT v.*, date_trunc('month', coalesce(v.at AT TIME ZONE %(zone)s, %(today)s::timestamp))::date AS month
    FROM ({_LATE}) v"""


@dataclass(frozen=True, slots=True)
class LateOfMonth:
    """A month: units and their value at the orders' prices, by how the lateness showed, and what was refunded.

    `refunded` is what went back with cancels of that month; goods that were not paid yet cost no refund.
    """

    month: date
    law_units: int
    cancelled_units: int
    cancelled_value: Decimal
    refunded: Decimal
    arrived_units: int
    arrived_value: Decimal


@dataclass(frozen=True, slots=True)
class LateOpen:
    """What is late and still open today."""

    orders: int
    units: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class LateRow:
    """Late units of one line, by one cancel or parcel, or still open (`at` None), counted from the first promise."""

    id: int
    order_id: int
    at: datetime | None
    order_ref: str
    sku: str
    product: str
    supplier: str
    kind: str
    units: int
    value: Decimal
    first_promise_on: date | None
    days_late: int | None
    month: date

    @property
    def place(self) -> "Place":
        """Where it stands in the list that is gone through page by page."""
        return self.order_id, self.kind, self.id, self.sku


Place = tuple[int, str, int, str]
START: Final[Place] = (0, "", 0, "")
"""Before the first row."""


def late_by_month(company: CompanyFace, today: date, months: int) -> list[LateOfMonth]:
    """The latest months in which something late ended, the newest first."""
    return named_rows(
        LateOfMonth,
        f"""WITH late AS ({_DATED}),
                 back AS (SELECT v.month, sum(m.amount) AS refunded
                          FROM (SELECT DISTINCT month, order_id, at FROM late WHERE kind IN ('law', 'cancelled')) v
                          JOIN payment m ON m.order_id = v.order_id AND m.kind = 'refund' AND m.currency = %(currency)s
                          LEFT JOIN card_request r ON r.id = m.request_id
                          WHERE coalesce(r.created_at, m.at) = v.at GROUP BY v.month)
            SELECT month, coalesce(sum(units) FILTER (WHERE kind = 'law'), 0)::bigint AS law_units,
                   coalesce(sum(units) FILTER (WHERE kind = 'cancelled'), 0)::bigint AS cancelled_units,
                   coalesce(sum(value) FILTER (WHERE kind IN ('law', 'cancelled')), 0) AS cancelled_value,
                   coalesce((SELECT b.refunded FROM back b WHERE b.month = late.month), 0) AS refunded,
                   coalesce(sum(units) FILTER (WHERE kind = 'arrived'), 0)::bigint AS arrived_units,
                   coalesce(sum(value) FILTER (WHERE kind = 'arrived'), 0) AS arrived_value
            FROM late WHERE kind <> 'open' GROUP BY month ORDER BY month DESC LIMIT %(months)s""",
        {**_params(company, today), "months": months},
    )


def late_open(company: CompanyFace, today: date) -> LateOpen:
    """What is late today and has not left."""
    (found,) = named_rows(
        LateOpen,
        f"""SELECT count(DISTINCT order_id)::int AS orders, coalesce(sum(units), 0)::bigint AS units,
                   coalesce(sum(value), 0) AS value
            FROM ({_LATE}) v WHERE kind = 'open'""",
        _params(company, today),
    )
    return found


def late_rows(
    company: CompanyFace, today: date, month: date | None, kind: str, limit: int | None, after: Place | None = None
) -> list[LateRow]:
    """What is behind a month (None: all) and a kind ("": all), the latest first; at most `limit` rows.

    With `after` order by order, those behind that place alone: a list to go through page by page.
    """
    order, of_kind, id_, sku = after or START
    return named_rows(
        LateRow,
        f"""SELECT id, order_id, month, at, order_ref, sku, product, supplier, kind, units, value,
                   first_promise_on, days_late
            FROM ({_DATED}) v
            WHERE (%(month)s::date IS NULL OR (month = %(month)s AND kind <> 'open'))
                  AND (%(kind)s = '' OR kind = %(kind)s)
                  AND (order_id, kind COLLATE "C", id, sku COLLATE "C")
                      > (%(after_order)s, %(after_kind)s, %(after_id)s, %(after_sku)s)
            ORDER BY {_NEWEST if after is None else _ORDER_BY_ORDER} LIMIT %(limit)s""",
        {
            **_params(company, today),
            "month": month,
            "kind": kind,
            "limit": limit,
            "after_order": order,
            "after_kind": of_kind,
            "after_id": id_,
            "after_sku": sku,
        },
    )


_NEWEST: Final = "at DESC NULLS FIRST, kind, id DESC, sku"
_ORDER_BY_ORDER: Final = 'order_id, kind COLLATE "C", id, sku COLLATE "C"'


def _params(company: CompanyFace, today: date) -> dict[str, Any]:
    return {"zone": company.timezone, "currency": company.currency, "today": today}
