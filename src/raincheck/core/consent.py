"""What the law asks next for one order line: its shipping time, the options given, the answers, the cancel.

A clock is a value; every fact gives the next one. Days are calendar days at the ship-to place. Under 16 CFR 435 they
are days of shipment, under Directive 2011/83 of delivery. The rules by name: core.law_rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from raincheck.core.law_rules import REGIMES, Regime

ONE_DAY = timedelta(days=1)
HALF_A_DAY = timedelta(hours=12)


class Stage(StrEnum):
    """How far a clock has come."""

    RUNNING = "running"
    """Nobody was asked yet: the time told at placing holds."""
    SILENCE_CONSENTS = "silence_consents"
    """A short delay was offered: it may ship until then unless the customer cancels."""
    ANSWER_NEEDED = "answer_needed"
    """Without express consent it is cancelled after the last day."""
    CONSENTED = "consented"
    """The customer agreed to wait, until a day or (no last day) until it ships."""
    PASSED = "passed"
    """The agreed day has passed and the customer was told that they can end the contract at once."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The law's clock of one line.

    `due_on` is the time told at placing and never changes. `by_on` is the last day on which the line may go as things
    stand; None where there is no such day. `offered_on` is the day last told since the first option (None: no day).
    `further_on` is the day until which the last option asked to agree to an unforeseen further delay (rule
    `advance_consent`); None: it did not ask. `is_agreed`: the customer agreed to `by_on`, by word or by silence.
    """

    regime: str
    due_on: date
    by_on: date | None
    stage: Stage = Stage.RUNNING
    offered_on: date | None = None
    further_on: date | None = None
    is_agreed: bool = False

    @property
    def cancels_on(self) -> date | None:
        """The day at whose first instant the line is cancelled if it has not gone; None: never by itself."""
        return None if self.by_on is None else self.by_on + ONE_DAY

    @property
    def is_asked(self) -> bool:
        """Whether the customer was given an option, so that an answer has something to answer."""
        return self.stage is not Stage.RUNNING


class OptionNotice(StrEnum):
    """Which notice offers the option."""

    FIRST = "option_notice"
    RENEWED = "renewed_option_notice"


@dataclass(frozen=True, slots=True)
class Option:
    """An option as it is given, and the clock from then on."""

    notice: OptionNotice
    clock: Clock


def start(regime: Regime, placed_on: date, told_on: date | None, *, seller_credit: bool = False) -> Clock:
    """The clock of a line that is placed: `told_on` is the day that was told at placing, if any.

    `seller_credit`: the buyer applied to the seller for credit with the order (rule `seller_credit`).
    """
    allowed = regime.credit_days if seller_credit and regime.credit_days is not None else regime.default_days
    due_on = told_on if told_on is not None else placed_on + timedelta(days=allowed)
    return Clock(regime.name, due_on, due_on if regime.cancels_by_silence else None)


def needs_option(clock: Clock, goes_on: date | None) -> bool:
    """Whether an option is due to be given, now that the line is told to go on a day (None: no day)."""
    if clock.by_on is None or clock.stage is Stage.ANSWER_NEEDED:
        return False
    return goes_on is None or goes_on > clock.by_on


def give_option(clock: Clock, goes_on: date | None, today: date, further_days: int | None = None) -> Option | None:
    """The option for a changed day; None where it comes too late to be one (rule `no_notice`).

    A day that is still within what holds changes nothing but what was last told. With `further_days` it also asks to
    agree to an unforeseen further delay of so many days, where it has a definite day.
    """
    asks = further_days is not None and goes_on is not None and clock.by_on is not None
    clock = replace(clock, further_on=goes_on + timedelta(days=further_days or 0) if asks and goes_on else None)
    if clock.by_on is None or (goes_on is not None and goes_on <= clock.by_on):
        return Option(OptionNotice.FIRST, replace(clock, offered_on=goes_on))
    if today > clock.by_on:
        return None
    if clock.stage is Stage.RUNNING:
        return Option(OptionNotice.FIRST, _first_option(clock, goes_on))
    moved = clock.stage is not Stage.ANSWER_NEEDED or (clock.offered_on is not None and clock.offered_on > clock.due_on)
    notice = OptionNotice.RENEWED if moved else OptionNotice.FIRST
    return Option(notice, replace(clock, stage=Stage.ANSWER_NEEDED, offered_on=goes_on))


def _first_option(clock: Clock, goes_on: date | None) -> Clock:
    """Rules `short_delay` and `long_delay`."""
    last_on = clock.due_on + timedelta(days=REGIMES[clock.regime].extension_days or 0)
    if goes_on is not None and goes_on <= last_on:
        return replace(clock, stage=Stage.SILENCE_CONSENTS, by_on=goes_on, offered_on=goes_on, is_agreed=True)
    return replace(clock, stage=Stage.ANSWER_NEEDED, by_on=last_on, offered_on=goes_on)


def told(clock: Clock, goes_on: date | None) -> Clock:
    """A day was told that is no delay: the first after none, or an earlier one. It starts no clock."""
    return replace(clock, offered_on=goes_on) if clock.is_asked else clock


def consent(clock: Clock, *, further: bool = False) -> Clock:
    """The customer waits: until the day last told, or without one until it ships (rule `indefinite`).

    `further`: they also agree to the further delay that they were asked about. What was agreed is spent when its day
    has passed: after that they are asked anew.
    """
    if not clock.is_asked or clock.stage is Stage.PASSED:
        return clock
    if clock.by_on is None or clock.offered_on is None:
        return replace(clock, stage=Stage.CONSENTED, by_on=None, is_agreed=True)
    agreed_on = clock.further_on if further and clock.further_on is not None else clock.offered_on
    by_on = max(clock.by_on, clock.offered_on, agreed_on)
    return replace(clock, stage=Stage.CONSENTED, by_on=by_on, is_agreed=True)


def asked_mark(offered_on: Iterable[tuple[str, date | None]]) -> str:
    """What was asked about which products, in a few letters: another day, or another product, is another question."""
    return "; ".join(f"{sku}={day or ''}" for sku, day in sorted(offered_on))


def pass_day(clock: Clock, today: date) -> Clock:
    """Under a law that counts delivery: the agreed day has passed."""
    if REGIMES[clock.regime].cancels_by_silence or today <= clock.due_on:
        return clock
    return replace(clock, stage=Stage.PASSED)


def withdrawal_until(regime: Regime, last_delivered_on: date | None) -> date | None:
    """The last day to withdraw from an order of which the last part arrived on a day (None: it has not).

    None as long as that time has not begun, or where the law knows none (rule `withdrawal`, semantics 60).
    """
    if regime.withdrawal_days is None or last_delivered_on is None:
        return None
    return last_delivered_on + timedelta(days=regime.withdrawal_days)


def must_cancel(clock: Clock, today: date) -> bool:
    """Whether a line that has not gone is to be cancelled today."""
    return clock.by_on is not None and today > clock.by_on


def why_cancelled(clock: Clock) -> str:
    """The rule (core.law_rules) under which a line is cancelled by itself."""
    if clock.stage is Stage.RUNNING:
        return "no_notice"
    if clock.stage is not Stage.ANSWER_NEEDED:
        return "renewed_option"
    return "renewed_silence" if clock.is_agreed else "long_delay"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something on record that moves a clock: `option` (given on a day), `told`, `consent` or `passed`.

    `further_days` are those that an option asked about besides; `further`: a consent that agreed to them.
    """

    kind: str
    on: date
    goes_on: date | None = None
    further_days: int | None = None
    further: bool = False


def clock_after(started: Clock, record: Iterable[Evidence]) -> Clock:
    """The clock that a record leads to. A notice that never arrived is left out of it: it was no notice."""
    clock = started
    for entry in record:
        if entry.kind == "option":
            option = give_option(clock, entry.goes_on, entry.on, entry.further_days)
            clock = option.clock if option else clock
        elif entry.kind == "told":
            clock = told(clock, entry.goes_on)
        elif entry.kind == "consent":
            clock = consent(clock, further=entry.further)
        elif entry.kind == "passed":
            clock = pass_day(clock, entry.on)
    return clock


@dataclass(frozen=True, slots=True)
class Window:
    """The last day on which an option counts, as instants: it `opens_at` its start and `ends_at` the next day's."""

    opens_at: datetime
    ends_at: datetime

    def held_until(self, since: datetime) -> datetime:
        """When a held order is asked: at noon of the last day, as it may be released before; later ones at once."""
        return max(since, self.opens_at + HALF_A_DAY)

    def settled_at(self, since: datetime, settled_at: datetime) -> datetime:
        """When a change that stands since an instant is told: once settled, at the latest on the last day."""
        return settled_at if settled_at < self.ends_at else max(since, self.opens_at)
