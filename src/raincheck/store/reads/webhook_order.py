"""What a webhook says of an order: what happened, as its notice recorded it, and the order as it stands.

In the form of the API: money has its decimals, an instant ends in Z.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

from raincheck.core.money import plain
from raincheck.store.carriers import TRACKED_EVENTS, TrackedParcel, parcels_of, tracked
from raincheck.store.db import row

_MONEY: Final = frozenset({"unit_price", "amount"})


def order_event(notice: int) -> dict[str, Any] | None:
    """The data of an order's event; None if the notice is no more. Two queries."""
    found = row(
        """SELECT n.event, n.detail::text, jsonb_build_object(
                      'ref', o.ref, 'state', o.state, 'customer', c.code, 'channel', o.channel,
                      'country', o.country, 'postcode', o.postcode,
                      'placed_at', to_char(o.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
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
    event, detail, order = found[0], orjson.loads(found[1]), orjson.loads(found[2])
    lines = detail.pop("lines", [])
    order["lines"] = [_money_in_plain(line) for line in order["lines"]]
    data = {"order": order, "lines": [_money_in_plain(line) for line in lines], "detail": _money_in_plain(detail)}
    if event in TRACKED_EVENTS:
        data["parcels"] = [_followed(parcel) for parcel in tracked(parcels_of(lines))]
    return data


def _money_in_plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """A fact's money is kept with the database's four decimals."""
    currency = str(said.get("currency") or "")
    return {
        name: plain(Decimal(str(value)), currency) if name in _MONEY and value is not None else value
        for name, value in said.items()
    }


def _followed(parcel: TrackedParcel) -> dict[str, Any]:
    return {
        "shipment": parcel.shipment,
        "carrier": parcel.carrier,
        "tracking_number": parcel.number,
        "tracking_url": parcel.url,
    }
