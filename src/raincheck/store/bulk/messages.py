"""What many new orders' customers are told at once: the same messages that one order gets, written by set."""

from collections.abc import Sequence
from datetime import datetime

from raincheck.store.db import run
from raincheck.store.reached import ADDRESS, CHANNEL
from raincheck.store.webhooks import TELL_ENDPOINTS

_NOTICE = f"""
    WITH told AS (
        INSERT INTO notice (at, event, order_id, customer_id, fact_id, channel, detail, state, attempts, address,
                            subject, body, failure)
        SELECT %s, %s, o.id, o.customer_id, %s, {CHANNEL}, v.detail,
               CASE WHEN {CHANNEL} <> 'none' THEN 'queued' ELSE 'kept' END, 0, {ADDRESS}, '', '', ''
        FROM ({{messages}}) v JOIN sales_order o ON o.id = v.order_id LEFT JOIN customer c ON c.id = o.customer_id
        ORDER BY o.id
        ON CONFLICT (order_id, event, fact_id) DO NOTHING
        RETURNING id, at, event, order_id, fact_id)
    {TELL_ENDPOINTS}"""  # noqa: S608 - made of constants of ours; values go in as parameters

_CONFIRMED = """
    SELECT l.order_id, jsonb_build_object('lines', jsonb_agg(jsonb_build_object(
               'sku', p.sku, 'name', p.name, 'units', l.ordered, 'reserved', l.reserved + l.shipped,
               'waiting', l.backordered + l.preordered, 'refused', l.refused, 'on', l.first_promise_on,
               'unit_price', trim_scale(l.unit_price)::text) ORDER BY l.id)) AS detail
    FROM order_line l JOIN product p ON p.id = l.product_id
    WHERE l.order_id = ANY(%s) GROUP BY l.order_id HAVING sum(l.ordered - l.refused) > 0"""

_BACKORDERED = """
    SELECT l.order_id, jsonb_build_object('lines', jsonb_agg(jsonb_build_object(
               'sku', p.sku, 'name', p.name, 'units', l.backordered, 'on', l.promise_on) ORDER BY p.sku)) AS detail
    FROM order_line l JOIN product p ON p.id = l.product_id JOIN sales_order o ON o.id = l.order_id
    WHERE l.order_id = ANY(%s) AND l.backordered > 0 GROUP BY l.order_id, o.wanted_on
    HAVING NOT coalesce(bool_and(l.expected_on IS NOT NULL AND l.expected_on <= o.wanted_on), false)"""


def confirm_orders(orders: Sequence[int], fact: int, at: datetime) -> None:
    """Confirms new orders of which anything was accepted, and says what of them waits."""
    for event, messages in (("order_confirmed", _CONFIRMED), ("backordered", _BACKORDERED)):
        run(_NOTICE.format(messages=messages), [at, event, fact, list(orders)])
