"""The order lines and claims that actions change directly: new ones, fewer units, units given back by parcels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from raincheck.store.db import columns, rows, run


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What actions need to know of an order before they change it."""

    id: int
    ref: str
    state: str
    content: str
    charge: str
    country: str
    postcode: str
    channel: str
    customer: str | None
    tier: str
    wanted_on: date | None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What actions need to know of an order line. `frozen` units stand in parcels; `picked` of them on the floor.

    Of a kit all quantities are whole kits; `is_kit` says that its units are claimed as parts.
    """

    id: int
    product: int
    sku: str
    ordered: int
    open_units: int
    reserved: int
    shipped: int
    cancelled: int
    refused: int
    returned: int
    cancel_requested: int
    frozen: int
    picked: int
    ship: str
    backorders: str
    backorder_limit: int | None
    unit_price: Decimal
    charge: str
    latest_days: int | None
    minimum_units: int
    minimum_value: Decimal
    merge_hours: int
    is_kit: bool

    @property
    def free_units(self) -> int:
        """Open units that are in no parcel."""
        return self.open_units - self.frozen


def find_order(ref: str) -> OrderFacts | None:
    """An order by its reference."""
    found = rows(
        """SELECT o.id, o.ref, o.state, o.content, o.charge, o.country, o.postcode, o.channel, c.code,
                  coalesce(c.tier, ''), o.wanted_on
           FROM sales_order o LEFT JOIN customer c ON c.id = o.customer_id WHERE o.ref = %s AND o.state <> 'basket'""",
        [ref],
    )
    return OrderFacts(*found[0]) if found else None


def read_lines(order: int) -> list[LineFacts]:
    """The lines of an order, by SKU."""
    found = rows(
        """SELECT l.id, l.product_id, p.sku, l.ordered, l.reserved + l.backordered + l.preordered, l.reserved,
                  l.shipped, l.cancelled, l.refused, l.returned, l.cancel_requested_units,
                  coalesce(f.units, 0)::bigint, coalesce(f.picked, 0)::bigint,
                  l.ship, l.backorders, l.backorder_limit, l.unit_price,
                  CASE o.charge WHEN 'by_line' THEN l.policy->'charge'->>'value' ELSE o.charge END,
                  (l.policy->'latest_days'->>'value')::int, l.minimum_units, l.minimum_value, l.merge_hours,
                  EXISTS (SELECT 1 FROM claim k WHERE k.order_id = l.order_id AND k.line_id = l.id
                                                  AND k.kit_nr IS NOT NULL)
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN (
               SELECT line_id, sum(units / per_kit) AS units, sum(picked / per_kit) AS picked FROM (
                   SELECT g.line_id, c.per_kit, sum(g.units)::bigint AS units,
                          coalesce(sum(g.units) FILTER (WHERE s.state IN ('picked', 'packed')), 0)::bigint AS picked
                   FROM peg g JOIN shipment_line sl ON sl.id = g.shipment_line_id
                   JOIN shipment s ON s.id = sl.shipment_id
                   JOIN order_line ol ON ol.id = g.line_id JOIN claim c ON c.id = g.claim_id
                   WHERE ol.order_id = %s AND c.is_counted GROUP BY g.line_id, c.id) v
               GROUP BY line_id) f ON f.line_id = l.id
           WHERE l.order_id = %s ORDER BY p.sku""",
        [order, order],
    )
    return [LineFacts(*values) for values in found]


@dataclass(frozen=True, slots=True)
class NewLine:
    """An order line to insert, with the figures it starts with."""

    product: int
    unit_price: Decimal
    ordered: int
    reserved: int
    backordered: int
    preordered: int
    refused: int
    ship: str
    backorders: str
    backorder_limit: int | None
    policy: dict[str, Any]
    reason: str
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None


def insert_order(
    ref: str,
    customer: int | None,
    placed_at: datetime,
    channel: str,
    country: str,
    postcode: str,
    state: str,
    charge: str,
    content: str,
    wanted_on: date | None = None,
    sold_by: str = "",
) -> int | None:
    """A new order's row, or None if the reference is taken."""
    found = rows(
        """INSERT INTO sales_order (ref, customer_id, placed_at, channel, country, postcode, state, charge, content,
                                    wanted_on, sold_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (ref) DO NOTHING RETURNING id""",
        [ref, customer, placed_at, channel, country, postcode, state, charge, content, wanted_on, sold_by],
    )
    return int(found[0][0]) if found else None


def insert_lines(order: int, lines: Sequence[NewLine]) -> list[int]:
    """New lines of an order; their rows, in the order given."""
    records = [
        (line.product, line.unit_price, line.ordered, line.reserved, line.backordered, line.preordered, line.refused,
         line.ship, line.backorders, line.backorder_limit, orjson.dumps(line.policy, default=str).decode(), line.reason,
         line.first_promise_on, line.promise_on, line.expected_on)
        for line in lines
    ]  # fmt: skip
    # %b: JSON is full of quotation marks, which the text form of an array would escape one by one.
    found = rows(
        """INSERT INTO order_line (order_id, product_id, unit_price, ordered, reserved, backordered, preordered,
                                   refused, shipped, cancelled, returned, cancel_requested_units, ship, backorders,
                                   backorder_limit, policy, reason, first_promise_on, promise_on, expected_on)
           SELECT %s, product, price, ordered, reserved, backordered, preordered, refused, 0, 0, 0, 0, ship, backorders,
                  backorder_limit, policy::jsonb, reason, first_promise_on, promise_on, expected_on
           FROM unnest(%s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                       %s::bigint[], %s::text[], %s::text[], %s::int[], %b::text[], %s::text[], %s::date[], %s::date[],
                       %s::date[])
                WITH ORDINALITY AS v (product, price, ordered, reserved, backordered, preordered, refused, ship,
                     backorders, backorder_limit, policy, reason, first_promise_on, promise_on, expected_on, nr)
           ORDER BY nr RETURNING product_id, id""",
        [order, *columns(records, 15)],
    )
    ids = dict(found)
    return [ids[line.product] for line in lines]


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to insert."""

    line: int
    product: int
    units: int
    minus_score: Decimal
    joined_at: datetime
    is_complete: bool
    is_stock_only: bool
    lead_time_from: date | None
    told_on: date | None
    told_units: int
    told_by_lead_time: int
    kit_nr: int | None = None
    per_kit: int = 1
    is_counted: bool = True


def insert_claims(order: int, claims: Sequence[NewClaim]) -> list[int]:
    """New claims of an order's lines; their rows, in the order given."""
    records = [
        (c.line, c.product, c.units, c.minus_score, c.joined_at, c.is_complete, c.is_stock_only, c.lead_time_from,
         c.told_on, c.told_units, c.told_by_lead_time, c.kit_nr, c.per_kit, c.is_counted)
        for c in claims
    ]  # fmt: skip
    found = rows(
        """INSERT INTO claim (order_id, line_id, product_id, units, place, minus_score, joined_at, is_complete,
                              is_stock_only, lead_time_from, told_on, told_units, told_by_lead_time, lost_by_waiting,
                              kit_nr, per_kit, is_counted)
           SELECT %s, line, product, units, 3, minus_score, joined_at, is_complete, is_stock_only, lead_time_from,
                  told_on, told_units, told_by_lead_time, false, kit_nr, per_kit, is_counted
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::timestamptz[], %s::bool[],
                       %s::bool[], %s::date[], %s::date[], %s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::bool[])
                WITH ORDINALITY AS v (line, product, units, minus_score, joined_at, is_complete, is_stock_only,
                     lead_time_from, told_on, told_units, told_by_lead_time, kit_nr, per_kit, is_counted, nr)
           ORDER BY nr RETURNING line_id, product_id, id""",
        [order, *columns(records, 14)],
    )
    ids = {(line, product): id_ for line, product, id_ in found}
    return [ids[claim.line, claim.product] for claim in claims]


def value_of(order: int) -> Decimal:
    """What an order is worth: its units that were accepted and not cancelled, at their prices."""
    found = rows(
        """SELECT coalesce(sum(unit_price * (ordered - cancelled - refused)), 0) FROM order_line
           WHERE order_id = %s""",
        [order],
    )
    return Decimal(found[0][0])


def take_from_claims(line: int, units: int) -> None:
    """Takes open units that are in no parcel from a line's claims: those that joined last go first; kits whole."""
    left = units
    for claim, free in rows(
        """SELECT c.id, (c.units - coalesce((SELECT sum(p.units) FROM peg p
                      WHERE p.line_id = c.line_id AND p.claim_id = c.id AND p.shipment_line_id IS NOT NULL), 0)::bigint)
                        / c.per_kit
           FROM claim c JOIN order_line l ON l.id = c.line_id
           WHERE c.order_id = l.order_id AND l.id = %s AND c.units > 0 AND c.is_counted
           ORDER BY c.joined_at DESC, c.id DESC""",
        [line],
    ):
        taken = min(left, free)
        if taken > 0:
            run(
                """UPDATE claim t SET units = t.units - %s * t.per_kit,
                          told_units = least(t.told_units, t.units - %s * t.per_kit)
                   FROM claim c WHERE c.id = %s AND t.order_id = c.order_id AND t.line_id = c.line_id
                                AND (t.id = c.id OR t.kit_nr = c.kit_nr)""",
                [taken, taken, claim],
            )
            left -= taken
    if left:
        raise LookupError(f"line {line}: {left} more units to take than its claims have free")


def close_units(line: int, units: int, cancelled: int) -> None:
    """Takes open units off a line's figures, waiting ones first; what is not counted as cancelled was never ordered.

    The pass that follows sets the figures of what stays open exactly.
    """
    found = rows("SELECT backordered, preordered FROM order_line WHERE id = %s", [line])
    backordered, preordered = found[0]
    from_backordered = min(units, backordered)
    from_preordered = min(units - from_backordered, preordered)
    from_reserved = units - from_backordered - from_preordered
    run(
        """UPDATE order_line SET backordered = backordered - %s, preordered = preordered - %s, reserved = reserved - %s,
                  cancelled = cancelled + %s, ordered = ordered - %s WHERE id = %s""",
        [from_backordered, from_preordered, from_reserved, cancelled, units - cancelled, line],
    )


def ship_available(order: int) -> None:
    """Gives an order's open lines the shipping policy `available`: what is there goes, the rest follows."""
    run(
        """UPDATE order_line SET ship = 'available'
           WHERE order_id = %s AND ship <> 'available' AND reserved + backordered + preordered > 0""",
        [order],
    )
    run("UPDATE claim SET is_complete = false WHERE order_id = %s AND is_complete AND units > 0", [order])


def ship_whole(order: int) -> None:
    """Gives an order's open lines the shipping policy `complete`: nothing goes before all of it is there."""
    run(
        """UPDATE order_line SET ship = 'complete'
           WHERE order_id = %s AND ship <> 'complete' AND reserved + backordered + preordered > 0""",
        [order],
    )
    run("UPDATE claim SET is_complete = true WHERE order_id = %s AND NOT is_complete AND units > 0", [order])


def that_wait(line_ids: Iterable[int]) -> list[int]:
    """Those of some lines that have backordered units."""
    return [id_ for (id_,) in rows("SELECT id FROM order_line WHERE id = ANY(%s) AND backordered > 0", [[*line_ids]])]


def products_of(orders: Iterable[int]) -> list[int]:
    """The products of some orders' lines, and the parts of kits among them."""
    found = rows(
        """SELECT product_id FROM order_line WHERE order_id = ANY(%s)
           UNION SELECT product_id FROM claim WHERE order_id = ANY(%s) AND kit_nr IS NOT NULL""",
        [list(orders), list(orders)],
    )
    return sorted(product for (product,) in found)
