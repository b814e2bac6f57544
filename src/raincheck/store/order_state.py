"""The state of an order: it follows from its lines."""

from collections.abc import Iterable

from raincheck.store import live
from raincheck.store.db import run


def settle_orders(orders: Iterable[int]) -> None:
    """Gives orders the state that follows from their lines. Held and cancel-requested stand while units are open."""
    touched = sorted(orders)
    live.changed(orders=touched)
    run(
        """UPDATE sales_order o SET state = v.state FROM (
               SELECT order_id, CASE
                   WHEN sum(reserved + backordered + preordered) > 0 THEN NULL
                   WHEN sum(shipped) > 0 THEN 'complete'
                   WHEN sum(cancelled) > 0 THEN 'cancelled'
                   WHEN sum(refused) > 0 THEN 'refused'
                   ELSE 'cancelled' END AS state
               FROM order_line WHERE order_id = ANY(%s) GROUP BY order_id) v
           WHERE o.id = v.order_id AND v.state IS NOT NULL AND o.state <> v.state""",
        [touched],
    )
