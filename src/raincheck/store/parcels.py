"""Parcels: units that leave the shelf, wait out their handling, and go to the carrier."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from raincheck.core.settings import Settings
from raincheck.store import feedback, ledger
from raincheck.store.company import read_settings
from raincheck.store.db import columns, one, rows, run
from raincheck.store.order_money import settle_shipped
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.protections import count_shipped
from raincheck.store.timers import TimerKind, set_timers


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of one claim in a parcel. Of the parts of kits `kits` says how many are counted with these units."""

    claim: int
    line: int
    product: int
    stock_level: int
    units: int
    kits: int | None = None

    @property
    def units_of_line(self) -> int:
        """Its units as the order line counts them."""
        return self.units if self.kits is None else self.kits


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes together from one site: of one order, or of several that share it (`shares`); `order` is the first."""

    order: int
    site: int
    lines: Sequence[ParcelLine]
    shares: str = ""


def when_kits_are_whole(leaving: Sequence[tuple[Parcel, datetime]]) -> list[tuple[Parcel, datetime]]:
    """Parcels with the instants at which they leave: kits from several sites leave at the latest of these.

    What else is in those parcels leaves in one of its own, when its site hands over.
    """
    last_at: dict[int, datetime] = {}
    for parcel, at in leaving:
        for line in parcel.lines:
            if line.kits is not None:
                last_at[line.line] = max(at, last_at.get(line.line, at))
    if not last_at:
        return list(leaving)
    found: list[tuple[Parcel, datetime]] = []
    for parcel, at in leaving:
        by_instant: dict[datetime, list[ParcelLine]] = defaultdict(list)
        for line in parcel.lines:
            by_instant[last_at.get(line.line, at)].append(line)
        found += [(replace(parcel, lines=lines), instant) for instant, lines in sorted(by_instant.items())]
    return found


def create(
    parcels: Sequence[Parcel], state: str, at: datetime, ships_at: datetime | None, released_by: int | None = None
) -> list[int]:
    """Makes parcels and freezes their units (a peg to the parcel for each claim); their rows, in the order given.

    `released_by` is the fact that releases them to the carrier; without one they stand on a floor that works by hand.
    """
    shipments = _insert(parcels, state, at, ships_at, released_by)
    line_ids = _insert_lines(parcels, shipments)
    frozen = [
        (p.claim, p.line, p.product, p.stock_level, p.units, line_ids[shipment, p.line, p.stock_level])
        for parcel, shipment in zip(parcels, shipments, strict=True)
        for p in parcel.lines
    ]
    run(
        """INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, shipment_line_id, is_preorder)
           SELECT claim, line, product, units, 'stock', level, parcel_line, false
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
                AS v (claim, line, product, level, units, parcel_line)""",
        columns([(claim, line, product, level, units, id_) for claim, line, product, level, units, id_ in frozen], 6),
    )
    return shipments


def hand_over_at_once(settings: Settings, outbox: Outbox, parcels: Sequence[Parcel], at: datetime) -> None:
    """Units reserved a moment ago go to the carrier without waiting."""
    shipments = _insert(parcels, "shipped", at, at, outbox.fact)
    _insert_lines(parcels, shipments)
    contents = {shipment: parcel.lines for parcel, shipment in zip(parcels, shipments, strict=True)}
    _carrier_has(settings, outbox, contents, at)


def hand_over(settings: Settings, outbox: Outbox, shipments: Iterable[int], at: datetime) -> None:
    """Parcels that were made before go to the carrier."""
    contents: dict[int, list[ParcelLine]] = defaultdict(list)
    gone = rows(
        """DELETE FROM peg p USING shipment_line sl WHERE sl.id = p.shipment_line_id AND sl.shipment_id = ANY(%s)
           RETURNING sl.shipment_id, p.claim_id, p.line_id, p.product_id, p.stock_level_id, p.units, sl.id, sl.kits""",
        [list(shipments)],
    )
    counted: set[int] = set()
    for shipment, claim, line, product, level, units, parcel_line, line_kits in sorted(gone, key=lambda row: row[:6]):
        kits = 0 if parcel_line in counted and line_kits is not None else line_kits
        counted.add(parcel_line)
        contents[shipment].append(ParcelLine(claim, line, product, level, units, kits))
    run(
        """UPDATE shipment SET state = 'shipped', ships_at = %s, released_by_id = coalesce(released_by_id, %s)
           WHERE id = ANY(%s)""",
        [at, outbox.fact, list(contents)],
    )
    _carrier_has(settings, outbox, contents, at)


def in_state(shipments: Sequence[int], state: str) -> list[int]:
    """Those of some parcels that are in a state."""
    found = rows("SELECT id FROM shipment WHERE id = ANY(%s) AND state = %s ORDER BY id", [list(shipments), state])
    return [id_ for (id_,) in found]


def deliver(outbox: Outbox, shipments: list[int], at: datetime) -> None:
    """Parcels reach the customer."""
    run("UPDATE shipment SET state = 'delivered', delivered_at = %s WHERE id = ANY(%s)", [at, shipments])
    for order, lines in contents_of(shipments).items():
        outbox.tell(order, "delivered", lines)
    feedback.ask_later(read_settings(), shipments, at)


def contents_of(shipments: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """What messages say is in some parcels: order -> products with their units and parcel."""
    contents: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for shipment, order, sku, name, units in rows(
        """SELECT s.id, l.order_id, p.sku, p.name, coalesce(sl.kits, sl.units) FROM shipment s
           JOIN shipment_line sl ON sl.shipment_id = s.id JOIN order_line l ON l.id = sl.line_id
           JOIN product p ON p.id = l.product_id
           WHERE s.id = ANY(%s) AND coalesce(sl.kits, sl.units) > 0 ORDER BY s.id, p.sku""",
        [list(shipments)],
    ):
        contents[order].append({"sku": sku, "name": name, "units": units, "shipment": shipment})
    return contents


def _insert(
    parcels: Sequence[Parcel], state: str, at: datetime, ships_at: datetime | None, released_by: int | None
) -> list[int]:
    """Rows for parcels, in the order given: ids rise with it."""
    orders, sites = columns([(parcel.order, parcel.site) for parcel in parcels], 2)
    found = rows(
        """INSERT INTO shipment (site_id, order_id, state, created_at, ships_at, released_by_id)
           SELECT site, order_id, %s, %s, %s, %s
           FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS v (order_id, site, nr) ORDER BY nr
           RETURNING id""",
        [state, at, ships_at, released_by, orders, sites],
    )
    return sorted(id_ for (id_,) in found)


def _insert_lines(parcels: Sequence[Parcel], shipments: Sequence[int]) -> dict[tuple[int, int, int], int]:
    """One parcel line for each order line and stock level: (shipment, line, stock level) -> row."""
    units: dict[tuple[int, int, int, int], int] = defaultdict(int)
    kits: dict[tuple[int, int, int, int], int] = {}
    for parcel, shipment in zip(parcels, shipments, strict=True):
        for line in parcel.lines:
            key = (shipment, line.line, line.product, line.stock_level)
            units[key] += line.units
            if line.kits is not None:
                kits[key] = kits.get(key, 0) + line.kits
    found = rows(
        """INSERT INTO shipment_line (shipment_id, line_id, product_id, stock_level_id, units, kits)
           SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
           RETURNING shipment_id, line_id, stock_level_id, id""",
        columns([(*key, n, kits.get(key)) for key, n in units.items()], 6),
    )
    return {(shipment, line, level): id_ for shipment, line, level, id_ in found}


def split_off(shipment: int, kept_by_sku: Mapping[str, int]) -> int | None:
    """Leaves only so many units in a parcel that has not left; the rest moves to a new one of the same state.

    Kits stay or move with all the parts that they have in it. The new parcel's row; None if nothing had to move.
    """
    kept = dict(kept_by_sku)
    moved: list[tuple[int, int, int | None]] = []
    for line, sku, units, kits, kits_of_line in rows(
        """SELECT sl.id, p.sku, sl.units, sl.kits, (sum(sl.kits) OVER (PARTITION BY sl.line_id))::bigint
           FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id JOIN product p ON p.id = l.product_id
           WHERE sl.shipment_id = %s AND sl.units > 0 ORDER BY sl.id""",
        [shipment],
    ):
        if kits is None:
            stays = min(units, kept.get(sku, 0))
            kept[sku] = kept.get(sku, 0) - stays
            if stays < units:
                moved.append((line, units - stays, None))
        else:
            stays = min(kits_of_line, kept.get(sku, 0))
            units_left = units * stays // kits_of_line if kits_of_line else 0
            if units_left < units:
                moved.append((line, units - units_left, max(0, kits - stays)))
    if not moved:
        return None
    (rest,) = one(
        """INSERT INTO shipment (site_id, order_id, state, created_at, ships_at, shipped_at, delivers_at,
                                 released_by_id, carrier, tracking_number)
           SELECT site_id, order_id, state, created_at, ships_at, shipped_at, delivers_at, released_by_id, carrier,
                  tracking_number
           FROM shipment WHERE id = %s RETURNING id""",
        [shipment],
    )
    for line, units, kits in moved:
        _move_line(line, units, kits, int(rest))
    return int(rest)


def _move_line(line: int, units: int, kits: int | None, shipment: int) -> None:
    """Moves units of a parcel line, and the pegs that freeze them, to another parcel."""
    (moved,) = one(
        """INSERT INTO shipment_line (shipment_id, line_id, product_id, stock_level_id, units, kits)
           SELECT %s, line_id, product_id, stock_level_id, %s, %s FROM shipment_line WHERE id = %s RETURNING id""",
        [shipment, units, kits, line],
    )
    run("UPDATE shipment_line SET units = units - %s, kits = kits - %s WHERE id = %s", [units, kits, line])
    for peg, held in rows("SELECT id, units FROM peg WHERE shipment_line_id = %s ORDER BY id DESC", [line]):
        taken = min(units, held)
        if taken == held:
            run("UPDATE peg SET shipment_line_id = %s WHERE id = %s", [moved, peg])
        elif taken:
            run("UPDATE peg SET units = units - %s WHERE id = %s", [taken, peg])
            run(
                """INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, shipment_line_id,
                                    is_preorder)
                   SELECT claim_id, line_id, product_id, %s, kind, stock_level_id, %s, false FROM peg WHERE id = %s""",
                [taken, moved, peg],
            )
        units -= taken


def _carrier_has(
    settings: Settings, outbox: Outbox, contents: Mapping[int, Sequence[ParcelLine]], at: datetime
) -> None:
    """Moves stock, claims and lines, charges, and tells: the parcels are the carrier's now."""
    if not contents:
        return
    delivers_at = at + timedelta(days=settings.transit_days)
    shipments = list(contents)
    run("UPDATE shipment SET shipped_at = %s, delivers_at = %s WHERE id = ANY(%s)", [at, delivers_at, shipments])
    everything = [parcel for lines in contents.values() for parcel in lines]
    _release_reservations(everything)
    ledger.post((ledger.Movement(p.stock_level, -p.units, "shipped") for p in everything), at, outbox.fact, "shipment")
    count_shipped(sorted({p.product for p in everything}), [(p.claim, p.units) for p in everything])
    claims, units = columns([(p.claim, p.units) for p in everything], 2)
    run(
        """UPDATE claim c SET units = c.units - v.units,
                  told_units = least(c.told_units, c.units - v.units),
                  ready_since = CASE WHEN c.units = v.units THEN NULL ELSE c.ready_since END,
                  pending_on = CASE WHEN c.units = v.units THEN NULL ELSE c.pending_on END,
                  pending_since = CASE WHEN c.units = v.units THEN NULL ELSE c.pending_since END
           FROM (SELECT claim, sum(units) AS units FROM unnest(%s::bigint[], %s::bigint[]) AS u (claim, units)
                 GROUP BY claim) v
           WHERE c.id = v.claim""",
        [claims, units],
    )
    lines, units = columns([(p.line, p.units_of_line) for p in everything], 2)
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
    settle_orders(_orders_of(shipments))
    _charge_and_tell(settings, outbox, shipments, at)
    if settings.warehouse == "automatic":
        if settings.transit_days == 0:
            deliver(outbox, shipments, at)
        else:
            set_timers((delivers_at, TimerKind.DELIVER, shipment) for shipment in shipments)


def _orders_of(shipments: list[int]) -> list[int]:
    found = rows(
        """SELECT DISTINCT l.order_id FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id
           WHERE sl.shipment_id = ANY(%s)""",
        [shipments],
    )
    return [order for (order,) in found]


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
    shipped: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    in_transit = timedelta(days=settings.transit_days)
    arrives_on = settings.calendar.day_of(at + in_transit) if in_transit else None
    for shipment, order, line_id, sku, name, units, open_units in rows(
        """SELECT s.id, l.order_id, l.id, p.sku, p.name, coalesce(sl.kits, sl.units),
                  l.reserved + l.backordered + l.preordered
           FROM shipment s JOIN shipment_line sl ON sl.shipment_id = s.id JOIN order_line l ON l.id = sl.line_id
           JOIN product p ON p.id = l.product_id
           WHERE s.id = ANY(%s) AND coalesce(sl.kits, sl.units) > 0 ORDER BY s.id, sl.id, p.sku""",
        [shipments],
    ):
        line = {"sku": sku, "name": name, "units": units, "to_follow": open_units, "shipment": shipment}
        outbox.tell(order, "shipped", [line], arrives_on=arrives_on)
        shipped[order][shipment][line_id] += units
    settle_shipped(settings, outbox, {order: list(parcels.items()) for order, parcels in shipped.items()})
