"""What a webhook says of an order: what happened, as its notice recorded it, and the order as it stands."""

from typing import Any

import orjson

from raincheck.store.db import row


def order_event(notice: int) -> dict[str, Any] | None:
    """The data of an order's event; None if the notice is no more. One query."""
    found = row(
        """SELECT n.detail::text, jsonb_build_object(
                      'ref', o.ref, 'state', o.state, 'customer', c.code, 'channel', o.channel,
                      'country', o.country, 'postcode', o.postcode, 'placed_at', o.placed_at,
                      'wanted_on', o.wanted_on,
                      'lines', coalesce((SELECT jsonb_agg(jsonb_build_object(
                          'sku', p.sku, 'unit_price', l.unit_price::text, 'ordered', l.ordered,
                          'reserved', l.reserved, 'backordered', l.backordered, 'preordered', l.preordered,
                          'shipped', l.shipped, 'cancelled', l.cancelled, 'refused', l.refused,
                          'returned', l.returned, 'reason', l.reason, 'first_promise_on', l.first_promise_on,
                          'promise_on', l.promise_on, 'expected_on', l.expected_on) ORDER BY l.id)
                          FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = o.id),
                          '[]'))::text
           FROM notice n JOIN sales_order o ON o.id = n.order_id LEFT JOIN customer c ON c.id = n.customer_id
           WHERE n.id = %s""",
        [notice],
    )
    if found is None:
        return None
    detail, order = orjson.loads(found[0]), orjson.loads(found[1])
    return {"order": order, "lines": detail.pop("lines", []), "detail": detail}
