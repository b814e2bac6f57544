"""Parcels: units that leave the shelf, wait out their handling, and go to the carrier."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from raincheck.core.settings import Settings
from raincheck.store import ledger
from raincheck.store.db import columns, one, rows, run
from raincheck.store.outbox import Outbox
from raincheck.store.timers import TimerKind, set_timers


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of one claim in a parcel."""

    claim: int
    line: int
    product: int
    stock_level: int
    units: int


def create(order: int, site: int, state: str, at: datetime, ships_at: datetime | None, lines: list[ParcelLine]) -> int:
    """Makes a parcel with its lines and freezes their units (a peg to the parcel for each claim)."""
    shipment = _insert(order, site, state, at, ships_at)
    line_ids = _insert_lines(shipment, lines)
    claims, line_refs, products, levels, units, parcel_lines = columns(
        [(p.claim, p.line, p.product, p.stock_level, p.units, line_ids[p.line, p.stock_level]) for p in lines], 6
    )
    run(
        """INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, shipment_line_id, is_preorder)
           SELECT claim, line, product, units, 'stock', level, parcel_line, false
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
                AS v (claim, line, product, level, units, parcel_line)""",
        [claims, line_refs, products, levels, units, parcel_lines],
    )
    return shipment


def hand_over_at_once(
    settings: Settings, outbox: Outbox, parcels: dict[tuple[int, int], list[ParcelLine]], at: datetime
) -> list[int]:
    """Units reserved a moment ago go to the carrier without waiting: one parcel an order and site."""
    shipments: list[int] = []
    contents: dict[int, list[ParcelLine]] = {}
    for (order, site), lines in parcels.items():
        shipment = _insert(order, site, "shipped", at, at)
        _insert_lines(shipment, lines)
        shipments.append(shipment)
        contents[shipment] = lines
    _carrier_has(settings, outbox, contents, at)
    return shipments


def hand_over(settings: Settings, outbox: Outbox, shipments: Iterable[int], at: datetime) -> None:
    """Parcels that were made before go to the carrier."""
    contents: dict[int, list[ParcelLine]] = defaultdict(list)
    for shipment, claim, line, product, level, units in rows(
        """DELETE FROM peg p USING shipment_line sl WHERE sl.id = p.shipment_line_id AND sl.shipment_id = ANY(%s)
           RETURNING sl.shipment_id, p.claim_id, p.line_id, p.product_id, p.stock_level_id, p.units""",
        [list(shipments)],
    ):
        contents[shipment].append(ParcelLine(claim, line, product, level, units))
    run("UPDATE shipment SET state = 'shipped', ships_at = %s WHERE id = ANY(%s)", [at, list(contents)])
    _carrier_has(settings, outbox, contents, at)


def deliver(outbox: Outbox, shipments: list[int], at: datetime) -> None:
    """Parcels reach the customer."""
    run("UPDATE shipment SET state = 'delivered', delivered_at = %s WHERE id = ANY(%s)", [at, shipments])
    for shipment, order, sku, name, units in rows(
        """SELECT s.id, s.order_id, p.sku, p.name, sl.units FROM shipment s
           JOIN shipment_line sl ON sl.shipment_id = s.id JOIN product p ON p.id = sl.product_id
           WHERE s.id = ANY(%s) ORDER BY s.id, p.sku""",
        [shipments],
    ):
        outbox.tell(order, "delivered", [{"sku": sku, "name": name, "units": units}], shipment=shipment)


def _insert(order: int, site: int, state: str, at: datetime, ships_at: datetime | None) -> int:
    found = one(
        """INSERT INTO shipment (site_id, order_id, state, created_at, ships_at) VALUES (%s, %s, %s, %s, %s)
           RETURNING id""",
        [site, order, state, at, ships_at],
    )
    return int(found[0])


def _insert_lines(shipment: int, lines: list[ParcelLine]) -> dict[tuple[int, int], int]:
    """One parcel line for each order line and stock level; their ids."""
    units: dict[tuple[int, int, int], int] = defaultdict(int)
    for parcel in lines:
        units[parcel.line, parcel.product, parcel.stock_level] += parcel.units
    line_refs, products, levels, quantities = columns([(*key, n) for key, n in units.items()], 4)
    found = rows(
        """INSERT INTO shipment_line (shipment_id, line_id, product_id, stock_level_id, units)
           SELECT %s, line, product, level, units
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS v (line, product, level, units)
           RETURNING line_id, stock_level_id, id""",
        [shipment, line_refs, products, levels, quantities],
    )
    return {(line, level): id_ for line, level, id_ in found}


def _carrier_has(settings: Settings, outbox: Outbox, contents: dict[int, list[ParcelLine]], at: datetime) -> None:
    """Moves stock, claims and lines, charges, and tells: the parcels are the carrier's now."""
    if not contents:
        return
    delivers_at = at + timedelta(days=settings.transit_days)
    shipments = list(contents)
    run("UPDATE shipment SET shipped_at = %s, delivers_at = %s WHERE id = ANY(%s)", [at, delivers_at, shipments])
    everything = [parcel for lines in contents.values() for parcel in lines]
    _release_reservations(everything)
    ledger.post((ledger.Movement(p.stock_level, -p.units, "shipped") for p in everything), at, outbox.fact, "shipment")
    claims, units = columns([(p.claim, p.units) for p in everything], 2)
    run(
        """UPDATE claim c SET units = c.units - v.units,
                  told_units = least(c.told_units, c.units - v.units),
                  pending_on = CASE WHEN c.units = v.units THEN NULL ELSE c.pending_on END,
                  pending_since = CASE WHEN c.units = v.units THEN NULL ELSE c.pending_since END
           FROM (SELECT claim, sum(units) AS units FROM unnest(%s::bigint[], %s::bigint[]) AS u (claim, units)
                 GROUP BY claim) v
           WHERE c.id = v.claim""",
        [claims, units],
    )
    lines, units = columns([(p.line, p.units) for p in everything], 2)
    run(
        """UPDATE order_line l SET reserved = l.reserved - v.units, shipped = l.shipped + v.units,
                  reason = CASE WHEN l.reserved + l.backordered + l.preordered = v.units THEN 'shipped'
                                ELSE l.reason END,
                  promise_on = CASE WHEN l.reserved + l.backordered + l.preordered = v.units THEN NULL
                                    ELSE l.promise_on END,
                  expected_on = CASE WHEN l.reserved + l.backordered + l.preordered = v.units THEN NULL
                                     ELSE l.expected_on END
           FROM (SELECT line, sum(units) AS units FROM unnest(%s::bigint[], %s::bigint[]) AS u (line, units)
                 GROUP BY line) v
           WHERE l.id = v.line""",
        [lines, units],
    )
    _charge_and_tell(settings, outbox, shipments, at)
    if settings.warehouse == "automatic":
        if settings.transit_days == 0:
            deliver(outbox, shipments, at)
        else:
            set_timers((delivers_at, TimerKind.DELIVER, shipment) for shipment in shipments)


def _release_reservations(parcels: list[ParcelLine]) -> None:
    levels, units = columns([(p.stock_level, p.units) for p in parcels], 2)
    run(
        """UPDATE stock_level s SET reserved = s.reserved - v.units
           FROM (SELECT level, sum(units) AS units FROM unnest(%s::bigint[], %s::bigint[]) AS u (level, units)
                 GROUP BY level) v
           WHERE s.id = v.level""",
        [levels, units],
    )


def _charge_and_tell(settings: Settings, outbox: Outbox, shipments: list[int], at: datetime) -> None:
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    orders: dict[int, int] = {}
    for shipment, order, charge, sku, name, units, unit_price, open_units in rows(
        """SELECT s.id, s.order_id, o.charge, p.sku, p.name, sl.units, l.unit_price,
                  l.reserved + l.backordered + l.preordered
           FROM shipment s JOIN sales_order o ON o.id = s.order_id
           JOIN shipment_line sl ON sl.shipment_id = s.id JOIN order_line l ON l.id = sl.line_id
           JOIN product p ON p.id = sl.product_id
           WHERE s.id = ANY(%s) ORDER BY s.id, p.sku""",
        [shipments],
    ):
        orders[shipment] = order
        outbox.tell(order, "shipped", [{"sku": sku, "name": name, "units": units, "to_follow": open_units}])
        if charge == "shipment":
            amounts[shipment] += units * unit_price
    for shipment, amount in amounts.items():
        if amount > 0:
            pay(outbox, orders[shipment], "capture", amount, at, settings.currency, shipment)


def pay(
    outbox: Outbox, order: int, kind: str, amount: Decimal, at: datetime, currency: str, shipment: int | None = None
) -> None:
    """Enters a movement of money and tells the customer."""
    run(
        """INSERT INTO payment (order_id, shipment_id, kind, amount, currency, at) VALUES (%s, %s, %s, %s, %s, %s)""",
        [order, shipment, kind, amount, currency, at],
    )
    event = "refunded" if kind == "refund" else "charged"
    outbox.tell(order, event, [{"amount": str(amount), "currency": currency}])
