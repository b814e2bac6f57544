"""The state of an order, which follows from its lines, and the estimate of lines that a day passes over."""

from collections.abc import Collection, Iterable
from datetime import date

from raincheck.store import live
from raincheck.store.db import rows, run


def settle_orders(orders: Iterable[int]) -> None:
    """Gives orders the state that follows from their lines. Held and cancel-requested stand while units are open.

    Lines of one order can end in two transactions at once, each under the locks of its own products. So an order of
    which a line has ended is locked before its lines are added up: whoever comes last sees them all.
    """
    touched = sorted(orders)
    if not touched:
        return
    live.changed(orders=touched)
    rows(
        """SELECT id FROM sales_order o WHERE id = ANY(%s) AND EXISTS (
               SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.reserved + l.backordered + l.preordered = 0)
           ORDER BY id FOR NO KEY UPDATE""",
        [touched],
    )
    run(
        """UPDATE sales_order o SET state = v.state FROM (
               SELECT order_id, CASE
                   WHEN sum(reserved + backordered + preordered) > 0 THEN NULL
                   WHEN sum(shipped) > 0 THEN 'complete'
                   WHEN EXISTS (SELECT 1 FROM claim c WHERE c.order_id = l.order_id) THEN 'cancelled'
                   ELSE 'refused' END AS state
               FROM order_line l WHERE order_id = ANY(%s) GROUP BY order_id) v
           WHERE o.id = v.order_id AND v.state IS NOT NULL AND o.state <> v.state""",
        [touched],
    )


def move_on_expected(today_on: date, sites: Collection[int] = (), *, but_not: bool = True) -> int:
    """Lines that could leave today but have not are delivered no sooner than on `today_on`; how many moved on.

    It speaks of stock at all sites but these, or (`but_not` False) of stock at these alone.
    The estimate of stock on the shelf moves with the day alone, so it needs no pass. Parcels that wait out their
    handling have their day. Rows that somebody is writing are left to them.
    """
    return run(
        """WITH behind AS (
               SELECT l.id FROM order_line l WHERE l.reserved > 0 AND l.expected_on < %s AND EXISTS (
                   SELECT 1 FROM peg g JOIN stock_level sv ON sv.id = g.stock_level_id
                   LEFT JOIN shipment_line sl ON sl.id = g.shipment_line_id
                   LEFT JOIN shipment s ON s.id = sl.shipment_id
                   WHERE g.line_id = l.id AND g.kind = 'stock' AND NOT g.is_preorder
                         AND (sv.site_id = ANY(%s)) IS DISTINCT FROM %s
                         AND coalesce(s.state, '') <> 'released')
               ORDER BY l.id FOR NO KEY UPDATE SKIP LOCKED)
           UPDATE order_line l SET expected_on = %s FROM behind WHERE behind.id = l.id""",
        [today_on, list(sites), but_not, today_on],
    )
