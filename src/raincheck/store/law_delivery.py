"""What a law that counts delivery keeps: a buyer's further fitting period, and what they withdrew from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from raincheck.core.consent import OptionNotice, Stage
from raincheck.core.settings import Settings
from raincheck.store import tasks
from raincheck.store.db import rows, run
from raincheck.store.law_clocks import ClockRow, move, record_events
from raincheck.store.lines import LineFacts
from raincheck.store.outbox import Outbox


def set_fitting(outbox: Outbox, clocks: Sequence[ClockRow], until_on: date, *, is_essential: bool) -> None:
    """The buyer set a further period for these clocks; on the day after it they are looked at again."""
    for row in clocks:
        run("UPDATE law_clock SET fitting_until = %s WHERE id = %s", [until_on, row.id])
        detail = {"on": row.day_of(outbox.at), "until_on": until_on, "is_essential": is_essential}
        record_events(outbox, [(row.id, "fitting_period", detail)])
        moved = replace(row, fitting_until=until_on)
        move(moved, row.clock, row.start_of(until_on + timedelta(days=1)))


def late_line(
    settings: Settings, outbox: Outbox, row: ClockRow, told_on: date | None, was_on: date | None
) -> dict[str, Any]:
    """What is said of a line that has not arrived in time: of what is open, else of what is on its way."""
    said: dict[str, Any] = {"sku": row.sku, "name": row.name, "units": row.open_units, "on": told_on, "was_on": was_on,
                            "stage": Stage.PASSED.value, "why": row.reason}  # fmt: skip
    if row.open_units == 0:
        ((units, shipped_at),) = rows(
            """SELECT coalesce(sum(coalesce(sl.kits, sl.units)), 0)::bigint, max(s.shipped_at)
               FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
               WHERE sl.line_id = %s AND s.state = 'shipped'""",
            [row.line],
        )
        arrives_on = settings.calendar.day_of(shipped_at + timedelta(days=settings.transit_days))
        is_ahead = arrives_on >= settings.calendar.day_of(outbox.at)
        said |= {"units": units, "on": arrives_on if is_ahead else None, "on_the_way": True}
    return said


def fitting_is_over(settings: Settings, outbox: Outbox, row: ClockRow, told_on: date | None) -> None:
    """The further period is over and not everything is there: the customer is told, and a person calls."""
    notice = OptionNotice.FIRST.value
    detail = {"on": row.day_of(outbox.at), "until_on": row.fitting_until, "notice": notice}
    record_events(outbox, [(row.id, "fitting_over", detail)])
    outbox.tell(row.order, notice, [late_line(settings, outbox, row, told_on, row.fitting_until)])
    move(row, row.clock, None)
    text = f"{row.order_ref}: the further period that the customer set ended on {row.fitting_until}: call them"
    tasks.open_for_order("law", row.order, text, outbox.at)


def awaited(order: int | None) -> dict[int, list[tuple[date, int]]]:
    """By line of an order (None: of all), what a buyer withdrew from and has not sent back since, the earliest first.

    Each is the day by which its money is due, and units. What comes back is of the earliest withdrawal; what came back
    for another reason before a withdrawal is no part of it.
    """
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for line, due_on, units in rows(
        """WITH withdrawn AS (
               SELECT w.line_id, w.refund_due_on, w.units::bigint, w.fact_id FROM law_withdrawal w
               JOIN order_line l ON l.id = w.line_id WHERE %s::bigint IS NULL OR l.order_id = %s)
           SELECT line_id, refund_due_on, units FROM (
               SELECT * FROM withdrawn
               UNION ALL
               SELECT l.id, NULL, (f.detail->'lines'->>p.sku)::bigint, f.id FROM order_line l
               JOIN product p ON p.id = l.product_id JOIN sales_order o ON o.id = l.order_id
               JOIN fact f ON f.subject = 'order:' || o.ref
               WHERE l.id IN (SELECT line_id FROM withdrawn) AND f.verb = 'returned' AND f.detail->'lines' ? p.sku) v
           ORDER BY fact_id""",
        [order, order],
    ):
        if due_on is not None:
            found[line].append((due_on, units))
            continue
        came_back, pending = units, found[line]
        found[line] = []
        for their_due_on, withdrawn_units in pending:
            back = min(came_back, withdrawn_units)
            came_back -= back
            if withdrawn_units > back:
                found[line].append((their_due_on, withdrawn_units - back))
    return {line: pending for line, pending in found.items() if pending}


def awaited_units(order: int) -> dict[int, int]:
    """By line, how many units that had been sent a buyer withdrew from and that have not come back since."""
    return {line: sum(units for _, units in pending) for line, pending in awaited(order).items()}


def note_withdrawal(outbox: Outbox, units: Sequence[tuple[LineFacts, int]], how: str, due_on: date) -> None:
    """A buyer withdraws from units that had been sent to them."""
    for line, count in units:
        run(
            """INSERT INTO law_withdrawal (line_id, units, declared_at, refund_due_on, how, actor, fact_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            [line.id, count, outbox.at, due_on, how, outbox.actor, outbox.fact],
        )
