"""The customer's answer to waiting: wait, cancel, ship what is there, or take another product instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import cancel_order, known_order
from raincheck.actions.law_tie import left_to_a_person
from raincheck.actions.run_pass import run_pass
from raincheck.actions.substitute import substitute
from raincheck.core.consent import Clock, asked_mark, must_cancel
from raincheck.core.errors import Malformed, Refused
from raincheck.store import lines, offers
from raincheck.store.company import read_settings
from raincheck.store.law_clocks import ClockRow, read_clocks
from raincheck.store.law_options import take_consent
from raincheck.store.law_records import vested_by_law
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.unanswered import close_answered

WAIT: Final = "wait"
WAIT_FURTHER: Final = "wait_further"
CANCEL: Final = "cancel"
SHIP_AVAILABLE: Final = "ship_available"
SUBSTITUTE: Final = "substitute"
CHOICES: Final = (WAIT, WAIT_FURTHER, CANCEL, SHIP_AVAILABLE, SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer answers. `substitutes` (with that choice alone): the product taken instead, by SKU.

    `seen` (with a yes alone) is the question as they read it (`asked_mark`); None: it was put to them now.
    """

    choice: str
    substitutes: Mapping[str, str] = field(default_factory=dict)
    seen: str | None = None


def answer_order(
    ref: str, answer: Answer, at: datetime | None = None, actor: str = "", *, confirms: bool = True
) -> None:
    """Does what the customer answers, for the lines that they were asked about; for all open ones where none was.

    `wait` is consent to the day last told, or, where none was told, to wait until it ships; `wait_further` agrees also
    to the unforeseen further delay that an option asked about. Raises Refused where nothing is open, where the lines
    asked about were cancelled meanwhile (a late yes revives nothing, semantics 54), where no further delay was asked
    about, or where a yes is to an older question than the one that stands (it covers one date, semantics 55).

    Who agrees to wait is told what was agreed (`answer_received`), unless a rehearsal plays the answer (`confirms`): it
    lists what facts make Raincheck say, not the receipt of what it wrote itself. What else is answered ends in messages
    of its own.
    """
    if answer.choice not in CHOICES:
        raise Malformed(f"order {ref!r}: an answer is one of {', '.join(CHOICES)}, not {answer.choice!r}")
    if (answer.choice == SUBSTITUTE) != bool(answer.substitutes):
        raise Malformed(f"order {ref!r}: a substitute names the product and what is taken instead")
    with left_to_a_person(ref, at if answer.choice == CANCEL else None), transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        open_lines, asked = _asked(order, answer.choice, locked.at)
        outbox = Outbox(locked.at, "answered", f"order:{ref}", actor, {"choice": answer.choice})
        if answer.choice in (WAIT, WAIT_FURTHER):
            further = answer.choice == WAIT_FURTHER
            if answer.seen not in (None, asked_mark((row.sku, row.clock.offered_on) for row in asked)):
                raise Refused(f"order {ref!r}: the customer was asked anew after they read what they answer")
            if further and not any(row.clock.further_on for row in asked):
                raise Refused(f"order {ref!r}: nobody asked to agree to a further delay")
            _ = outbox.fact
            agreed = take_consent(read_settings(), outbox, asked, further=further)
            if confirms and agreed:
                _confirm(outbox, order, agreed)
            offers.end_offers([line.id for line in open_lines], offers.DECLINED, locked.at)
        elif answer.choice == CANCEL:
            _ = outbox.fact
            about = {row.line for row in asked} or {line.id for line in open_lines}
            units = {line.sku: line.open_units - line.cancel_requested for line in open_lines if line.id in about}
            cancel_order(ref, units, locked.at, actor)
            offers.end_offers([line.id for line in open_lines if line.sku in units], offers.DECLINED, locked.at)
        elif answer.choice == SHIP_AVAILABLE:
            _ = outbox.fact
            lines.ship_available(order.id)
            run_pass(locked, outbox, refresh_lines=[line.id for line in open_lines])
        else:
            substitute(order, open_lines, answer.substitutes, outbox)
            taken = {line.id: answer.substitutes[line.sku] for line in open_lines if line.sku in answer.substitutes}
            offers.answer_offers(taken, locked.at)
        outbox.flush()
        close_answered(locked.at, order.id)


def _confirm(outbox: Outbox, order: OrderFacts, agreed: Sequence[tuple[ClockRow, Clock]]) -> None:
    """Tells the customer until when they wait for what."""
    said = [{"sku": row.sku, "name": row.name, "units": row.open_units, "by_on": clock.by_on} for row, clock in agreed]
    days = {clock.by_on for _, clock in agreed}
    outbox.tell(order.id, "answer_received", said, until_on=days.pop() if len(days) == 1 else None)


def _asked(order: OrderFacts, choice: str, at: datetime) -> tuple[list[LineFacts], list[ClockRow]]:
    """The lines that are open, and the clocks of those that the customer was asked about. Raises Refused.

    A line whose last day has passed is none of them, unless to cancel, also where its cancel is not written yet.
    """
    every = lines.read_lines(order.id)
    open_lines = [line for line in every if line.open_units > line.cancel_requested]
    by_law = vested_by_law([line.id for line in every])
    running = [row for row in read_clocks(line.id for line in open_lines) if not row.vested_at]
    if choice != CANCEL:  # The right to the money back arises with the first instant of the day, whoever writes it.
        over = {row.line for row in running if must_cancel(row.clock, row.day_of(at))}
        by_law |= over
        open_lines = [line for line in open_lines if line.id not in over]
        running = [row for row in running if row.line not in over]
    asked = [row for row in running if row.clock.is_asked]
    is_about_open_lines = choice in (SHIP_AVAILABLE, SUBSTITUTE) and open_lines
    if by_law and not asked and not is_about_open_lines:
        raise Refused(f"order {order.ref!r} was cancelled by law when its time ran out: place a new order")
    if not open_lines:
        state = order.state.replace("_", " ")
        raise Refused(f"order {order.ref!r} is {state}: nothing of it waits for an answer")
    return open_lines, asked
