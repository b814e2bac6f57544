"""Options given to customers: the notices that stand in for a delay where a law wants the customer asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from raincheck.core.consent import Clock, Option, OptionNotice, Stage, consent, give_option, needs_option, told
from raincheck.core.settings import Settings
from raincheck.store.db import run
from raincheck.store.law_clocks import (
    ClockRow,
    asking_now,
    asks_at,
    goes_on,
    move,
    read_clocks,
    record_events,
    supply_of,
    told_days,
    units_beyond,
)
from raincheck.store.law_delivery import late_line
from raincheck.store.outbox import Outbox


@dataclass(slots=True)
class Desk:
    """Tells delays of one fact: as an option where a clock runs that counts shipment, else as a plain delay.

    `going` are, by line, units that leave as the fact ends: they are no part of a delay. `untold` counts, by line, the
    units that its option is about and that no delay has named.
    """

    settings: Settings
    outbox: Outbox
    clocks: dict[int, ClockRow]
    goes_on: dict[int, date | None]
    going: Mapping[int, int]
    given: dict[int, Option | None] = field(default_factory=dict)
    untold: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, outbox: Outbox, lines: Iterable[int], going: Mapping[int, int]) -> "Desk":
        """A desk for some lines, whose told days are written already."""
        found = [row for row in read_clocks(lines) if not row.counts_delivery]
        days = told_days(settings, [row.line for row in found]) if found else {}
        return cls(settings, outbox, {row.line: row for row in found}, days, going)

    def tell_delay(self, order: int, line: int, said: dict[str, Any], reason: str) -> None:
        """Tells that units of a line come later than told, or without a date; nothing of what is being cancelled.

        Nor does who was asked already, and told that there is no day, hear so again.
        """
        row = self.clocks.get(line)
        if row is None:
            self.outbox.tell(order, "delayed", [said])
            return
        if line not in self.given:
            goes_on = self.goes_on.get(line)
            is_known = row.clock.stage is Stage.ANSWER_NEEDED and row.clock.offered_on is None and goes_on is None
            over = row.vested_at is not None or is_known
            self.untold[line] = units_beyond(self.settings, row, self.outbox.at) - self.going.get(line, 0)
            self.given[line] = None if over else give(self.settings, self.outbox, row, goes_on, reason)
        option = self.given[line]
        if option is not None:
            tell(self.outbox, row, option, said, reason)
            self.untold[line] -= said["units"]

    def tell_the_rest(self, lines: Iterable[int]) -> None:
        """What else these options are about, in the same message: further units, and lines of which one is due now.

        `lines` are those in the fact's book: what others may touch meanwhile is left to its own timer.
        """
        asked = {line: option for line, option in self.given.items() if option is not None}
        for line, option in asked.items():
            if self.untold[line] > 0:
                row = self.clocks[line]
                said = _said(self.settings, row, self.untold[line], option.clock.offered_on)
                tell(self.outbox, row, option, said, row.reason)
        orders = {self.clocks[line].order for line in asked}
        for row in asking_now(orders, lines, self.outbox.at) if orders else ():
            day = goes_on(self.settings, row, self.outbox.at)
            if row.line not in self.given and needs_option(row.clock, day):
                self.given[row.line] = ask(self.settings, self.outbox, row, day, self.going.get(row.line, 0))

    def unanswered(self, line: int) -> dict[str, Any]:
        """What a message about a day of a line has to say besides: that it goes too late without the customer's yes."""
        row, goes_on = self.clocks.get(line), self.goes_on.get(line)
        if row is None or row.vested_at or row.clock.stage is not Stage.ANSWER_NEEDED or row.clock.by_on is None:
            return {}
        if goes_on is None or goes_on <= row.clock.by_on:
            return {}
        return {"ships_on": goes_on, "by_on": row.clock.by_on, "stage": row.clock.stage.value}

    def note_told(self, lines: Iterable[int]) -> None:
        """Notes days told that are no delay: the first after none, or an earlier one."""
        standing = {line for line, row in self.clocks.items() if line not in self.given and row.vested_at is None}
        for line in sorted(standing.intersection(lines)):
            row, goes_on = self.clocks[line], self.goes_on.get(line)
            clock = told(row.clock, goes_on)
            if clock != row.clock:
                today = row.day_of(self.outbox.at)
                record_events(self.outbox, [(row.id, "told", {"on": today, "goes_on": goes_on})])
            moved = replace(row, clock=clock)
            move(moved, clock, asks_at(self.settings, moved, goes_on, self.outbox.at))


def give(
    settings: Settings, outbox: Outbox, row: ClockRow, goes_on: date | None, reason: str, told_by: str = ""
) -> Option | None:
    """Gives an option for the day that a line is told now, and puts it on record; None where it comes too late.

    `told_by` says how a person gave it; without it a notice does.
    """
    today = row.day_of(outbox.at)
    option = give_option(row.clock, goes_on, today, settings.advance_consent_days)
    if option is None:
        record_events(outbox, [(row.id, "too_late", {"on": today, "goes_on": goes_on, "reason": reason})])
        return None
    clock = option.clock
    detail: dict[str, Any] = {"on": today, "goes_on": goes_on, "notice": "" if told_by else option.notice.value}
    detail |= {"told_by": told_by, "reason": reason, "stage": clock.stage.value, "by_on": clock.by_on}
    detail["supply"] = supply_of([row.line]).get(row.line, [])
    if clock.further_on is not None:
        detail |= {"further_on": clock.further_on, "further_days": settings.advance_consent_days}
    record_events(outbox, [(row.id, "option", detail)])
    move(row, option.clock, None)
    if not told_by:
        _ask_a_person_to_tell(outbox, row)
    return option


def ask(settings: Settings, outbox: Outbox, row: ClockRow, goes_on: date | None, going: int = 0) -> Option | None:
    """Gives the option that is due for a line, and queues its notice; not where all that is late is `going` now."""
    units = units_beyond(settings, row, outbox.at) - going
    if going and units <= 0:
        return None
    option = give(settings, outbox, row, goes_on, row.reason)
    if option is not None:
        tell(outbox, row, option, _said(settings, row, units, goes_on), row.reason)
    return option


def _said(settings: Settings, row: ClockRow, units: int, goes_on: date | None) -> dict[str, Any]:
    """Units of a line that go on a day, and when they are there; of no other day."""
    told_on = None if goes_on is None else settings.road.delivers_on(goes_on)
    return {"sku": row.sku, "name": row.name, "units": units, "on": told_on, "was_on": None}


def tell(outbox: Outbox, row: ClockRow, option: Option, said: dict[str, Any], reason: str) -> None:
    """Queues the notice: what it has to say of the law stands with each line."""
    clock = option.clock
    terms: dict[str, Any] = {"ships_on": clock.offered_on, "by_on": clock.by_on, "stage": clock.stage.value}
    terms["why"] = reason
    if clock.further_on is not None:
        terms["further_on"] = clock.further_on
    if row.seller:
        terms["seller"] = row.seller
    outbox.tell(row.order, option.notice.value, [{**said, **terms}])


def tell_passed(settings: Settings, outbox: Outbox, row: ClockRow, clock: Clock, told_on: date | None) -> None:
    """Where delivery counts: tells that the agreed day has passed, and that the contract can be ended at once."""
    today = row.day_of(outbox.at)
    record_events(outbox, [(row.id, "passed", {"on": today, "notice": OptionNotice.FIRST.value})])
    outbox.tell(row.order, OptionNotice.FIRST.value, [late_line(settings, outbox, row, told_on, clock.due_on)])
    move(row, clock, None)


def take_consent(
    settings: Settings, outbox: Outbox, rows: Iterable[ClockRow], *, further: bool = False
) -> list[tuple[ClockRow, Clock]]:
    """The customer waits for these lines, each with its clock from now on.

    `further`: also for the further delay that they were asked about.
    """
    agreed: list[tuple[ClockRow, Clock]] = []
    for row in rows:
        clock = consent(row.clock, further=further)
        detail: dict[str, Any] = {"on": row.day_of(outbox.at), "offered_on": row.clock.offered_on, "by_on": clock.by_on}
        if further:
            detail |= {"further": True, "further_on": row.clock.further_on}
        record_events(outbox, [(row.id, "consent", detail)])
        if not row.counts_delivery:  # There a yes gives up nothing, and a further period goes on.
            days = told_days(settings, [row.line])
            moved = move(row, clock, None)
            move(moved, clock, asks_at(settings, moved, days.get(row.line), outbox.at))
        agreed.append((row, clock))
    return agreed


def _ask_a_person_to_tell(outbox: Outbox, row: ClockRow) -> None:
    """A customer without an address has not been told by the notice: a person tells, once an order."""
    run(
        """INSERT INTO task (kind, text, order_id, opened_at, closed_by)
           SELECT 'law', 'The customer of ' || o.ref
                         || ' has no address: give the option to wait or cancel by phone or letter',
                  o.id, %s, ''
           FROM sales_order o LEFT JOIN customer c ON c.id = o.customer_id
           WHERE o.id = %s AND coalesce(c.email, '') = '' AND NOT EXISTS (
               SELECT 1 FROM task t WHERE t.order_id = o.id AND t.kind = 'law' AND t.closed_at IS NULL)""",
        [outbox.at, row.order],
    )
