"""One order, whole: its lines with their pegs, parcels, money and history. A fixed number of queries."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.carriers import tracked
from raincheck.store.reads.named import first_named, named_rows
from raincheck.store.reads.queue import RANK


@dataclass(frozen=True, slots=True)
class LinePeg:
    """Units of a line and their supply, or their parcel while they are on the floor.

    `part` names the product where it is a part of the line's kit; `given_…` says who gave the units, if not the queue.
    """

    line_id: int
    units: int
    kind: str
    source: str
    source_kind: str
    arrives_on: date | None
    ships_on: date | None
    shipment_id: int | None
    shipment_state: str
    is_preorder: bool
    part: str = ""
    given_verb: str = ""
    given_actor: str = ""
    given_at: datetime | None = None
    given_why: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who stands before a line in its product's queue, and how many units they wait for."""

    line_id: int
    claims: int
    units: int


@dataclass(frozen=True, slots=True)
class OneAhead:
    """An order that stands before a line in the queue, and the units that it has open."""

    ref: str
    customer: str
    units: int
    joined_at: datetime
    told_on: date | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as an order's page shows it. `told_on` is the date that binds; `policy` says what won and what lost."""

    id: int
    sku: str
    name: str
    unit_price: Decimal
    ordered: int
    reserved: int
    backordered: int
    preordered: int
    shipped: int
    cancelled: int
    refused: int
    returned: int
    cancel_requested_units: int
    ship: str
    policy: dict[str, Any]
    reason: str
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None
    told_on: date | None
    available_from: date | None = None
    supplier: str = ""
    lead_time_days: int | None = None
    minimum_units: int = 0
    minimum_value: Decimal = Decimal(0)
    merge_hours: int = 0
    pegs: list[LinePeg] = field(default_factory=list)
    ahead: Ahead | None = None

    @property
    def open_units(self) -> int:
        """Units that are neither shipped nor cancelled nor refused."""
        return self.reserved + self.backordered + self.preordered

    @property
    def to_send_units(self) -> int:
        """Open units that nobody has asked to cancel: those wait for the floor to give them back."""
        return self.open_units - self.cancel_requested_units

    @property
    def kept_units(self) -> int:
        """Units that were shipped and have not come back."""
        return self.shipped - self.returned

    @property
    def waiting_units(self) -> int:
        """Units that nothing on the shelf covers."""
        return self.backordered + self.preordered


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of a product in a parcel."""

    shipment_id: int
    sku: str
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel of the order."""

    id: int
    site: str
    state: str
    created_at: datetime
    ships_at: datetime | None
    shipped_at: datetime | None
    delivers_at: datetime | None
    delivered_at: datetime | None
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    lines: list[ParcelLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order. `captured` and `refunded` are sums; a charge `declined_at` is tried again at `next_try_at`."""

    id: int
    ref: str
    state: str
    customer_code: str
    customer: str
    email: str
    tier: str
    placed_at: datetime
    channel: str
    country: str
    postcode: str
    charge: str
    wanted_on: date | None
    captured: Decimal
    refunded: Decimal
    declined_at: datetime | None
    next_try_at: datetime | None
    lines: list[LineView] = field(default_factory=list)
    parcels: list[ParcelView] = field(default_factory=list)

    @property
    def value(self) -> Decimal:
        """What its units cost, without those refused and cancelled."""
        return sum(
            (line.unit_price * (line.ordered - line.refused - line.cancelled) for line in self.lines), Decimal(0)
        )

    @property
    def open_units(self) -> int:
        """Units still owed."""
        return sum(line.open_units for line in self.lines)

    @property
    def kept_units(self) -> int:
        """Units that were shipped and have not come back."""
        return sum(line.kept_units for line in self.lines)


def order_view(ref: str) -> OrderView | None:
    """The order with this reference, or None. Six queries."""
    order = first_named(
        OrderView,
        """SELECT o.id, o.ref, o.state, coalesce(u.code, '') AS customer_code,
                  coalesce(nullif(u.name, ''), u.code, '') AS customer, coalesce(u.email, '') AS email,
                  coalesce(u.tier, '') AS tier, o.placed_at, o.channel, o.country, o.postcode, o.charge, o.wanted_on,
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'capture'), 0) AS captured,
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'refund'), 0) AS refunded,
                  (SELECT min(declined_at) FROM claim WHERE order_id = o.id AND units > 0) AS declined_at,
                  (SELECT next_try_at FROM payment_decline WHERE order_id = o.id) AS next_try_at
           FROM sales_order o LEFT JOIN customer u ON u.id = o.customer_id
           WHERE o.ref = %(ref)s AND o.state <> 'basket'""",
        {"ref": ref},
    )
    if order is None:
        return None
    return replace(order, lines=_lines(order.id), parcels=_parcels(order.id))


def _lines(order: int) -> list[LineView]:
    lines = named_rows(
        LineView,
        """SELECT l.id, p.sku, p.name, l.unit_price, l.ordered, l.reserved, l.backordered, l.preordered, l.shipped,
                  l.cancelled, l.refused, l.returned, l.cancel_requested_units, l.ship, l.policy, l.reason,
                  l.first_promise_on, l.promise_on, l.expected_on,
                  (SELECT max(told_on) FROM claim WHERE order_id = l.order_id AND line_id = l.id AND units > 0)
                      AS told_on,
                  p.available_from, coalesce(nullif(s.name, ''), s.code, '') AS supplier, s.lead_time_days,
                  l.minimum_units, l.minimum_value, l.merge_hours
           FROM order_line l JOIN product p ON p.id = l.product_id LEFT JOIN supplier s ON s.id = p.supplier_id
           WHERE l.order_id = %(order)s ORDER BY l.id""",
        {"order": order},
    )
    pegs = _pegs([line.id for line in lines])
    ahead = {found.line_id: found for found in _ahead(order)}
    return [
        replace(line, pegs=[peg for peg in pegs if peg.line_id == line.id], ahead=ahead.get(line.id)) for line in lines
    ]


def _pegs(lines: list[int]) -> list[LinePeg]:
    return named_rows(
        LinePeg,
        """SELECT g.line_id, sum(g.units)::bigint AS units, g.kind,
                  coalesce(i.ref, nullif(t.name, ''), t.code, '') AS source, coalesce(i.kind, '') AS source_kind,
                  il.expected_on AS arrives_on, g.ships_on, s.id AS shipment_id,
                  coalesce(s.state, '') AS shipment_state, g.is_preorder,
                  CASE WHEN ol.product_id = g.product_id THEN '' ELSE coalesce(nullif(p.name, ''), p.sku) END AS part,
                  coalesce(f.verb, '') AS given_verb, coalesce(f.actor, '') AS given_actor,
                  f.at AS given_at, coalesce(f.detail->>'reason', '') AS given_why
           FROM peg g JOIN order_line ol ON ol.id = g.line_id JOIN product p ON p.id = g.product_id
           LEFT JOIN fact f ON f.id = g.given_by_id
           LEFT JOIN inbound_line il ON il.id = g.inbound_line_id LEFT JOIN inbound i ON i.id = il.inbound_id
           LEFT JOIN stock_level sl ON sl.id = g.stock_level_id LEFT JOIN site t ON t.id = sl.site_id
           LEFT JOIN shipment_line pl ON pl.id = g.shipment_line_id LEFT JOIN shipment s ON s.id = pl.shipment_id
           WHERE g.line_id = ANY(%(lines)s)
           GROUP BY g.line_id, g.kind, i.ref, i.kind, t.name, t.code, il.expected_on, g.ships_on, s.id, s.state,
                    g.is_preorder, ol.product_id, g.product_id, p.name, p.sku, f.verb, f.actor, f.at, f.detail
           ORDER BY g.line_id, (g.kind <> 'stock'), g.ships_on NULLS LAST, 4""",
        {"lines": lines},
    )


# The claims of the order's products that wait, each with what stands before it.
_AHEAD: Final = f"""
    SELECT line_id, before AS claims, coalesce(units_before, 0)::bigint AS units FROM (
        SELECT c.line_id, c.order_id,
               count(*) OVER earlier AS before, sum(w.units) OVER earlier AS units_before,
               row_number() OVER (PARTITION BY c.line_id ORDER BY {RANK}) AS nr
        FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
        JOIN LATERAL (SELECT sum(units) AS units FROM peg
                      WHERE line_id = c.line_id AND claim_id = c.id
                        AND (kind <> 'stock' OR is_preorder)) w ON w.units > 0
        WHERE c.units > 0 AND c.product_id IN (
            SELECT product_id FROM order_line WHERE order_id = %(order)s AND backordered + preordered > 0)
        WINDOW earlier AS (PARTITION BY c.product_id ORDER BY {RANK}
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) ranked WHERE order_id = %(order)s AND nr = 1
"""

# Who stands before the first waiting claim of a line, the first first.
_WHO: Final = f"""
    SELECT o.ref, coalesce(nullif(u.name, ''), u.code, '') AS customer, c.units, c.joined_at, c.told_on
    FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
    LEFT JOIN customer u ON u.id = o.customer_id
    WHERE c.units > 0 AND c.line_id <> %(line)s
      AND c.product_id = (SELECT product_id FROM order_line WHERE id = %(line)s)
      AND ({RANK}) < (SELECT {RANK} FROM claim c JOIN sales_order o ON o.id = c.order_id
                      JOIN product p ON p.id = c.product_id
                      WHERE c.line_id = %(line)s AND c.units > 0 ORDER BY {RANK} LIMIT 1)
      AND EXISTS (SELECT 1 FROM peg g
                  WHERE g.line_id = c.line_id AND g.claim_id = c.id AND (g.kind <> 'stock' OR g.is_preorder))
    ORDER BY {RANK} LIMIT %(most)s
"""


def who_is_ahead(line: int, most: int = 20) -> list[OneAhead]:
    """Those who wait before a line, the first first, so many at the most."""
    return named_rows(OneAhead, _WHO, {"line": line, "most": most})


def _ahead(order: int) -> list[Ahead]:
    return named_rows(Ahead, _AHEAD, {"order": order})


def _parcels(order: int) -> list[ParcelView]:
    parcels = named_rows(
        ParcelView,
        """SELECT s.id, coalesce(nullif(t.name, ''), t.code) AS site, s.state, s.created_at, s.ships_at, s.shipped_at,
                  s.delivers_at, s.delivered_at, s.carrier, s.tracking_number
           FROM shipment s JOIN site t ON t.id = s.site_id WHERE s.id IN (
               SELECT pl.shipment_id FROM shipment_line pl JOIN order_line l ON l.id = pl.line_id
               WHERE l.order_id = %(order)s)
           ORDER BY s.id""",
        {"order": order},
    )
    lines = named_rows(
        ParcelLine,
        """SELECT pl.shipment_id, p.sku, p.name, sum(pl.units)::bigint AS units
           FROM shipment_line pl JOIN order_line l ON l.id = pl.line_id JOIN product p ON p.id = pl.product_id
           WHERE l.order_id = %(order)s GROUP BY pl.shipment_id, p.sku, p.name ORDER BY p.sku""",
        {"order": order},
    )
    urls = {
        parcel.shipment: parcel.url for parcel in tracked([parcel.id for parcel in parcels if parcel.tracking_number])
    }
    return [
        replace(
            parcel,
            tracking_url=urls.get(parcel.id, ""),
            lines=[line for line in lines if line.shipment_id == parcel.id],
        )
        for parcel in parcels
    ]
