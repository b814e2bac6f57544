"""Order capture without detours: what plain orders need is read by one statement and written by one (ADR 0004).

A plain order ranks last on its products and borrows nothing, so it can only take supply that nobody holds; the pass
need not see the queue. Two round trips: BEGIN, the locks and the reading; the writing (`store.capture_write`) and
COMMIT. Guarantees: the decision is the core's, from the same facts, and the rows are those that the general path writes
(store.apply); tests/store/test_capture_equals_general.py holds both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import psycopg
from django.db import connection, transaction

from raincheck.core.book import ProductFacts
from raincheck.core.calendar import Road
from raincheck.core.peg import Peg
from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply
from raincheck.store.catalogue import CustomerTerms, ProductTerms
from raincheck.store.company import parsed_rules, parsed_settings
from raincheck.store.db import raw
from raincheck.store.inbound_share import promisable, shares_of
from raincheck.store.roads import roads_from_text
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
           (SELECT json_object_agg(ref, json_build_array(id, content)) FROM sales_order
            WHERE ref = ANY(%(refs)s))::text,
           (SELECT json_agg(json_build_array(id, code, tier, country, postcode)) FROM customer
            WHERE code = ANY(%(customers)s))::text,
           (SELECT json_agg(json_build_array(id, timezone, cutoff, working_days)) FROM site
            WHERE cutoff IS NOT NULL OR working_days <> '')::text,
           p.terms, p.stock, p.inbound, p.taken
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
               array_agg(p.id) FILTER (WHERE EXISTS (
                   SELECT 1 FROM claim c WHERE c.product_id = p.id AND c.units > 0
                   AND (c.is_complete OR c.kit_nr IS NOT NULL OR c.place <> 3 OR c.place_by_id IS NOT NULL
                        OR c.minus_score <> 0 OR c.joined_at >= coalesce(%(joined_at)s, clock.at)))
                   OR EXISTS (SELECT 1 FROM protection r
                              WHERE r.product_id = p.id AND r.ended_at IS NULL)) AS taken
        FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id WHERE p.sku = ANY(%(skus)s)) p"""

Session = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order names."""

    skus: Sequence[str]
    ref: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What some orders need to know, with their products locked.

    `orders` are those that have the references already: (id, content); `products` lack the SKUs that do not exist.
    `taken` are the products of which the free supply is not enough to decide: a ship-complete group is open on them,
    somebody waits who would stand behind the new units, units are protected for a tier, or they are not yet available.
    `supplies` is what nobody holds, by product. `inbound_refs` names the inbound of each inbound line.
    """

    at: datetime
    settings: Settings
    rules: tuple[Rule, ...]
    orders: Mapping[str, tuple[int, str]]
    customers: Mapping[str, CustomerTerms]
    products: dict[str, ProductTerms]
    taken: frozenset[int]
    facts: Mapping[int, ProductFacts]
    roads: Mapping[int, Road]
    supplies: dict[int, list[Supply]]
    inbound_refs: dict[int, str]

    def free(self, products: Iterable[int], at: datetime) -> Snapshot | None:
        """The book of what nobody holds of some products at an instant; None where that is not enough."""
        wanted = set(products)
        if wanted & self.taken:
            return None
        supplies = tuple(supply for product in wanted for supply in self.supplies.get(product, ()))
        return free_book(at, self.settings, self.roads, {id_: self.facts[id_] for id_ in wanted}, supplies)

    def hold(self, pegs: Iterable[Peg]) -> None:
        """What an order got is free no more for those that are decided after it."""
        for peg in pegs:
            if peg.supply is not None:
                of_product = self.supplies[peg.supply.product]
                at = next(nr for nr, supply in enumerate(of_product) if supply.key == peg.supply.key)
                left = of_product[at].units - peg.units
                of_product[at : at + 1] = [replace(of_product[at], units=left)] if left else []


@contextmanager
def in_two_round_trips() -> Iterator[Session]:
    """A transaction whose BEGIN travels with the first statements and whose COMMIT with the last.

    (psycopg's own block, in a pipeline, waits for each of the two.) Within a larger transaction it is a savepoint.
    """
    session = raw()
    if connection.in_atomic_block:
        with transaction.atomic(), session.pipeline():
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


def look(session: Session, wanted: Sequence[Wanted], at: datetime | None, joined_at: datetime | None) -> Seen:
    """Locks the products, in the order of their ids, and reads. `at` None: the database's clock under the locks."""
    given = {
        "skus": sorted({sku for one in wanted for sku in one.skus}),
        "refs": [one.ref for one in wanted],
        "customers": [one.customer for one in wanted if one.customer],
        "at": at,
        "joined_at": joined_at,
    }
    psycopg.Cursor(session).execute(_LOCK, given, prepare=True)
    found = psycopg.Cursor(session).execute(_LOOK, given, prepare=True).fetchone()
    if found is None:
        raise LookupError("a query without a condition gave no row")
    clock, settings_text, rules_text, orders, customers, hours, terms, stock, inbound, taken = found
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
    free_inbound = (
        (id_, kind, product, site, promisable(settings, shares, product, owed) - pegged, _day(dated), _day(expected))
        for _, id_, kind, product, site, owed, pegged, dated, expected in inbound_rows
    )
    roads = roads_from_text(settings, hours)
    supplies: dict[int, list[Supply]] = defaultdict(list)
    for supply in supplies_of(now, settings, roads, facts, _by_product(stock), free_inbound):
        supplies[supply.product].append(supply)
    today = settings.calendar.day_of(now)
    return Seen(
        now,
        settings,
        rules,
        {ref: tuple(order) for ref, order in (orjson.loads(orders) if orders else {}).items()},
        {values[1]: CustomerTerms(*values) for values in _rows(customers)},
        products,
        frozenset(taken or ()) | {id_ for id_, product in facts.items() if product.is_preorder(today)},
        facts,
        roads,
        supplies,
        {id_: inbound_ref for inbound_ref, id_, *_ in inbound_rows},
    )


def _rows(text: str | None) -> list[Any]:
    return orjson.loads(text) if text else []


def _by_product(text: str | None) -> list[Any]:
    """Rows that were gathered product by product, in one list."""
    return [row for of_product in _rows(text) for row in of_product or ()]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
