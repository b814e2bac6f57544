"""Orders by the thousand: what is here of them already, and COPY for those that are new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from raincheck.core.errors import NotFound
from raincheck.store.bulk.copying import copy_in
from raincheck.store.catalogue import CustomerTerms
from raincheck.store.db import rows, run
from raincheck.store.lines import NewClaim, NewLine


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line of an order that is here."""

    units: int
    unit_price: Decimal
    ship: str


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order that is here, with its lines by SKU."""

    customer: str | None
    country: str
    channel: str
    placed_at: datetime
    lines: dict[str, StandingLine]


def contents_of(refs: Sequence[str]) -> dict[str, str]:
    """What was asked with each of these references that is taken (see actions.place_order.content_of)."""
    return dict(rows("SELECT ref, content FROM sales_order WHERE ref = ANY(%s)", [list(refs)]))


def standing_orders(refs: Sequence[str]) -> dict[str, StandingOrder]:
    """The orders that have these references."""
    found: dict[str, StandingOrder] = {}
    for ref, customer, country, channel, placed_at, sku, units, unit_price, ship in rows(
        """SELECT o.ref, c.code, o.country, o.channel, o.placed_at, p.sku, l.ordered, l.unit_price, l.ship
           FROM sales_order o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer c ON c.id = o.customer_id WHERE o.ref = ANY(%s)""",
        [list(refs)],
    ):
        order = found.setdefault(ref, StandingOrder(customer, country, channel, placed_at, {}))
        order.lines[sku] = StandingLine(units, unit_price, ship)
    return found


def find_customers(codes: Iterable[str]) -> dict[str, CustomerTerms]:
    """Customers by code. Raises NotFound, naming the first that does not exist."""
    wanted = list(codes)
    sql_ = "SELECT id, code, tier, country, postcode FROM customer WHERE code = ANY(%s)"
    customers = {values[1]: CustomerTerms(*values) for values in rows(sql_, [wanted])}
    for code in wanted:
        if code not in customers:
            raise NotFound(f"customer {code!r} does not exist")
    return customers


def take_ids(table: str, count: int) -> list[int]:
    """New ids of a table, so that rows that refer to each other can be copied in."""
    found = rows("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [id_ for (id_,) in found]


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to insert, open for now."""

    id: int
    ref: str
    customer: int | None
    placed_at: datetime
    channel: str
    country: str
    postcode: str
    charge: str
    content: str
    wanted_on: date | None = None


def copy_orders(orders: Iterable[NewOrder]) -> None:
    """Inserts orders. A reference that is taken meanwhile raises IntegrityError."""
    copy_in(
        "sales_order",
        {
            "id": "int8",
            "ref": "varchar",
            "customer_id": "int8",
            "placed_at": "timestamptz",
            "channel": "varchar",
            "country": "varchar",
            "postcode": "varchar",
            "state": "varchar",
            "charge": "varchar",
            "content": "varchar",
            "wanted_on": "date",
        },
        (
            (
                o.id,
                o.ref,
                o.customer,
                o.placed_at,
                o.channel,
                o.country,
                o.postcode,
                "open",
                o.charge,
                o.content,
                o.wanted_on,
            )
            for o in orders
        ),
    )


def copy_lines(lines: Iterable[tuple[int, int, NewLine]]) -> None:
    """Inserts order lines: (id, order, line)."""
    # Most lines resolve their policies alike.
    traces: dict[int, Jsonb] = {}

    def trace(policy: dict[str, Any]) -> Jsonb:
        if id(policy) not in traces:
            text = orjson.dumps(policy, default=str)
            traces[id(policy)] = Jsonb(policy, dumps=lambda _: text)
        return traces[id(policy)]

    copy_in(
        "order_line",
        {
            "id": "int8",
            "order_id": "int8",
            "product_id": "int8",
            "unit_price": "numeric",
            "ordered": "int8",
            "reserved": "int8",
            "backordered": "int8",
            "preordered": "int8",
            "refused": "int8",
            "shipped": "int8",
            "cancelled": "int8",
            "returned": "int8",
            "cancel_requested_units": "int8",
            "ship": "varchar",
            "backorders": "varchar",
            "backorder_limit": "int4",
            "policy": "jsonb",
            "reason": "varchar",
            "first_promise_on": "date",
            "promise_on": "date",
            "expected_on": "date",
        },
        (
            (
                id_, order, n.product, n.unit_price, n.ordered, n.reserved, n.backordered, n.preordered, n.refused,
                0, 0, 0, 0, n.ship, n.backorders, n.backorder_limit, trace(n.policy), n.reason, n.first_promise_on,
                n.promise_on, n.expected_on,
            )
            for id_, order, n in lines
        ),
    )  # fmt: skip


def copy_claims(claims: Iterable[tuple[int, int, NewClaim]]) -> None:
    """Inserts claims: (id, order, claim)."""
    copy_in(
        "claim",
        {
            "id": "int8",
            "order_id": "int8",
            "line_id": "int8",
            "product_id": "int8",
            "units": "int8",
            "place": "int2",
            "minus_score": "numeric",
            "joined_at": "timestamptz",
            "is_complete": "bool",
            "is_stock_only": "bool",
            "lead_time_from": "date",
            "told_on": "date",
            "told_units": "int8",
            "told_by_lead_time": "int8",
            "lost_by_waiting": "bool",
            "kit_nr": "int2",
            "per_kit": "int4",
            "is_counted": "bool",
        },
        (
            (
                id_, order, c.line, c.product, c.units, 3, c.minus_score, c.joined_at, c.is_complete, c.is_stock_only,
                c.lead_time_from, c.told_on, c.told_units, c.told_by_lead_time, False, c.kit_nr, c.per_kit,
                c.is_counted,
            )
            for id_, order, c in claims
        ),
    )  # fmt: skip


def record_placed(orders: Sequence[int], at: datetime, actor: str) -> None:
    """Puts on record that each of these orders was placed."""
    run(
        """INSERT INTO fact (at, verb, subject, actor, detail)
           SELECT %s, 'order_placed', 'order:' || ref, %s, '{"imported": true}'::jsonb
           FROM sales_order WHERE id = ANY(%s) ORDER BY id""",
        [at, actor, list(orders)],
    )
