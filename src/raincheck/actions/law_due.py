"""What falls due by law: options to give, and lines that nobody consented to wait for any longer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import BY_LAW, cancel_order
from raincheck.actions.run_pass import run_pass
from raincheck.core.consent import OptionNotice, must_cancel, needs_option, pass_day, why_cancelled
from raincheck.core.settings import Settings
from raincheck.store import law_delivery, law_options, lines
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.law_clocks import (
    ClockRow,
    asking_now,
    asks_at,
    clocks_by_id,
    goes_on,
    move,
    record_events,
    stop,
    vest,
)
from raincheck.store.law_records import is_undelivered
from raincheck.store.law_refunds import refunds_due_on
from raincheck.store.locks import lock_products, part_of
from raincheck.store.outbox import Outbox
from raincheck.store.timers import Due, clear, due_together, next_settling

MOST_TOGETHER = 200
"""How many clocks of one instant one transaction takes at the most."""

MOST_SETTLING = 500
"""How many changes of dates that settle at one instant one transaction tells at the most."""


def run_law(timer: Due, at: datetime) -> None:
    """Acts on all clocks that fall due with a timer, order by order: cancels first, then gives options."""
    with transaction.atomic():
        together = due_together(timer, MOST_TOGETHER)
        orders = {row.order for row in clocks_by_id(due.subject for due in together)}
        lock_products(lines.products_of(orders), at)
        by_order: dict[str, list[ClockRow]] = defaultdict(list)
        for row in clocks_by_id(clear(together)):
            by_order[row.order_ref].append(row)
        settings = read_settings()
        for ref, clocks in by_order.items():
            _order_due(settings, ref, clocks, at)


def settle_with_options(together: Sequence[Due], at: datetime) -> bool:
    """Tells changes of dates that settle as options of their own orders fall due; whether there were any.

    What is asked about an order then is one letter: also of its lines that nothing else ties to what settles. Nothing
    is told where one of these clocks cancels its line now. Where delivery counts, a delay is told as ever, after the
    law.
    """
    if not together:
        return False
    clocks = [row for row in clocks_by_id(due.subject for due in together) if not row.counts_delivery]
    if any(row.clock.cancels_on and row.start_of(row.clock.cancels_on) <= together[0].due_at for row in clocks):
        return False
    settling = next_settling({row.order for row in clocks}, together[0].due_at)
    if settling is not None:
        _settle(settling, {row.order for row in clocks}, at)
    return settling is not None


def _settle(settling: Due, asked: set[int], at: datetime) -> None:
    """Tells what settles with a timer, and in the same fact what else is due to be asked about orders in it."""
    with transaction.atomic():
        together = due_together(settling, MOST_SETTLING)
        settled = rows(
            "SELECT DISTINCT product_id, order_id FROM claim WHERE id = ANY(%s) AND units > 0",
            [[due.subject for due in together]],
        )
        products, orders = {product for product, _ in settled}, asked & {order for _, order in settled}
        locked = lock_products({*products, *lines.products_of(orders)}, at)
        subjects = clear(together)
        if not subjects or not products:
            return
        outbox = Outbox(at, "timer_settle", f"settle:{subjects[0]}", detail={"subjects": subjects})
        run_pass(part_of(locked, products), outbox)
        _ask_as_well(orders, outbox)
        outbox.flush()


def _ask_as_well(orders: set[int], outbox: Outbox) -> None:
    """Gives those of some orders that are told an option now what other options are due to them."""
    told = orders & {order for notice in OptionNotice for order in outbox.orders_told(notice.value)}
    of_them = [line.id for order in told for line in lines.read_lines(order)]
    settings = read_settings()
    for row in asking_now(told, of_them, outbox.at) if told else ():
        day = goes_on(settings, row, outbox.at)
        if needs_option(row.clock, day):
            law_options.ask(settings, outbox, row, day)


def _order_due(settings: Settings, ref: str, clocks: list[ClockRow], at: datetime) -> None:
    standing = {line.id: line for line in lines.read_lines(clocks[0].order)}
    over = [row for row in clocks if must_cancel(row.clock, row.day_of(at))]
    units = {row.line: standing[row.line].open_units - standing[row.line].cancel_requested for row in over}
    ended = [row for row in over if units[row.line] <= 0]
    late = [row for row in over if units[row.line] > 0]
    if late:
        _cancel(settings, ref, late, {row.sku: units[row.line] for row in late}, at)
    stop([row.id for row in ended])
    outbox = Outbox(at, "law_option_due", f"order:{ref}", detail={"law": clocks[0].clock.regime})
    for row in clocks:
        if row not in over:
            _ask(settings, outbox, row)
    outbox.flush()


def _cancel(settings: Settings, ref: str, late: list[ClockRow], units_by_sku: dict[str, int], at: datetime) -> None:
    """Cancels lines whose last day has passed: the right vested with the first instant of this day."""
    due = refunds_due_on(settings, late, at)
    outbox = Outbox(at, "law_vested", f"order:{ref}", detail={"law": late[0].clock.regime, "lines": units_by_sku})
    for row in late:
        rule, due_on = why_cancelled(row.clock), due[row.line]
        record_events(
            outbox,
            [(row.id, "vested", {"rule": rule, "by_on": row.clock.by_on, "stage": row.clock.stage.value,
                                 "refund_due_on": due_on})],
        )  # fmt: skip
        vest([row], rule, at, due_on)
    cancel_order(ref, units_by_sku, at, reason=BY_LAW)


def _ask(settings: Settings, outbox: Outbox, row: ClockRow) -> None:
    """Gives the option that is due, if it still is."""
    day = goes_on(settings, row, outbox.at)
    if row.counts_delivery:
        if row.fitting_until is not None and row.day_of(outbox.at) > row.fitting_until and is_undelivered(row.line):
            law_delivery.fitting_is_over(settings, outbox, row, day)
            return
        clock = pass_day(row.clock, row.day_of(outbox.at))
        if clock != row.clock and is_undelivered(row.line):
            law_options.tell_passed(settings, outbox, row, clock, day)
        else:
            stop([row.id])
        return
    if row.open_units <= 0:
        stop([row.id])
    elif row.asks_at is not None and row.asks_at <= outbox.at and needs_option(row.clock, day):
        law_options.ask(settings, outbox, row, day)
    else:  # What was due at this instant is not any more: only another instant may take its place.
        move(row, row.clock, asks_at(settings, replace(row, asks_at=None), day, outbox.at))
