"""Orders as they were captured, written by one statement (see `store.capture`).

They release nothing and charge nothing yet. A reference that was taken meanwhile raises psycopg.errors.UniqueViolation,
and none of them is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import psycopg

from raincheck.store.lines import NewClaim, NewLine
from raincheck.store.reached import ADDRESS, CHANNEL
from raincheck.store.webhooks import TELL_ENDPOINTS

# Rows of several orders come in one list each, with their order's reference.
_STATEMENT = f"""
    WITH asked AS (
        SELECT v.*, {CHANNEL} AS reached_by, {ADDRESS} AS address
        FROM ROWS FROM (json_to_recordset(%(orders)s::json) AS (
            ref text, customer bigint, at timestamptz, channel text, country text, postcode text, state text,
            content text, actor text, sold_by text)) WITH ORDINALITY AS v (
            ref, customer, at, channel, country, postcode, state, content, actor, sold_by, nr)
        LEFT JOIN customer c ON c.id = v.customer),
    new_order AS (
        INSERT INTO sales_order (ref, customer_id, placed_at, channel, country, postcode, state, charge, content,
                                 sold_by)
        SELECT ref, customer, at, channel, country, postcode, state, 'shipment', content, sold_by FROM asked
        RETURNING id, ref),
    new_line AS (
        INSERT INTO order_line (order_id, product_id, unit_price, ordered, reserved, backordered, preordered, refused,
                                shipped, cancelled, returned, cancel_requested_units, ship, backorders, backorder_limit,
                                policy, reason, first_promise_on, promise_on, expected_on)
        SELECT (SELECT o.id FROM new_order o WHERE o.ref = v.ref), v.product, v.unit_price, v.ordered, v.reserved,
               v.backordered, v.preordered, v.refused, 0, 0, 0, 0, v.ship, v.backorders, v.backorder_limit, v.policy,
               v.reason, v.first_promise_on, v.promise_on, v.expected_on
        FROM ROWS FROM (json_to_recordset(%(lines)s::json) AS (
            ref text, product bigint, unit_price numeric, ordered bigint, reserved bigint, backordered bigint,
            preordered bigint, refused bigint, ship text, backorders text, backorder_limit int, policy jsonb,
            reason text, first_promise_on date, promise_on date, expected_on date)) WITH ORDINALITY AS v
        ORDER BY v.ordinality RETURNING id, order_id, product_id),
    new_claim AS (
        INSERT INTO claim (order_id, line_id, product_id, units, place, minus_score, joined_at, is_complete,
                           is_stock_only, lead_time_from, told_on, told_units, told_by_lead_time, lost_by_waiting)
        SELECT l.order_id, l.id, l.product_id, v.units, 3, v.minus_score, v.joined_at, v.is_complete, v.is_stock_only,
               v.lead_time_from, v.told_on, v.told_units, v.told_by_lead_time, false
        FROM ROWS FROM (json_to_recordset(%(claims)s::json) AS (
            ref text, product bigint, units bigint, minus_score numeric, joined_at timestamptz, is_complete bool,
            is_stock_only bool, lead_time_from date, told_on date, told_units bigint, told_by_lead_time bigint))
            WITH ORDINALITY AS v
            JOIN new_line l ON l.product_id = v.product
                 AND l.order_id = (SELECT o.id FROM new_order o WHERE o.ref = v.ref)
        ORDER BY v.ordinality RETURNING id, order_id, line_id, product_id),
    new_peg AS (
        INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, inbound_line_id, is_preorder,
                         ships_on)
        SELECT c.id, c.line_id, c.product_id, v.units, v.kind, v.stock_level, v.inbound_line, false, v.ships_on
        FROM ROWS FROM (json_to_recordset(%(pegs)s::json) AS (
            ref text, product bigint, units bigint, kind text, stock_level bigint, inbound_line bigint, ships_on date))
            WITH ORDINALITY AS v
            JOIN new_claim c ON c.product_id = v.product
                 AND c.order_id = (SELECT o.id FROM new_order o WHERE o.ref = v.ref)
        ORDER BY v.ordinality RETURNING units, stock_level_id, inbound_line_id),
    reserved AS (
        UPDATE stock_level s SET reserved = s.reserved + v.units
        FROM (SELECT stock_level_id, sum(units) AS units FROM new_peg GROUP BY stock_level_id) v
        WHERE s.id = v.stock_level_id),
    pegged AS (
        UPDATE inbound_line l SET pegged = l.pegged + v.units
        FROM (SELECT inbound_line_id, sum(units) AS units FROM new_peg GROUP BY inbound_line_id) v
        WHERE l.id = v.inbound_line_id),
    new_fact AS (
        INSERT INTO fact (at, verb, subject, actor, detail)
        SELECT at, 'order_placed', 'order:' || ref, actor, '{{}}' FROM asked RETURNING id, subject),
    told AS (
        INSERT INTO notice (at, event, order_id, customer_id, fact_id, channel, detail, state, attempts, address,
                            subject, body, failure)
        SELECT a.at, v.event, (SELECT o.id FROM new_order o WHERE o.ref = v.ref), a.customer,
               (SELECT f.id FROM new_fact f WHERE f.subject = 'order:' || v.ref),
               a.reached_by, v.detail,
               CASE WHEN a.reached_by <> 'none' THEN 'queued' ELSE 'kept' END, 0, a.address, '', '', ''
        FROM ROWS FROM (json_to_recordset(%(notices)s::json) AS (ref text, event text, detail jsonb))
            WITH ORDINALITY AS v JOIN asked a ON a.ref = v.ref
        ORDER BY v.ordinality
        RETURNING id, at, event, order_id, fact_id),
    told_endpoints AS ({TELL_ENDPOINTS})
    SELECT o.ref, o.id, (SELECT array_agg(l.id ORDER BY l.id) FROM new_line l WHERE l.order_id = o.id)
    FROM new_order o"""  # noqa: S608 - made of constants of ours; values go in as parameters

# psycopg parses a statement anew each time unless its text is short.
_WRITE = b" ".join(_STATEMENT.encode().split())


@dataclass(frozen=True, slots=True)
class NewPeg:
    """A peg of a new claim; an order names each product once, so the product says which claim."""

    product: int
    units: int
    kind: str
    stock_level: int | None
    inbound_line: int | None
    ships_on: date | None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as it was decided: lines in the order asked, claims and pegs in rank order, (event, lines) to tell."""

    ref: str
    customer: int | None
    at: datetime
    channel: str
    country: str
    postcode: str
    state: str
    content: str
    actor: str
    sold_by: str
    lines: Sequence[NewLine]
    claims: Sequence[NewClaim]
    pegs: Sequence[NewPeg]
    notices: Sequence[tuple[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows of an order that was written; its lines in the order asked."""

    order: int
    lines: list[int]


def write(session: psycopg.Connection[Any], orders: Sequence[NewOrder]) -> Callable[[], dict[str, NewRows]]:
    """Writes orders. Call what it returns once the transaction has ended: the rows, by reference."""
    given = {
        "orders": _json(
            [
                {
                    "ref": order.ref,
                    "customer": order.customer,
                    "at": order.at,
                    "channel": order.channel,
                    "country": order.country,
                    "postcode": order.postcode,
                    "state": order.state,
                    "content": order.content,
                    "actor": order.actor,
                    "sold_by": order.sold_by,
                }
                for order in orders
            ]
        ),
        "lines": _json([_with(order, line) for order in orders for line in order.lines]),
        "claims": _json([_with(order, claim) for order in orders for claim in order.claims]),
        "pegs": _json([_with(order, peg) for order in orders for peg in order.pegs]),
        "notices": _json(
            [
                {"ref": order.ref, "event": event, "detail": {"lines": lines}}
                for order in orders
                for event, lines in order.notices
            ]
        ),
    }
    cursor = psycopg.Cursor(session)
    cursor.execute(_WRITE, given, prepare=True)
    return lambda: {ref: NewRows(order, lines) for ref, order, lines in cursor.fetchall()}


def _with(order: NewOrder, row: NewLine | NewClaim | NewPeg) -> dict[str, Any]:
    """A row's columns, with the reference of its order."""
    return {"ref": order.ref, **{name: getattr(row, name) for name in row.__slots__}}


def _json(values: object) -> str:
    return orjson.dumps(values, default=str).decode()
