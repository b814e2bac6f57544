"""The law's clocks as the console writes them: one sentence on how it stands, one on what falls due, and the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from raincheck.core.calendar import Road
from raincheck.core.law_rules import REGIMES
from raincheck.store.reads.law import ClockEvent, ClockView, DueView, Withdrawal
from raincheck.words import law as words
from raincheck.words.moments import day_text


@dataclass(frozen=True)
class LegalLine:
    """A line's clock in words. `record` is empty on the list of what falls due."""

    view: ClockView | DueView
    law: str
    holds: str
    falls: str
    tone: str
    record: tuple[tuple[datetime, str, ClockEvent], ...] = ()
    to_do: str = ""
    at_customer: str = ""


@dataclass(frozen=True)
class Rights:
    """What of a buyer's rights can be put on record for an order now."""

    refund: bool
    fitting_period: bool
    withdraw: bool

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return self.refund or self.fitting_period or self.withdraw


def rights_of(clocks: Sequence[ClockView], right: Withdrawal | None, at: datetime) -> Rights:
    """Refunds that are owed, an agreed day that has passed, something left to withdraw from in time."""
    return Rights(
        refund=any(clock.vested_at is not None and clock.refund_due_on is not None for clock in clocks),
        fitting_period=any(
            clock.stage == "passed" and clock.vested_at is None and clock.ended_at is None for clock in clocks
        ),
        withdraw=right is not None and not right.is_over(at) and bool(right.left),
    )


def due_line(due: DueView, road: Road) -> LegalLine:
    """A line on the list of what falls due: what happens by itself, and the one thing to do."""
    to_do = words.to_do_sentence(
        asks=_asks(due),
        delivery=_counts_delivery(due),
        reserved=due.reserved,
        open_units=due.open_units,
        in_time=_is_expected_in_time(due, road),
        needs_yes=due.stage == "answer_needed",
        reason=due.reason,
    )
    local = due.due_at.astimezone(ZoneInfo(due.zone))
    at_customer = f"{day_text(local.date(), local.date())}, {local:%H:%M} in {_place(due.zone)}"
    return LegalLine(
        due,
        words.REGIMES[due.regime],
        _holds(due),
        _falls(due),
        _tone(due),
        to_do=to_do,
        at_customer=at_customer,
    )


def _is_expected_in_time(due: DueView, road: Road) -> bool:
    """Whether a line is expected to ship by its last day; expected days are days of delivery."""
    if due.expected_on is None or due.by_on is None:
        return False
    return road.latest_shipping_on(due.expected_on) <= due.by_on


def legal_lines(clocks: Sequence[ClockView], events: Sequence[ClockEvent]) -> list[LegalLine]:
    """The clocks of an order, each with its record."""
    return [
        LegalLine(
            clock,
            words.REGIMES[clock.regime],
            _stands(clock),
            _falls(clock) if clock.open_units and clock.vested_at is None and clock.ended_at is None else "",
            _tone(clock),
            tuple((e.at, words.event_sentence(e.kind, e.detail), e) for e in events if e.clock == clock.id),
        )
        for clock in clocks
    ]


def _stands(clock: ClockView) -> str:
    if clock.vested_at is not None:
        until = f" Money is due back by {_day(clock.refund_due_on)}." if clock.refund_due_on else ""
        return f"Cancelled: {words.WHY.get(clock.vested_by, 'its time ran out')}.{until}"
    if clock.ended_at is not None:
        return "This clock has ended."
    return _holds(clock) if clock.open_units else "Nothing is open any more."


def _holds(clock: ClockView | DueView) -> str:
    return words.holds_sentence(clock.stage, _day(clock.due_on), _day(clock.by_on), delivery=_counts_delivery(clock))


def _falls(clock: ClockView | DueView) -> str:
    if clock.asks_at is None and clock.cancels_at is None:
        return ""
    return words.due_sentence(asks=_asks(clock), delivery=_counts_delivery(clock), passed=clock.stage == "passed")


def _asks(clock: ClockView | DueView) -> bool:
    """Whether the next thing is an option, not a cancel."""
    return clock.asks_at is not None and (clock.cancels_at is None or clock.asks_at <= clock.cancels_at)


def _place(zone: str) -> str:
    """A zone's town, as people say it."""
    return zone.rpartition("/")[2].replace("_", " ")


def _tone(clock: ClockView | DueView) -> str:
    if isinstance(clock, ClockView) and clock.vested_at is not None:
        return "late"
    return {"answer_needed": "wait", "passed": "late"}.get(clock.stage, "plain")


def _counts_delivery(clock: ClockView | DueView) -> bool:
    return REGIMES[clock.regime].counts == "delivery"


def _day(day: date | None) -> str:
    return day_text(day, day) if day else ""
