"""What a replay asks while it plays, and the figures that it ends with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raincheck.store.db import one, row, rows
from raincheck.store.reads.named import named_row


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What of an order's line can still be cancelled, and what can come back."""

    ref: str
    sku: str
    open_units: int
    returnable_units: int


def lines_of_customer(customer: str, skus: list[str]) -> list[LineLeft]:
    """A customer's lines of some products, of the latest order first."""
    found = rows(
        """SELECT o.ref, p.sku, l.reserved + l.backordered + l.preordered - l.cancel_requested_units,
                  l.shipped - l.returned
           FROM customer c JOIN sales_order o ON o.customer_id = c.id JOIN order_line l ON l.order_id = o.id
           JOIN product p ON p.id = l.product_id
           WHERE c.code = %s AND p.sku = ANY(%s)
                 AND l.reserved + l.backordered + l.preordered + l.shipped - l.returned > 0
           ORDER BY o.placed_at DESC, o.id DESC""",
        [customer, skus],
    )
    return [LineLeft(*values) for values in found]


def lines_of_order(ref: str) -> list[LineLeft]:
    """An order's lines."""
    found = rows(
        """SELECT o.ref, p.sku, l.reserved + l.backordered + l.preordered - l.cancel_requested_units,
                  l.shipped - l.returned
           FROM sales_order o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id
           WHERE o.ref = %s ORDER BY p.sku""",
        [ref],
    )
    return [LineLeft(*values) for values in found]


def on_hand(site: str, sku: str) -> int:
    """Units of a product on hand at a site."""
    found = row(
        """SELECT l.on_hand FROM stock_level l JOIN site s ON s.id = l.site_id JOIN product p ON p.id = l.product_id
           WHERE s.code = %s AND p.sku = %s""",
        [site, sku],
    )
    return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True)
class AtPlacing:
    """What lines got when their orders were placed: counted in lines, units and whole orders."""

    orders: int
    orders_filled: int
    lines: int
    lines_filled: int
    lines_waiting: int
    lines_refused: int
    units: int
    units_filled: int
    units_waiting: int
    units_refused: int


def at_placing() -> AtPlacing:
    """Read from what each order's customer was told when it was placed. A refused order was told nothing."""
    return named_row(
        AtPlacing,
        """WITH told AS (
               SELECT n.order_id, v->>'sku' AS sku, (v->>'reserved')::bigint AS filled,
                      (v->>'waiting')::bigint AS waiting
               FROM notice n, jsonb_array_elements(n.detail->'lines') v WHERE n.event = 'order_confirmed'),
           line AS (
               SELECT l.order_id, l.ordered, coalesce(t.filled, 0) AS filled, coalesce(t.waiting, 0) AS waiting,
                      l.refused
               FROM order_line l JOIN product p ON p.id = l.product_id
               LEFT JOIN told t ON t.order_id = l.order_id AND t.sku = p.sku)
           SELECT count(DISTINCT order_id) AS orders,
                  (SELECT count(*) FROM (SELECT 1 FROM line GROUP BY order_id HAVING bool_and(filled = ordered)) f)
                      AS orders_filled,
                  count(*) AS lines,
                  count(*) FILTER (WHERE filled = ordered) AS lines_filled,
                  count(*) FILTER (WHERE waiting > 0) AS lines_waiting,
                  count(*) FILTER (WHERE refused > 0) AS lines_refused,
                  coalesce(sum(ordered), 0)::bigint AS units,
                  coalesce(sum(filled), 0)::bigint AS units_filled,
                  coalesce(sum(waiting), 0)::bigint AS units_waiting,
                  coalesce(sum(refused), 0)::bigint AS units_refused
           FROM line""",
    )


@dataclass(frozen=True, slots=True)
class Promises:
    """What became of the first dates that lines were told.

    kept: all delivered by that day. late: all delivered, later. broken: the day has passed and units are open still.
    waiting: it has not come yet. cancelled: nothing of the line was ever delivered, and nothing is open.
    """

    promised: int
    kept: int
    late: int
    broken: int
    waiting: int
    cancelled: int
    late_days: Decimal | None


_FATES = """
    WITH line AS (
        SELECT l.id, l.first_promise_on, l.reserved + l.backordered + l.preordered AS open_units, l.shipped,
               (max(s.delivered_at) AT TIME ZONE %(timezone)s)::date AS delivered_on,
               EXISTS (SELECT 1 FROM notice n, jsonb_array_elements(n.detail->'lines') v
                       WHERE n.order_id = l.order_id AND n.event = 'order_confirmed' AND v->>'sku' = p.sku
                             AND (v->>'waiting')::bigint > 0) AS has_waited
        FROM order_line l JOIN product p ON p.id = l.product_id
        LEFT JOIN shipment_line sl ON sl.line_id = l.id LEFT JOIN shipment s ON s.id = sl.shipment_id
        WHERE l.first_promise_on IS NOT NULL GROUP BY l.id, p.sku),
    fate AS (
        SELECT *, CASE WHEN open_units > 0 AND first_promise_on < %(today)s THEN 'broken'
                       WHEN open_units > 0 THEN 'waiting'
                       WHEN shipped = 0 THEN 'cancelled'
                       WHEN delivered_on IS NULL AND first_promise_on < %(today)s THEN 'broken'
                       WHEN delivered_on IS NULL THEN 'waiting'
                       WHEN delivered_on > first_promise_on THEN 'late' ELSE 'kept' END AS fate
        FROM line)
    SELECT count(*) AS promised, count(*) FILTER (WHERE fate = 'kept') AS kept,
           count(*) FILTER (WHERE fate = 'late') AS late, count(*) FILTER (WHERE fate = 'broken') AS broken,
           count(*) FILTER (WHERE fate = 'waiting') AS waiting, count(*) FILTER (WHERE fate = 'cancelled') AS cancelled,
           round(avg(delivered_on - first_promise_on) FILTER (WHERE fate = 'late'), 1) AS late_days
    FROM fate"""


def promises(today: date, timezone: str, *, only_waited: bool) -> Promises:
    """Over all lines that were told a date, or only those that had to wait for units when they were placed."""
    condition = " WHERE has_waited" if only_waited else ""
    return named_row(Promises, _FATES + condition, {"today": today, "timezone": timezone})


@dataclass(frozen=True, slots=True)
class AtTheEnd:
    """How lines stand when the history is over, in units, and the lines that never had a date."""

    shipped: int
    returned: int
    cancelled: int
    still_waiting: int
    lines_still_waiting: int
    lines_never_dated: int


def at_the_end() -> AtTheEnd:
    """Over all lines."""
    return named_row(
        AtTheEnd,
        """SELECT coalesce(sum(shipped), 0)::bigint AS shipped, coalesce(sum(returned), 0)::bigint AS returned,
                  coalesce(sum(cancelled), 0)::bigint AS cancelled,
                  coalesce(sum(reserved + backordered + preordered), 0)::bigint AS still_waiting,
                  count(*) FILTER (WHERE reserved + backordered + preordered > 0) AS lines_still_waiting,
                  count(*) FILTER (WHERE first_promise_on IS NULL AND refused < ordered) AS lines_never_dated
           FROM order_line""",
    )


def messages() -> dict[str, int]:
    """How many messages of each event there were."""
    found = rows("SELECT event, count(*) FROM notice GROUP BY event ORDER BY event")
    return dict(found)


def dates_moved() -> int:
    """How often a date that was told was replaced by a later one or by none."""
    return int(one("SELECT count(*) FROM told_date WHERE word = 'delayed'")[0])
