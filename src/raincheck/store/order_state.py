"""The state of an order: it follows from its lines."""

from collections.abc import Iterable

from raincheck.store import live
from raincheck.store.db import rows, run


def settle_orders(orders: Iterable[int]) -> None:
    """Gives orders the state that follows from their lines. Held and cancel-requested stand while units are open.

    Lines of one order can end in two transactions at once, each under the locks of its own products. So an order of
    which a line has ended is locked before its lines are added up: whoever comes last sees them all.
    """
    touched = sorted(orders)
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
