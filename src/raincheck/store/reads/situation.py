"""What helps to help one customer: the order's open lines, what stands behind them, and what could stand in."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from raincheck.core.money import decimals_of
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.situation import Instead, Lender, OpenLine, Rates, Situation, Waiting
from raincheck.store.db import rows
from raincheck.store.order_money import would_come_back
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.order import LinePeg, LineView, OrderView
from raincheck.store.reads.reasons import why_stock_stays
from raincheck.store.reads.substitutes import substitutes_for

_WAIT_FOR_THE_REST: Final = (Reason.WAITS_FOR_ORDER.value, Reason.WAITS_FOR_SHIPMENT.value)
MOST_LENDERS: Final = 3


@dataclass(frozen=True, slots=True)
class _Money:
    """What a product costs and is sold for."""

    sku: str
    cost: Decimal | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class _Lent:
    """Units that another order gets before this one although it stands behind it."""

    order: str
    tier: str
    units: int
    ships_on: date


def situation_of(order: OrderView, settings: Settings, at: datetime) -> Situation:
    """What there is to decide with. Some eight statements, and those of `substitutes_for` for each line that waits."""
    today = settings.calendar.day_of(at)
    instead = {line.sku: substitutes_for(line.sku) for line in order.lines if line.waiting_units and not _is_kit(line)}
    money = _money({line.sku for line in order.lines} | {one.sku for found in instead.values() for one in found})
    open_lines = [line for line in order.lines if line.to_send_units]
    all_of_it = {line.id: line.to_send_units for line in open_lines}
    of_all, *of_each = would_come_back(settings, order.id, [all_of_it, *({id_: all_of_it[id_]} for id_ in all_of_it)])
    answer_by, offered_on = _asked(settings, order.id)
    lines = tuple(
        _open_line(
            settings,
            order,
            line,
            money,
            comes_back,
            tuple(
                Instead(one.sku, one.name, one.earliest_on, money[one.sku].cost, money[one.sku].price)
                for one in instead.get(line.sku, ())
            ),
        )
        for line, comes_back in zip(open_lines, of_each, strict=True)
    )
    return Situation(
        today=today,
        goes_on=_goes_on(settings, order, today),
        state=order.state,
        lines=lines,
        tier=order.tier,
        is_unpaid=order.declined_at is not None,
        answer_by=answer_by,
        offered_on=offered_on,
        paid=max(Decimal(0), min(order.captured - order.refunded, _kept_value(order))),
        comes_back=of_all,
        on_floor=any(peg.shipment_state in ("picked", "packed") for line in order.lines for peg in line.pegs),
        can_write=bool(order.email),
        rates=Rates(
            settings.parcel_cost, settings.waiting_percent, max(1, settings.lend_days), decimals_of(settings.currency)
        ),
    )


def _goes_on(settings: Settings, order: OrderView, today: date) -> date:
    """The day at the customer of what lies here, sent now: a floor that works by hand began when it was reserved."""
    ships_on = settings.road.ships_on(today)
    if settings.warehouse == "manual":
        here = [peg for line in order.lines for peg in line.pegs if peg.kind == "stock" and peg.shipment_id is None]
        handled = [peg.ships_on for peg in here if peg.ships_on is not None and not peg.is_preorder]
        ships_on = min(ships_on, max(today, *handled)) if handled else ships_on
    return settings.road.delivers_on(ships_on)


def _kept_value(order: OrderView) -> Decimal:
    """What the goods that they have cost."""
    return sum((line.kept_units * line.unit_price for line in order.lines), Decimal(0))


def _is_kit(line: LineView) -> bool:
    return any(peg.part for peg in line.pegs)


def _open_line(
    settings: Settings,
    order: OrderView,
    line: LineView,
    money: dict[str, _Money],
    comes_back: Decimal,
    instead: tuple[Instead, ...],
) -> OpenLine:
    here = [peg for peg in line.pegs if peg.kind == "stock" and not peg.is_preorder]
    away = [peg for peg in line.pegs if peg not in here]
    stays = why_stock_stays(order, line) in _WAIT_FOR_THE_REST
    kept = sum(peg.units for peg in here if stays and peg.shipment_id is None) if not _is_kit(line) else 0
    waiting = _waiting(settings, line, away)
    is_dated = waiting and all(piece.delivers_on is not None for piece in waiting)
    return OpenLine(
        sku=line.sku,
        name=line.name or line.sku,
        price=line.unit_price,
        cost=money[line.sku].cost,
        kept_back=kept,
        moving=line.reserved - line.cancel_requested_units - kept,
        waiting=waiting,
        told_on=line.first_promise_on or line.told_on,
        comes_back=comes_back,
        coming=tuple(
            dict.fromkeys(peg.source for peg in away if peg.kind == "inbound" and peg.source_kind == "purchase")
        ),
        to_buy=sum(peg.units for peg in away if peg.kind in ("none", "lead_time")),
        instead=instead,
        lenders=() if _is_kit(line) else _lenders(settings, order.id, line, None if not is_dated else away),
    )


def _waiting(settings: Settings, line: LineView, away: list[LinePeg]) -> tuple[Waiting, ...]:
    """The units that are not here, by the day at the customer; of a kit all on its last day."""
    if not line.waiting_units:
        return ()
    if _is_kit(line):
        return (Waiting(line.waiting_units, line.expected_on),)
    by_day: dict[date | None, int] = defaultdict(int)
    for peg in away:
        by_day[None if peg.ships_on is None else settings.road.delivers_on(peg.ships_on)] += peg.units
    return tuple(Waiting(units, day) for day, units in sorted(by_day.items(), key=lambda one: one[0] or date.max))


def _money(skus: set[str]) -> dict[str, _Money]:
    found = named_rows(_Money, "SELECT sku, cost, price FROM product WHERE sku = ANY(%(skus)s)", {"skus": sorted(skus)})
    return {one.sku: one for one in found}


def _lenders(settings: Settings, order: int, line: LineView, dated: list[LinePeg] | None) -> tuple[Lender, ...]:
    """Those behind in the queue that have units sooner, the last in the queue first; frozen and given ones stay."""
    if not line.waiting_units:
        return ()
    ours = date.max if dated is None else max(peg.ships_on or date.max for peg in dated)
    found = named_rows(
        _Lent,
        """SELECT o.ref AS "order", coalesce(u.tier, '') AS tier, sum(g.units)::bigint AS units,
                  max(g.ships_on) AS ships_on
           FROM peg g JOIN claim c ON c.id = g.claim_id AND c.line_id = g.line_id
           JOIN sales_order o ON o.id = c.order_id LEFT JOIN customer u ON u.id = o.customer_id
           JOIN (SELECT order_id, place, minus_score, joined_at, product_id FROM claim
                 WHERE order_id = %(mine)s AND line_id = %(line)s AND units > 0
                 ORDER BY place, minus_score, joined_at, id LIMIT 1) me
                ON me.product_id = g.product_id
           WHERE g.kind IN ('stock', 'inbound') AND g.shipment_line_id IS NULL AND g.given_by_id IS NULL
             AND NOT g.is_preorder AND g.ships_on < %(ours)s AND NOT c.is_stock_only AND c.kit_nr IS NULL
             AND c.order_id <> me.order_id AND o.state IN ('open', 'held')
             AND (c.place, c.minus_score, c.joined_at) > (me.place, me.minus_score, me.joined_at)
           GROUP BY o.ref, u.tier, c.place, c.minus_score, c.joined_at, c.id
           ORDER BY c.place DESC, c.minus_score DESC, c.joined_at DESC, o.ref DESC, c.id DESC LIMIT %(most)s""",
        {"mine": order, "line": line.id, "ours": ours, "most": MOST_LENDERS},
    )
    return tuple(Lender(one.order, one.units, settings.road.delivers_on(one.ships_on), one.tier) for one in found)


def _asked(settings: Settings, order: int) -> tuple[date | None, date | None]:
    """The last day for the answer to a question that the law makes us ask, of those that need one; and the day offered.

    That is the day at the customer which was last told with the question, the last of several; None: one has no day.
    """
    found = rows(
        """SELECT min(k.by_on), CASE WHEN bool_and(k.offered_on IS NOT NULL) THEN max(k.offered_on) END
           FROM law_clock k JOIN order_line l ON l.id = k.line_id
           WHERE l.order_id = %s AND k.ended_at IS NULL AND k.vested_at IS NULL AND k.by_on IS NOT NULL
             AND l.reserved + l.backordered + l.preordered > 0 AND k.stage IN ('answer_needed', 'silence_consents')""",
        [order],
    )
    ((answer_by, ships_on),) = found
    return answer_by, None if ships_on is None else settings.road.delivers_on(ships_on)
