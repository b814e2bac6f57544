"""Rights of a buyer where delivery counts (Directive 2011/83): a further fitting period, and to withdraw."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import cancel_order, known_line, known_order
from raincheck.core.consent import Stage
from raincheck.core.errors import Malformed, Refused
from raincheck.core.law_rules import REGIMES
from raincheck.store import law_delivery, lines, tasks
from raincheck.store.company import read_settings
from raincheck.store.law_clocks import read_clocks
from raincheck.store.law_orders import note_essential
from raincheck.store.lines import LineFacts
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.reads.law import withdrawal

LONGEST: Final = timedelta(days=366)
"""How long a further period can be."""


def set_fitting_period(
    ref: str, until_on: date, at: datetime | None = None, actor: str = "", *, is_essential: bool = False
) -> None:
    """Puts on record that the buyer set a further period to deliver in, once the agreed day has passed (Art. 18(2)).

    The right to end the contract at once, which we give from the agreed day on, stays. When the period is over and not
    everything is there, the customer is told so and a person is asked to call. `is_essential`: the buyer said that the
    day itself was essential. Raises Refused where no agreed day has passed, Malformed for a day that is over.
    """
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        waiting = [
            row
            for row in read_clocks(line.id for line in lines.read_lines(order.id))
            if row.counts_delivery and row.clock.stage is Stage.PASSED and row.vested_at is None
        ]
        if not waiting:
            raise Refused(f"order {ref!r}: no agreed day of delivery has passed")
        if any(until_on < row.day_of(locked.at) for row in waiting):
            raise Malformed(f"order {ref!r}: the further period must not be over already")
        if any(until_on > row.day_of(locked.at) + LONGEST for row in waiting):
            raise Malformed(f"order {ref!r}: the further period is {LONGEST.days} days at the most")
        outbox = Outbox(locked.at, "fitting_period", f"order:{ref}", actor, {"until_on": until_on})
        law_delivery.set_fitting(outbox, waiting, until_on, is_essential=is_essential)
        if is_essential:
            note_essential(order.id)


def withdraw(
    ref: str, units_by_sku: Mapping[str, int] | None, how: str, at: datetime | None = None, actor: str = ""
) -> date:
    """The buyer withdraws from an order, or from units of some lines; until when money is due back.

    Open units are cancelled and paid back now; what has been sent is paid back when it returns, within 14 days of the
    declaration at the latest once it is here or its sending is proven. `how` says how the declaration came; that it did
    is confirmed to the buyer (Art. 11(3): without delay, on a durable medium). Raises
    Refused where no law gives the right or its time is over, Malformed without `how`.
    """
    if not how.strip():
        raise Malformed(f"order {ref!r}: say how the withdrawal was declared, such as: e-mail of 3 May")
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        given = withdrawal(order.id)
        if given is None:
            raise Refused(f"order {ref!r} is under no law that lets a buyer withdraw")
        today = read_settings().calendar.day_of(locked.at)
        if given.is_over(locked.at):
            raise Refused(f"order {ref!r}: the time to withdraw ended on {given.until_on}")
        every = lines.read_lines(order.id)
        covered = [line for line in every if line.sku in given.skus]
        wanted = _wanted(ref, order, covered, units_by_sku, given.left)
        open_units = {line.sku: min(units, line.open_units - line.cancel_requested) for line, units in wanted}
        if to_cancel := {sku: units for sku, units in open_units.items() if units > 0}:
            cancel_order(ref, to_cancel, locked.at, actor)
        due_on = today + timedelta(days=REGIMES[given.regime].withdrawal_refund_days)
        outbox = Outbox(locked.at, "withdrawn", f"order:{ref}", actor, {"how": how.strip()[:200], "due_on": due_on})
        sent = [(line, units - open_units[line.sku]) for line, units in wanted if units > open_units[line.sku]]
        law_delivery.note_withdrawal(outbox, sent, how.strip()[:200], due_on)
        if sent:
            text = f"{ref}: the customer withdraws. Take the goods back; money is due by {due_on}"
            tasks.open_for_order("withdrawal", order.id, text, locked.at)
        said = [
            {"sku": line.sku, "units": units, "waiting": min(units, open_units[line.sku])} for line, units in wanted
        ]
        outbox.tell(order.id, "withdrawal_received", said, due_on=due_on)
        outbox.flush()
        return due_on


def _wanted(
    ref: str,
    order: "lines.OrderFacts",
    covered: list[LineFacts],
    units_by_sku: Mapping[str, int] | None,
    left: Mapping[str, int],
) -> list[tuple[LineFacts, int]]:
    """Which lines lose how many units. Raises Refused where there are not so many to withdraw from."""
    asked = units_by_sku if units_by_sku is not None else left
    if not asked:
        raise Refused(f"order {ref!r}: there is nothing left to withdraw from")
    found: list[tuple[LineFacts, int]] = []
    for sku, units in asked.items():
        line = known_line(order, covered, sku)
        if units < 1:
            raise Malformed(f"order {ref!r}, product {sku!r}: at least 1 unit must be withdrawn from")
        if units > left.get(sku, 0):
            only = left.get(sku, 0)
            raise Refused(f"order {ref!r}, product {sku!r}: only {only} of {units} units can be withdrawn from")
        found.append((line, units))
    return found
