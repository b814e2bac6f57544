"""The law's clocks as the console writes them: one sentence on how it stands, one on what falls due, and the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from raincheck.core.law_rules import REGIMES
from raincheck.store.reads.law import ClockEvent, ClockView, DueView
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


def due_line(due: DueView) -> LegalLine:
    """A line on the list of what falls due."""
    return LegalLine(due, words.REGIMES[due.regime], _holds(due), _falls(due), _tone(due))


def legal_lines(clocks: Sequence[ClockView], events: Sequence[ClockEvent]) -> list[LegalLine]:
    """The clocks of an order, each with its record."""
    return [
        LegalLine(
            clock,
            words.REGIMES[clock.regime],
            _stands(clock),
            _falls(clock) if clock.open_units and clock.vested_at is None else "",
            _tone(clock),
            tuple((e.at, words.event_sentence(e.kind, e.detail), e) for e in events if e.clock == clock.id),
        )
        for clock in clocks
    ]


def _stands(clock: ClockView) -> str:
    if clock.vested_at is not None:
        until = f" Money is due back by {_day(clock.refund_due_on)}." if clock.refund_due_on else ""
        return f"Cancelled: {words.WHY.get(clock.vested_by, 'its time ran out')}.{until}"
    return _holds(clock) if clock.open_units else "Nothing is open any more."


def _holds(clock: ClockView | DueView) -> str:
    return words.holds_sentence(clock.stage, _day(clock.due_on), _day(clock.by_on), delivery=_counts_delivery(clock))


def _falls(clock: ClockView | DueView) -> str:
    if clock.asks_at is None and clock.cancels_at is None:
        return ""
    asks = clock.asks_at is not None and (clock.cancels_at is None or clock.asks_at <= clock.cancels_at)
    return words.due_sentence(asks=asks, delivery=_counts_delivery(clock))


def _tone(clock: ClockView | DueView) -> str:
    if isinstance(clock, ClockView) and clock.vested_at is not None:
        return "late"
    return {"answer_needed": "wait", "passed": "late"}.get(clock.stage, "plain")


def _counts_delivery(clock: ClockView | DueView) -> bool:
    return REGIMES[clock.regime].counts == "delivery"


def _day(day: date | None) -> str:
    return day_text(day, day) if day else ""
