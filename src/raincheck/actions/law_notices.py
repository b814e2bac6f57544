"""Options that never arrived, and options given by a person: a bounced notice is not a notice (semantics 57)."""

from datetime import date, datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.consent import OptionNotice, Stage, needs_option
from raincheck.core.errors import Malformed, Refused
from raincheck.store import law_options, lines
from raincheck.store.company import read_settings
from raincheck.store.law_clocks import ClockRow, goes_on, move, read_clocks, reconsider, record_events
from raincheck.store.law_records import (
    close_law_tasks,
    fact_of,
    failed_notices,
    is_about,
    waiting_notices,
    was_void,
    without_notices,
)
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox

OPTIONS = frozenset(notice.value for notice in OptionNotice)


def option_did_not_arrive(order_ref: str, event: str, at: datetime) -> None:
    """Takes back what a notice that was given up had started: the clock stands as if it had never been sent.

    Call it once the notice counts as failed. Nothing for an event that is no option. A person is asked by the task
    that the failed message opens anyway; `tell_by_person` puts on record that they told the customer.
    """
    if event not in OPTIONS:
        return
    with transaction.atomic():
        order, _ = _locked(order_ref, at)
        outbox = Outbox(at, "law_notice_void", f"order:{order_ref}", detail={"notice": event})
        failed = failed_notices(order)
        for row in _open_clocks(order):
            clock = without_notices(row, failed)
            if clock != row.clock:
                detail = {"notice": event, "by_on": clock.by_on, "stage": clock.stage.value}
                record_events(outbox, [(row.id, "void", detail)])
                move(row, clock, None)


def day_missed(notice: int, order_ref: str, event: str, at: datetime) -> date | None:
    """The last day on which an option would have counted that has not left yet, where that day has passed.

    None where it counts still, where its customer has agreed meanwhile, and for an event that is no option. It waited
    for a mail server, or to be tried again (semantics 3, rules 6 and 12: after that day it is void as a notice). What
    else of its order waits has asked nobody either.
    """
    if event not in OPTIONS:
        return None
    order = known_order(order_ref).id
    fact = fact_of(notice)
    missing = [*failed_notices(order), *waiting_notices(order)]
    for row in _open_clocks(order):
        if row.clock.stage not in (Stage.SILENCE_CONSENTS, Stage.ANSWER_NEEDED) or not is_about(row.id, fact, event):
            continue
        clock = without_notices(row, missing)
        if clock != row.clock and clock.by_on is not None and clock.by_on < row.day_of(at):
            return clock.by_on
    return None


def option_left_too_late(order_ref: str, event: str, at: datetime) -> None:
    """As for a notice that did not arrive; of what is still in time its customer is asked anew, by a message."""
    with transaction.atomic():
        option_did_not_arrive(order_ref, event, at)
        reconsider(read_settings(), [line.id for line in lines.read_lines(known_order(order_ref).id)], at)


def option_arrived_after_all(order_ref: str, event: str, at: datetime) -> None:
    """A notice that had been given up, if it was, was sent again and left: the option counts from this day."""
    if event in OPTIONS and was_void(order_ref, event):
        _give_anew(order_ref, "the same notice, sent again", at, "")


def tell_by_person(ref: str, how: str, at: datetime | None = None, actor: str = "") -> None:
    """Puts on record that a person gave the customer the option (by phone, by letter).

    It counts as an option where one is due; where a message had no address to go to, it is what was asked of a person.
    Raises Refused where neither is so, Malformed without a word on how it was given.
    """
    if not how.strip():
        raise Malformed(f"order {ref!r}: say how the customer was told, such as: by phone")
    told = how.strip()[:200]
    if not (_give_anew(ref, told, at, actor) or _told_without_address(ref, told, at, actor)):
        raise Refused(f"order {ref!r}: no option is due to be given")


def _told_without_address(ref: str, how: str, at: datetime | None, actor: str) -> bool:
    """Whether a person was asked to tell this customer, and now has."""
    with transaction.atomic():
        order, now = _locked(ref, at)
        asked = [row for row in _open_clocks(order) if row.clock.is_asked]
        if not asked or not close_law_tasks(order, now, actor):
            return False
        outbox = Outbox(now, "law_told", f"order:{ref}", actor, {"how": how})
        record_events(outbox, [(row.id, "told_in_person", {"how": how}) for row in asked])
        return True


def _give_anew(ref: str, how: str, at: datetime | None, actor: str) -> int:
    with transaction.atomic():
        order, now = _locked(ref, at)
        settings = read_settings()
        outbox = Outbox(now, "law_told", f"order:{ref}", actor, {"how": how})
        given = 0
        for row in _open_clocks(order):
            day = goes_on(settings, row, now)
            if needs_option(row.clock, day) and law_options.give(settings, outbox, row, day, row.reason, told_by=how):
                given += 1
        if given:
            close_law_tasks(order, now, actor)
        return given


def _locked(ref: str, at: datetime | None) -> tuple[int, datetime]:
    locked = lock_products(lines.products_of([known_order(ref).id]), at)
    return known_order(ref).id, locked.at


def _open_clocks(order: int) -> list[ClockRow]:
    """The running clocks of an order that count shipment."""
    found = read_clocks(line.id for line in lines.read_lines(order) if line.open_units)
    return [row for row in found if row.vested_at is None and not row.counts_delivery]
