"""All open claims of some products with what is known of them, as columns, and their pegs."""

from dataclasses import dataclass

from psycopg import sql

from raincheck.core.batch.columns import Ints
from raincheck.core.book import Book, ProductFacts
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store.bulk.columns import copy_out, day_number
from raincheck.store.db import rows
from raincheck.store.locks import Locked
from raincheck.store.protections import read_protections
from raincheck.store.roads import read_roads
from raincheck.store.supplies import read_supplies

Columns = dict[str, Ints]

REASONS = tuple(reason.value for reason in Reason)
KINDS = ("stock", "inbound", "lead_time", "none")

_CLAIMS = {
    "claim": 8, "line": 8, "order_id": 8, "product": 8, "units": 8, "is_complete": 4, "stock_only": 4, "joined": 4,
    "lead_from": 4, "told": 4, "told_units": 8, "told_by_lead_time": 8, "is_pending": 4, "is_lost": 4, "is_special": 4,
    "reserved": 8, "backordered": 8, "reason": 4, "promise": 4, "expected": 4, "first_promise": 4,
}  # fmt: skip

_PEGS = {"peg": 8, "claim": 8, "product": 8, "units": 8, "kind": 4, "source": 8, "ships": 4, "is_special": 4}


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Claims in rank order, and pegs by claim. Days are ordinals, 0 for none.

    `is_special` marks what only the plain form decides: parts of kits, orders that are held, wanted later, not paid,
    paid by card or whose parcels are planned, claims whose line has been split up; pegs that are frozen, given or of a
    pre-order.
    """

    claims: Columns
    pegs: Columns


def read_open_book(locked: Locked, settings: Settings) -> OpenBook:
    """Reads the claims and pegs of the locked products."""
    products = sql.Literal(list(locked.products))
    claims = sql.SQL(
        f"""SELECT c.id, c.line_id, c.order_id, c.product_id, c.units, c.is_complete::int4, c.is_stock_only::int4,
                   {day_number("(c.joined_at AT TIME ZONE {zone})::date")}, {day_number("c.lead_time_from")},
                   {day_number("c.told_on")}, c.told_units, c.told_by_lead_time,
                   (c.pending_since IS NOT NULL)::int4, c.lost_by_waiting::int4,
                   (o.state <> 'open' OR o.wanted_on IS NOT NULL OR c.declined_at IS NOT NULL OR c.kit_nr IS NOT NULL
                    OR c.order_id IN (SELECT y.order_id FROM order_payment y WHERE y.card <> '')
                    OR c.has_parcel_terms OR l.preordered > 0 OR c.units <> l.backordered + l.reserved
                    OR ({{by_hand}} AND c.told_on IS NOT NULL AND l.reserved > 0))::int4,
                   l.reserved, l.backordered, coalesce(array_position({{reasons}}, l.reason::text), 0)::int4,
                   {day_number("l.promise_on")}, {day_number("l.expected_on")}, {day_number("l.first_promise_on")}
            FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN order_line l ON l.id = c.line_id
                 JOIN product p ON p.id = c.product_id
            WHERE c.product_id = ANY({{products}}) AND c.units > 0
            ORDER BY c.place, c.minus_score, c.joined_at, o.ref COLLATE "C", p.sku COLLATE "C", c.id"""  # noqa: S608
    ).format(
        zone=sql.Literal(settings.timezone),
        reasons=sql.Literal(list(REASONS)),
        products=products,
        # Handling began when units were reserved: what then stays a claim's own is for the plain form.
        by_hand=sql.Literal(settings.warehouse == "manual" and settings.handling_days > 0),
    )
    pegs = sql.SQL(
        f"""SELECT id, claim_id, product_id, units, array_position({{kinds}}, kind::text) - 1,
                   coalesce(stock_level_id, inbound_line_id, 0), {day_number("ships_on")},
                   (shipment_line_id IS NOT NULL OR given_by_id IS NOT NULL OR is_preorder)::int4
            FROM peg WHERE product_id = ANY({{products}})"""  # noqa: S608
    ).format(kinds=sql.Literal(list(KINDS)), products=products)
    return OpenBook(copy_out(claims, _CLAIMS), copy_out(pegs, _PEGS))


def read_supply_side(locked: Locked, settings: Settings) -> Book:
    """The book of the locked products without its claims; nothing of their stock may be frozen."""
    products = {
        id_: ProductFacts(lead_time_days, available_from)
        for id_, lead_time_days, available_from in rows(
            """SELECT p.id, s.lead_time_days, p.available_from
               FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id WHERE p.id = ANY(%s)""",
            [list(locked.products)],
        )
    }
    roads = read_roads(settings)
    return Book(
        today=settings.calendar.day_of(locked.at),
        road=settings.road,
        supplies=read_supplies(locked, settings, roads, products, {}),
        claims=(),
        products=products,
        hold_days=settings.hold_days,
        lend_days=settings.lend_days,
        margin_days=settings.margin_days,
        keeps_told_dates=settings.told_dates == "keep",
        protections=read_protections(locked.products),
        roads=roads,
    )
