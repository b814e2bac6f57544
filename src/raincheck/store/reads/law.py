"""The law's clocks as pages show them: of one order, and all that falls due in the next days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.core.consent import withdrawal_until
from raincheck.core.law_rules import REGIMES
from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.law_delivery import awaited_units
from raincheck.store.lines import read_lines
from raincheck.store.reads.named import named_rows
from raincheck.store.sellers import sellers_of
from raincheck.store.ship_to_zone import ship_to_zone


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something on the record of a clock, with the message that told it, if one did."""

    clock: int
    at: datetime
    kind: str
    detail: dict[str, Any]
    notice_id: int | None
    notice_state: str
    channel: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """The clock of one line. `by_on` is the last day on which it may go as things stand.

    `ended_at`: the law looks at it no longer, as the line is exempt, or was ordered anew after all of it had gone.
    """

    id: int
    sku: str
    name: str
    open_units: int
    regime: str
    zone: str
    started_at: datetime
    due_on: date
    due_from: str
    by_on: date | None
    stage: str
    offered_on: date | None
    asks_at: datetime | None
    cancels_at: datetime | None
    vested_at: datetime | None
    vested_by: str
    refund_due_on: date | None
    further_on: date | None = None
    fitting_until: date | None = None
    seller: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueView:
    """A line for which the law lets something fall due: an option (`asks_at`) or the cancel (`cancels_at`)."""

    order_ref: str
    customer: str
    sku: str
    name: str
    open_units: int
    reserved: int
    value: Decimal
    regime: str
    zone: str
    due_on: date
    by_on: date | None
    stage: str
    offered_on: date | None
    asks_at: datetime | None
    cancels_at: datetime | None
    due_at: datetime
    expected_on: date | None
    reason: str
    fitting_until: date | None = None
    seller: str = ""


_CLOCK = """k.id, p.sku, p.name, l.reserved + l.backordered + l.preordered AS open_units, k.regime, k.zone,
            k.started_at, k.due_on, k.due_from, k.by_on, k.stage, k.offered_on, k.asks_at, k.cancels_at, k.vested_at,
            k.vested_by, k.refund_due_on, k.further_on, k.fitting_until, k.ended_at,
            coalesce((SELECT coalesce(nullif(name, ''), code) FROM seller WHERE id = k.seller_id), '') AS seller"""


def clocks_of(order: int) -> list[ClockView]:
    """The clocks of an order's lines, ended ones included, by SKU and start."""
    return named_rows(
        ClockView,
        f"""SELECT {_CLOCK} FROM law_clock k JOIN order_line l ON l.id = k.line_id JOIN product p ON p.id = l.product_id
            WHERE l.order_id = %(order)s ORDER BY p.sku, k.id""",
        {"order": order},
    )


def clock_events(order: int) -> list[ClockEvent]:
    """What is on the record of an order's clocks, the oldest first."""
    return named_rows(
        ClockEvent,
        """SELECT e.clock_id AS clock, e.at, e.kind, e.detail, n.id AS notice_id, coalesce(n.state, '') AS notice_state,
                  coalesce(n.channel, '') AS channel
           FROM law_event e JOIN law_clock k ON k.id = e.clock_id JOIN order_line l ON l.id = k.line_id
           LEFT JOIN notice n ON n.order_id = l.order_id AND n.fact_id = e.fact_id AND n.event = e.detail->>'notice'
           WHERE l.order_id = %(order)s ORDER BY e.id""",
        {"order": order},
    )


def falls_due(until: datetime, limit: int, seller: str = "") -> list[DueView]:
    """Open lines for which something falls due by law until an instant, the next first; `seller`: a code, or all."""
    return named_rows(
        DueView,
        """SELECT o.ref AS order_ref, coalesce(nullif(u.name, ''), u.code, '') AS customer, p.sku, p.name,
                  l.reserved + l.backordered + l.preordered AS open_units, l.reserved,
                  (l.reserved + l.backordered + l.preordered) * l.unit_price AS value,
                  k.regime, k.zone, k.due_on, k.by_on, k.stage, k.offered_on, k.asks_at, k.cancels_at, t.due_at,
                  l.expected_on, l.reason, k.fitting_until, coalesce(nullif(s.name, ''), s.code, '') AS seller
           FROM timer t JOIN law_clock k ON k.id = t.subject_id JOIN order_line l ON l.id = k.line_id
           JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer u ON u.id = o.customer_id LEFT JOIN seller s ON s.id = k.seller_id
           WHERE t.kind = 10 AND t.due_at <= %(until)s AND l.reserved + l.backordered + l.preordered > 0
             AND (%(seller)s = '' OR s.code = %(seller)s)
           ORDER BY t.due_at, o.ref, p.sku LIMIT %(limit)s""",
        {"until": until, "limit": limit, "seller": seller},
    )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """From the arrival of an order's last part (None: something has not arrived) until when it can be sent back.

    The days are those of `zone`, the ship-to place's. `skus` are the products that it holds for: neither what is exempt
    nor what is sold under another law. `left` are the units that can be withdrawn from, by SKU: those open that nobody
    is cancelling and those sent that neither came back nor are awaited; empty where nothing is left. `declared` are
    withdrawals on record, the oldest first.
    """

    regime: str
    starts_on: date | None
    until_on: date | None
    zone: str
    skus: tuple[str, ...]
    left: Mapping[str, int]
    declared: tuple["Declared", ...] = ()

    def is_over(self, at: datetime) -> bool:
        """Whether its last day has passed."""
        return self.until_on is not None and at.astimezone(ZoneInfo(self.zone)).date() > self.until_on


@dataclass(frozen=True, slots=True)
class Declared:
    """Units that had been sent and that a buyer withdrew from; money is due back until a day."""

    at: datetime
    sku: str
    units: int
    how: str
    refund_due_on: date


def withdrawal(order: int) -> Withdrawal | None:
    """The time to withdraw from an order under a law that knows one; None under others."""
    settings = read_settings()
    covered = _withdrawn_under(order, settings)
    if not covered:
        return None
    found = rows(
        """SELECT o.country, o.postcode,
                  (SELECT k.zone FROM law_clock k JOIN order_line l ON l.id = k.line_id WHERE l.order_id = o.id
                    ORDER BY k.ended_at NULLS FIRST, k.id DESC LIMIT 1),
                  (SELECT CASE WHEN bool_and(s.state = 'delivered') THEN max(s.delivered_at) END
                    FROM shipment s WHERE s.state <> 'cancelled' AND s.id IN (
                        SELECT sl.shipment_id FROM shipment_line sl JOIN order_line x ON x.id = sl.line_id
                        WHERE x.order_id = o.id AND sl.units > 0)),
                  (SELECT sum(x.reserved + x.backordered + x.preordered) FROM order_line x WHERE x.order_id = o.id)
           FROM sales_order o WHERE o.id = %s""",
        [order],
    )
    ((country, postcode, zone, delivered_at, open_units),) = found
    regime = REGIMES[next(iter(covered.values()))]
    place = ZoneInfo(zone) if zone else ship_to_zone(country, postcode, settings.timezone)
    last_on = delivered_at.astimezone(place).date() if delivered_at and not open_units else None
    until_on = withdrawal_until(regime, last_on)
    return Withdrawal(
        regime.name, last_on, until_on, place.key, tuple(covered), _left(order, covered), _declared(order)
    )


def _withdrawn_under(order: int, settings: Settings) -> dict[str, str]:
    """By SKU the law that lets a buyer withdraw; what has no such law, or is exempt, is missing.

    A line's law is that of its clock. All of it shipped at once: no clock was needed, and it is its seller's, else the
    company's.
    """
    found = rows(
        """SELECT l.id, p.sku, coalesce((SELECT regime FROM law_clock k WHERE k.line_id = l.id ORDER BY k.id DESC
                                          LIMIT 1), ''),
                  EXISTS (SELECT 1 FROM law_exemption e WHERE e.ended_at IS NULL AND e.product_id = l.product_id
                                                          AND e.created_at <= o.placed_at)
           FROM sales_order o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id
           WHERE o.id = %s AND NOT EXISTS (SELECT 1 FROM law_exemption e WHERE e.order_id = o.id AND e.ended_at IS NULL)
           ORDER BY p.sku""",
        [order],
    )
    sellers = sellers_of(settings, [line for line, *_ in found])
    covered: dict[str, str] = {}
    for line, sku, regime, is_exempt in found:
        law = regime
        if not regime and not is_exempt and settings.law != "none":
            law = sellers[line].law if line in sellers else settings.law
        if law in REGIMES and REGIMES[law].withdrawal_days is not None:
            covered[sku] = law
    return covered


def _left(order: int, skus: Collection[str]) -> dict[str, int]:
    awaited = awaited_units(order)
    return {
        line.sku: units
        for line in read_lines(order)
        if line.sku in skus
        and (
            units := line.open_units
            - line.cancel_requested
            + max(0, line.shipped - line.returned - awaited.get(line.id, 0))
        )
    }


def _declared(order: int) -> tuple[Declared, ...]:
    return tuple(
        named_rows(
            Declared,
            """SELECT w.declared_at AS at, p.sku, w.units, w.how, w.refund_due_on FROM law_withdrawal w
               JOIN order_line l ON l.id = w.line_id JOIN product p ON p.id = l.product_id
               WHERE l.order_id = %(order)s ORDER BY w.id""",
            {"order": order},
        )
    )


@dataclass(frozen=True, slots=True)
class UntoldView:
    """An order of which somebody has to tell the customer: an option is due and no message can give it."""

    order_ref: str
    text: str
    opened_at: datetime


def waits_for_a_person(seller: str = "") -> list[UntoldView]:
    """Open tasks of the law, the oldest first; `seller`: a code, or all."""
    return named_rows(
        UntoldView,
        """SELECT o.ref AS order_ref, t.text, t.opened_at FROM task t JOIN sales_order o ON o.id = t.order_id
           WHERE t.kind = 'law' AND t.closed_at IS NULL AND EXISTS (
               SELECT 1 FROM order_line l LEFT JOIN line_seller ls ON ls.line_id = l.id
               LEFT JOIN seller s ON s.id = ls.seller_id
               WHERE l.order_id = o.id AND l.reserved + l.backordered + l.preordered > 0
                 AND (%(seller)s = '' OR s.code = %(seller)s))
           ORDER BY t.opened_at, t.id LIMIT 100""",
        {"seller": seller},
    )
