"""What an order got: each line's quantities, dates and reason, and the pieces in which its units come. For programs."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from raincheck.core.calendar import Road
from raincheck.core.kits import side_by_side
from raincheck.core.reason import Reason
from raincheck.store.carriers import tracked
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.reads.named import first_named, named_rows

_REFUSALS: Final = frozenset({Reason.BACKORDERS_DENIED, Reason.OVER_LIMIT, Reason.TOO_LATE})


@dataclass(frozen=True, slots=True)
class PieceOutcome:
    """Units of a line that come together. `on` is the day of delivery.

    `source` is on_hand, the reference of a purchase order or transfer, lead_time, none or refused. `reason` is None for
    refused units of which the record does not say which limit they broke.
    """

    units: int
    source: str
    on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """A line. Always ordered = reserved + backordered + preordered + shipped + cancelled + refused."""

    id: int
    sku: str
    unit_price: Decimal
    ordered: int
    reserved: int
    backordered: int
    preordered: int
    shipped: int
    cancelled: int
    refused: int
    returned: int
    cancel_requested: int
    ship: str
    backorders: str
    backorder_limit: int | None
    reason: str
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None
    pieces: tuple[PieceOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelLineOutcome:
    """Units of a line in a parcel."""

    shipment: int
    sku: str
    units: int


@dataclass(frozen=True, slots=True)
class ParcelOutcome:
    """A parcel of the order. What is not known of its carrier is empty; so is the address of a page that it lacks."""

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
    lines: tuple[ParcelLineOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """An order and its lines, in the order asked. `at` is the instant of reading."""

    id: int
    ref: str
    state: str
    customer: str | None
    channel: str
    country: str
    postcode: str
    placed_at: datetime
    captured: Decimal
    refunded: Decimal
    at: datetime
    lines: tuple[LineOutcome, ...] = ()
    parcels: tuple[ParcelOutcome, ...] = field(default=())
    wanted_on: date | None = None


def order_outcome(ref: str) -> OrderOutcome | None:
    """The order with this reference, or None; a basket is none yet. Six small queries."""
    return _outcome("o.ref = %(key)s AND o.state <> 'basket'", ref)


def basket_outcome(order: int) -> OrderOutcome | None:
    """What the sales order behind a hold has got, by its row."""
    return _outcome("o.id = %(key)s AND o.state = 'basket'", order)


def _outcome(which: str, key: str | int) -> OrderOutcome | None:
    order = first_named(
        OrderOutcome,
        f"""SELECT o.id, o.ref, o.state, c.code AS customer, o.channel, o.country, o.postcode, o.placed_at,
                  o.wanted_on,
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'capture'), 0) AS captured,
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'refund'), 0) AS refunded,
                  clock_timestamp() AS at
           FROM sales_order o LEFT JOIN customer c ON c.id = o.customer_id WHERE {which}""",
        {"key": key},
    )
    if order is None:
        return None
    return replace(order, lines=_lines(order), parcels=_parcels(order.id))


def _lines(order: OrderOutcome) -> tuple[LineOutcome, ...]:
    lines = named_rows(
        LineOutcome,
        """SELECT l.id, p.sku, l.unit_price, l.ordered, l.reserved, l.backordered, l.preordered, l.shipped, l.cancelled,
                  l.refused, l.returned, l.cancel_requested_units AS cancel_requested, l.ship, l.backorders,
                  l.backorder_limit, l.reason, l.first_promise_on, l.promise_on, l.expected_on
           FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = %(order)s ORDER BY l.id""",
        {"order": order.id},
    )
    settings = read_settings()
    today = settings.calendar.day_of(order.at)
    pieces = _Pieces(order, lines, settings.road, today, settings.latest_days)
    return tuple(replace(line, pieces=pieces.of(line)) for line in lines)


_Peg = tuple[int, str, str | None, str | None, date | None, bool, datetime | None, bool, date | None, str]
"""(units, kind, inbound's ref, inbound's kind, ships on, is a pre-order, its parcel leaves at, its parcel is planned,
on which day, what it waits for)."""

_LAST: Final = {"stock": 0, "inbound": 1, "lead_time": 2, "none": 3}


class _Pieces:
    """The pieces of an order's lines, from their pegs and their parcels."""

    def __init__(
        self, order: OrderOutcome, lines: list[LineOutcome], road: Road, today: date, latest_days: int | None
    ) -> None:
        self._road, self._today = road, today
        self._is_held = order.state in ("held", "basket", "cancel_requested")
        self._group_waits = any(line.ship == "complete" and line.backordered + line.preordered for line in lines)
        self._has_latest = latest_days is not None
        self._pegs: dict[int, list[_Peg]] = {}
        kits: dict[int, dict[int, dict[tuple[int, int], list[_Peg]]]] = {}
        for line, kit_nr, claim, per_kit, *peg in rows(_PEGS, [[line.id for line in lines]]):
            if kit_nr is None:
                self._pegs.setdefault(line, []).append(tuple(peg))
            else:
                parts = kits.setdefault(line, {}).setdefault(kit_nr, {})
                parts.setdefault((claim, per_kit), []).append(tuple(peg))
        for line, sets in kits.items():
            self._pegs[line] = [peg for parts in sets.values() for peg in self._of_kits(parts)]
        self._shipped: dict[int, list[tuple[datetime, int]]] = {}
        for line, delivers_at, units in rows(_SHIPPED, [order.id]):
            self._shipped.setdefault(line, []).append((delivers_at, units))

    def _of_kits(self, parts: dict[tuple[int, int], list["_Peg"]]) -> list["_Peg"]:
        """A set of kits as pegs of whole kits: each as the last of its parts stands."""

        def day(peg: "_Peg") -> tuple[date, int]:
            return (peg[4] or (date.max if peg[1] != "stock" else date.min), _LAST[peg[1]])

        columns = [(per_kit, [(peg[0], peg) for peg in sorted(pegs, key=day)]) for (_, per_kit), pegs in parts.items()]
        return [(kits, *max(together, key=day)[1:]) for kits, together in side_by_side(columns)]

    def of(self, line: LineOutcome) -> tuple[PieceOutcome, ...]:
        """The earliest first, undated ones after them, refused ones last; one piece a source, day and reason."""
        merged: dict[tuple[date, bool, str, str], int] = {}
        for units, source, on, reason in [*self._gone(line), *self._open(line)]:
            key = (on or date.max, source != "on_hand", source, reason)
            merged[key] = merged.get(key, 0) + units
        found = [
            PieceOutcome(units, source, None if on == date.max else on, reason)
            for (on, _, source, reason), units in sorted(merged.items())
        ]
        if line.refused:
            found.append(PieceOutcome(line.refused, "refused", None, self._refusal(line)))
        return tuple(found)

    def _gone(self, line: LineOutcome) -> list[tuple[int, str, date | None, str]]:
        calendar = self._road.calendar
        return [
            (units, "on_hand", calendar.day_of(delivers_at), Reason.SHIPPED.value)
            for delivers_at, units in self._shipped.get(line.id, ())
        ]

    def _open(self, line: LineOutcome) -> list[tuple[int, str, date | None, str]]:
        found: list[tuple[int, str, date | None, str]] = []
        for peg in self._pegs.get(line.id, ()):
            units, kind, source, source_kind, ships_on, is_preorder, leaves_at, is_planned, planned_on, waits_for = peg
            reason = self._reason(line, kind, source_kind, ships_on, waits_for, is_preorder=is_preorder)
            if is_planned:
                on = None if planned_on is None else self._road.delivers_on(planned_on)
            elif line.ship == "complete":
                on = line.expected_on  # The group's, wherever its units come from.
            elif ships_on is not None:
                on = self._road.delivers_on(ships_on)
            elif kind != "stock":
                on = None
            else:
                on = self._road.delivers_on(self._leaves_on(leaves_at))
            found.append((units, source or ("on_hand" if kind == "stock" else kind), on, reason.value))
        return found

    def _leaves_on(self, leaves_at: datetime | None) -> date:
        """The day on which reserved units go: a parcel's own, not before today."""
        if leaves_at is None:
            return self._road.ships_on(self._today)
        return max(self._today, self._road.calendar.day_of(leaves_at))

    def _reason(
        self,
        line: LineOutcome,
        kind: str,
        source_kind: str | None,
        ships_on: date | None,
        waits_for: str,
        *,
        is_preorder: bool,
    ) -> Reason:
        """As core.decision gives it, from what was stored."""
        if is_preorder:
            return Reason.NO_DATE if ships_on is None else Reason.NOT_YET_AVAILABLE
        if kind == "stock":
            if self._is_held:
                return Reason.HELD
            if waits_for:
                return Reason(waits_for)
            waits = line.ship == "complete" and self._group_waits
            return Reason.WAITS_FOR_ORDER if waits else Reason.ON_HAND
        if ships_on is None:
            return Reason.NO_DATE
        if kind == "lead_time":
            return Reason.LEAD_TIME
        return Reason.PEGGED_TO_TRANSFER if source_kind == "transfer" else Reason.PEGGED_TO_INBOUND

    def _refusal(self, line: LineOutcome) -> str | None:
        """Which limit refused units broke: the line's own reason, or what alone could have been it."""
        if line.reason in _REFUSALS:
            return line.reason
        if line.backorders == "deny":
            return Reason.BACKORDERS_DENIED.value
        if line.backorder_limit is None:
            return Reason.TOO_LATE.value
        return None if self._has_latest else Reason.OVER_LIMIT.value


_PEGS: Final = """
    SELECT g.line_id, c.kit_nr, CASE WHEN c.kit_nr IS NOT NULL THEN c.id END, c.per_kit, sum(g.units)::bigint, g.kind,
           i.ref, i.kind, g.ships_on, g.is_preorder, s.ships_at,
           c.has_parcel_terms AND g.shipment_line_id IS NULL
               AND (g.leaves_on IS NOT NULL OR g.kind <> 'stock' OR g.waits_for <> ''), g.leaves_on, g.waits_for
    FROM peg g JOIN claim c ON c.id = g.claim_id
    LEFT JOIN inbound_line il ON il.id = g.inbound_line_id LEFT JOIN inbound i ON i.id = il.inbound_id
    LEFT JOIN shipment_line pl ON pl.id = g.shipment_line_id LEFT JOIN shipment s ON s.id = pl.shipment_id
    WHERE g.line_id = ANY(%s)
    GROUP BY g.line_id, 2, 3, 4, g.kind, i.ref, i.kind, g.ships_on, g.is_preorder, s.ships_at, 12, g.leaves_on,
             g.waits_for
"""
_SHIPPED: Final = """
    SELECT pl.line_id, coalesce(s.delivers_at, s.shipped_at), sum(coalesce(pl.kits, pl.units))::bigint
    FROM shipment s JOIN shipment_line pl ON pl.shipment_id = s.id JOIN order_line l ON l.id = pl.line_id
    WHERE l.order_id = %s AND s.shipped_at IS NOT NULL AND coalesce(pl.kits, pl.units) > 0 GROUP BY pl.line_id, 2
"""


def _parcels(order: int) -> tuple[ParcelOutcome, ...]:
    parcels = named_rows(
        ParcelOutcome,
        """SELECT s.id, t.code AS site, s.state, s.created_at, s.ships_at, s.shipped_at, s.delivers_at, s.delivered_at,
                  s.carrier, s.tracking_number
           FROM shipment s JOIN site t ON t.id = s.site_id
           WHERE s.state <> 'cancelled' AND s.id IN (
               SELECT pl.shipment_id FROM shipment_line pl JOIN order_line l ON l.id = pl.line_id
               WHERE l.order_id = %(order)s AND pl.units > 0)
           ORDER BY s.id""",
        {"order": order},
    )
    lines = named_rows(
        ParcelLineOutcome,
        """SELECT v.shipment_id AS shipment, p.sku,
                  sum(CASE WHEN v.has_kits THEN v.kits ELSE v.units END)::bigint AS units
           FROM (SELECT pl.*, (sum(pl.kits) OVER (PARTITION BY pl.shipment_id, pl.line_id)) > 0 AS has_kits
                 FROM shipment_line pl JOIN order_line ol ON ol.id = pl.line_id WHERE ol.order_id = %(order)s) v
           JOIN order_line l ON l.id = v.line_id
           JOIN product p ON p.id = CASE WHEN v.has_kits THEN l.product_id ELSE v.product_id END
           WHERE v.units > 0 GROUP BY v.shipment_id, p.sku ORDER BY p.sku""",
        {"order": order},
    )
    urls = {
        parcel.shipment: parcel.url for parcel in tracked([parcel.id for parcel in parcels if parcel.tracking_number])
    }
    return tuple(
        replace(
            parcel,
            tracking_url=urls.get(parcel.id, ""),
            lines=tuple(line for line in lines if line.shipment == parcel.id),
        )
        for parcel in parcels
    )
