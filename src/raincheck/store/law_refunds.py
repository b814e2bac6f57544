"""What the law wants on record when units are cancelled: by whom, until when money is due, and that it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from raincheck.core.law_rules import REGIMES
from raincheck.core.money import plain
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store.card_requests import pays_by_card
from raincheck.store.law_clocks import ClockRow, read_clocks, record_events, vest
from raincheck.store.outbox import Outbox
from raincheck.store.sellers import sellers_of

_RULES = {Reason.CANCELLED_BY_CUSTOMER: "cancel", Reason.CANCELLED_BY_SELLER: "refusal"}


@dataclass(frozen=True, slots=True)
class CancelledUnits:
    """Units of a line that were cancelled, what of them came back as money, and how many the floor still has."""

    line: int
    units: int
    refunded: Decimal
    on_the_floor: int = 0


def refunds_due_on(settings: Settings, clocks: Sequence[ClockRow], at: datetime) -> dict[int, date]:
    """By line, until when money is due back if the right to it arises at an instant: in its seller's working days."""
    sellers = sellers_of(settings, [row.line for row in clocks]) if clocks else {}
    due: dict[int, date] = {}
    for row in clocks:
        calendar = sellers[row.line].calendar if row.line in sellers else settings.calendar
        days = REGIMES[row.clock.regime].refund_working_days
        due[row.line] = calendar.add_working_days(calendar.day_of(at), days)
    return due


def note_cancelled(settings: Settings, outbox: Outbox, cancelled: Sequence[CancelledUnits], reason: Reason) -> None:
    """Puts cancelled units on the record of their clocks. A line of which nothing stays open has vested."""
    by_line = {units.line: units for units in cancelled}
    found = read_clocks(by_line)
    due = refunds_due_on(settings, found, outbox.at)
    for row in found:
        units = by_line[row.line]
        due_on = due[row.line]
        detail = {"units": units.units, "on_the_floor": units.on_the_floor, "by": reason.value, "refund_due_on": due_on}
        record_events(outbox, [(row.id, "cancelled", detail)])
        if units.units:
            refund = {"amount": plain(units.refunded, settings.currency), "currency": settings.currency}
            paid_back = "refund_asked" if pays_by_card(row.order) else "refunded"
            record_events(outbox, [(row.id, paid_back if units.refunded else "not_charged", refund)])
        if row.open_units <= units.on_the_floor and row.vested_at is None:
            vest([row], _RULES.get(reason, "no_notice"), outbox.at, due_on)
