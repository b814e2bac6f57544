"""Order capture without detours: what a plain order needs is read by one statement and written by one (ADR 0004).

A plain order ranks last on its products and borrows nothing, so it can only take supply that nobody holds; the pass
need not see the queue. Two round trips: BEGIN, the locks and the reading; the writing and COMMIT. Guarantees: the
decision is the core's, from the same facts, and the rows are those that the general path writes (store.apply);
tests/store/test_capture_equals_general.py holds both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import orjson
import psycopg
from django.db import connection, transaction

from raincheck.core.book import ProductFacts
from raincheck.core.calendar import Road
from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.store.catalogue import CustomerTerms, ProductTerms
from raincheck.store.company import parsed_rules, parsed_settings
from raincheck.store.db import raw
from raincheck.store.inbound_share import promisable, shares_of
from raincheck.store.lines import NewClaim, NewLine
from raincheck.store.roads import roads_of
from raincheck.store.snapshot import Snapshot, free_book
from raincheck.store.supplies import supplies_of

# Under READ COMMITTED each statement sees what is committed when it begins: the reading has to follow the locks.
# Left to itself the server plans the reading anew each time, which costs it more than the reading does.
_LOCK = b"""
    SELECT id, set_config('plan_cache_mode', 'force_generic_plan', true)
    FROM product WHERE sku = ANY(%(skus)s) ORDER BY id FOR NO KEY UPDATE"""

_LOOK = b"""
    SELECT clock.at,
           (SELECT settings::text FROM company WHERE id = 1),
           (SELECT json_agg(json_build_array(id, "when", "then") ORDER BY id) FROM policy_rule
            WHERE ended_at IS NULL)::text,
           (SELECT json_build_array(id, content) FROM sales_order WHERE ref = %(ref)s)::text,
           (SELECT json_build_array(id, code, tier, country, postcode) FROM customer WHERE code = %(customer)s)::text,
           (SELECT json_agg(json_build_array(id, timezone, cutoff, working_days)) FROM site
            WHERE cutoff IS NOT NULL OR working_days <> '')::text,
           p.terms, p.stock, p.inbound, p.is_taken
    FROM (SELECT coalesce(%(at)s, clock_timestamp()) AS at) clock, LATERAL (
        SELECT json_agg(json_build_array(
                   p.id, p.sku, p.name, p.backorder, p.backorder_limit, p.category, p.criticality,
                   EXISTS (SELECT 1 FROM kit_part WHERE kit_id = p.id), p.price::text, p.available_from,
                   s.lead_time_days))::text AS terms,
               json_agg((
                   SELECT json_agg(json_build_array(l.id, l.product_id, l.site_id, l.on_hand - l.reserved)
                                   ORDER BY l.id)
                   FROM stock_level l WHERE l.product_id = p.id AND l.on_hand > l.reserved))::text AS stock,
               json_agg((
                   SELECT json_agg(json_build_array(i.ref, l.id, i.kind, l.product_id, l.site_id, l.owed, l.pegged,
                                                    l.dated_on, l.expected_on) ORDER BY l.id)
                   FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id
                   WHERE l.product_id = p.id AND l.owed > 0))::text AS inbound,
               bool_or(EXISTS (
                   SELECT 1 FROM claim c WHERE c.product_id = p.id AND c.units > 0
                   AND (c.is_complete OR c.place <> 3 OR c.place_by_id IS NOT NULL OR c.minus_score <> 0
                        OR c.joined_at >= coalesce(%(joined_at)s, clock.at)))
                   OR EXISTS (SELECT 1 FROM protection r
                              WHERE r.product_id = p.id AND r.ended_at IS NULL)) AS is_taken
        FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id WHERE p.sku = ANY(%(skus)s)) p"""

_WRITE = b"""
    WITH new_order AS (
        INSERT INTO sales_order (ref, customer_id, placed_at, channel, country, postcode, state, charge, content)
        VALUES (%(ref)s, %(customer)s, %(at)s, %(channel)s, %(country)s, %(postcode)s, %(state)s, 'shipment',
                %(content)s)
        ON CONFLICT (ref) DO NOTHING RETURNING id),
    new_line AS (
        INSERT INTO order_line (order_id, product_id, unit_price, ordered, reserved, backordered, preordered, refused,
                                shipped, cancelled, returned, cancel_requested_units, ship, backorders, backorder_limit,
                                policy, reason, first_promise_on, promise_on, expected_on)
        SELECT o.id, v.product, v.unit_price, v.ordered, v.reserved, v.backordered, v.preordered, v.refused, 0, 0, 0, 0,
               v.ship, v.backorders, v.backorder_limit, v.policy, v.reason, v.first_promise_on, v.promise_on,
               v.expected_on
        FROM new_order o, ROWS FROM (json_to_recordset(%(lines)s::json) AS (
            product bigint, unit_price numeric, ordered bigint, reserved bigint, backordered bigint, preordered bigint,
            refused bigint, ship text, backorders text, backorder_limit int, policy jsonb, reason text,
            first_promise_on date, promise_on date, expected_on date)) WITH ORDINALITY AS v
        ORDER BY v.ordinality RETURNING id, order_id, product_id),
    new_claim AS (
        INSERT INTO claim (order_id, line_id, product_id, units, place, minus_score, joined_at, is_complete,
                           is_stock_only, lead_time_from, told_on, told_units, told_by_lead_time, lost_by_waiting)
        SELECT l.order_id, l.id, l.product_id, v.units, 3, v.minus_score, v.joined_at, v.is_complete, v.is_stock_only,
               v.lead_time_from, v.told_on, v.told_units, v.told_by_lead_time, false
        FROM new_line l JOIN ROWS FROM (json_to_recordset(%(claims)s::json) AS (
            product bigint, units bigint, minus_score numeric, joined_at timestamptz, is_complete bool,
            is_stock_only bool, lead_time_from date, told_on date, told_units bigint, told_by_lead_time bigint))
            WITH ORDINALITY AS v ON v.product = l.product_id
        ORDER BY v.ordinality RETURNING id, line_id, product_id),
    new_peg AS (
        INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, inbound_line_id, is_preorder,
                         ships_on)
        SELECT c.id, c.line_id, c.product_id, v.units, v.kind, v.stock_level, v.inbound_line, false, v.ships_on
        FROM new_claim c JOIN ROWS FROM (json_to_recordset(%(pegs)s::json) AS (
            product bigint, units bigint, kind text, stock_level bigint, inbound_line bigint, ships_on date))
            WITH ORDINALITY AS v ON v.product = c.product_id
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
        SELECT %(at)s, 'order_placed', 'order:' || %(ref)s, %(actor)s, '{}' FROM new_order RETURNING id),
    new_notice AS (
        INSERT INTO notice (at, event, order_id, customer_id, fact_id, channel, detail, state, attempts, address,
                            subject, body, failure)
        SELECT %(at)s, v.event, o.id, %(customer)s, f.id,
               CASE WHEN coalesce(c.email, '') <> '' THEN 'email' ELSE 'none' END, v.detail,
               CASE WHEN coalesce(c.email, '') <> '' THEN 'queued' ELSE 'kept' END, 0, coalesce(c.email, ''), '', '', ''
        FROM new_order o, new_fact f, ROWS FROM (json_to_recordset(%(notices)s::json) AS (event text, detail jsonb))
            WITH ORDINALITY AS v LEFT JOIN customer c ON c.id = %(customer)s
        ORDER BY v.ordinality)
    SELECT o.id, (SELECT array_agg(id ORDER BY id) FROM new_line) FROM new_order o"""


# psycopg parses a statement anew each time unless its text is short.
_WRITE = b" ".join(_WRITE.split())

Session = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an order needs to know, with its products locked. `order` has the reference already: (id, content).

    `products` lack the SKUs that do not exist. `free` holds the supply that nobody holds; None where that is not enough
    to decide: a ship-complete group is open on a product, somebody waits who would stand behind the new units, units
    are protected for a tier, or a product is not yet available. `inbound_refs` names the inbound of each inbound line.
    """

    at: datetime
    settings: Settings
    rules: tuple[Rule, ...]
    order: tuple[int, str] | None
    customer: CustomerTerms | None
    products: dict[str, ProductTerms]
    free: Snapshot | None
    inbound_refs: dict[int, str]


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
    lines: Sequence[NewLine]
    claims: Sequence[NewClaim]
    pegs: Sequence[NewPeg]
    notices: Sequence[tuple[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows of an order that was written; its lines in the order asked."""

    order: int
    lines: list[int]


@contextmanager
def in_two_round_trips() -> Iterator[Session]:
    """A transaction whose BEGIN travels with the first statements and whose COMMIT with the last.

    (psycopg's own block, in a pipeline, waits for each of the two.) Within a larger transaction it is a savepoint.
    """
    session = raw()
    if connection.in_atomic_block:
        with session.pipeline(), transaction.atomic():
            yield session
        return
    try:
        with session.pipeline():
            psycopg.Cursor(session).execute(b"BEGIN", prepare=True)
            yield session
            psycopg.Cursor(session).execute(b"COMMIT", prepare=True)
    except BaseException:
        if not session.closed:
            session.rollback()
        raise


def look(
    session: Session,
    skus: Sequence[str],
    ref: str,
    customer: str | None,
    at: datetime | None,
    joined_at: datetime | None,
) -> Seen:
    """Locks the products, in the order of their ids, and reads. `at` None: the database's clock under the locks."""
    given = {"skus": list(skus), "ref": ref, "customer": customer, "at": at, "joined_at": joined_at}
    psycopg.Cursor(session).execute(_LOCK, given, prepare=True)
    found = psycopg.Cursor(session).execute(_LOOK, given, prepare=True).fetchone()
    if found is None:
        raise LookupError("a query without a condition gave no row")
    clock, settings_text, rules_text, order, buyer, hours, terms, stock, inbound, is_taken = found
    now = clock.astimezone(UTC)
    settings = parsed_settings(settings_text or "{}")
    products: dict[str, ProductTerms] = {}
    facts: dict[int, ProductFacts] = {}
    for values in _rows(terms):
        *plain, price, available_from, lead_time_days = values
        first_on = _day(available_from)
        product = ProductTerms(*[*plain, None if price is None else Decimal(price), first_on])
        products[product.sku] = product
        facts[product.id] = ProductFacts(lead_time_days, first_on)
    inbound_rows = _by_product(inbound)
    rules = parsed_rules(rules_text or "[]")
    shares = shares_of(settings, rules, ((p.id, p.sku, p.category) for p in products.values()))
    return Seen(
        now,
        settings,
        rules,
        tuple(orjson.loads(order)) if order else None,
        CustomerTerms(*orjson.loads(buyer)) if buyer else None,
        products,
        None
        if is_taken
        else _free(now, settings, _roads(settings, hours), shares, facts, _by_product(stock), inbound_rows),
        {id_: inbound_ref for inbound_ref, id_, *_ in inbound_rows},
    )


def write(session: Session, order: NewOrder) -> Callable[[], NewRows | None]:
    """Writes an order that releases nothing and charges nothing yet.

    Call what it returns once the transaction has ended: the rows, or None if the reference was taken meanwhile.
    """
    given = {
        "ref": order.ref,
        "customer": order.customer,
        "at": order.at,
        "channel": order.channel,
        "country": order.country,
        "postcode": order.postcode,
        "state": order.state,
        "content": order.content,
        "actor": order.actor,
        "lines": _json(order.lines),
        "claims": _json(order.claims),
        "pegs": _json(order.pegs),
        "notices": _json([{"event": event, "detail": {"lines": lines}} for event, lines in order.notices]),
    }
    cursor = psycopg.Cursor(session)
    cursor.execute(_WRITE, given, prepare=True)

    def new_rows() -> NewRows | None:
        found = cursor.fetchone()
        return NewRows(*found) if found else None

    return new_rows


def _free(
    at: datetime,
    settings: Settings,
    roads: Mapping[int, Road],
    shares: Mapping[int, Decimal],
    facts: dict[int, ProductFacts],
    stock: list[Any],
    inbound: list[Any],
) -> Snapshot | None:
    """The book of what nobody holds; None before a product is available."""
    today = settings.calendar.day_of(at)
    if any(product.is_preorder(today) for product in facts.values()):
        return None
    free_inbound = (
        (id_, kind, product, site, promisable(settings, shares, product, owed) - pegged, _day(dated), _day(expected))
        for _, id_, kind, product, site, owed, pegged, dated, expected in inbound
    )
    return free_book(at, settings, roads, facts, supplies_of(at, settings, roads, facts, stock, free_inbound))


def _roads(settings: Settings, hours: str | None) -> dict[int, Road]:
    return roads_of(
        settings,
        (
            (site, zone, time.fromisoformat(cutoff) if cutoff else None, days)
            for site, zone, cutoff, days in _rows(hours)
        ),
    )


def _rows(text: str | None) -> list[Any]:
    return orjson.loads(text) if text else []


def _by_product(text: str | None) -> list[Any]:
    """Rows that were gathered product by product, in one list."""
    return [row for of_product in _rows(text) for row in of_product or ()]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _json(values: object) -> str:
    return orjson.dumps(values, default=str).decode()
