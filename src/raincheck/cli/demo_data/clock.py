"""The virtual clock of the demo: what is planned is played in order, and what falls due meanwhile happens."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.actions.run_timers import run_due
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain, keep_texts

ZONE: Final = ZoneInfo("America/Los_Angeles")
SATURDAY: Final = 5

Act = Callable[[datetime], object]


class Clock:
    """Days count from today, hours are the company's. `now` is the instant at which the demo is loaded."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC).replace(second=0, microsecond=0)
        self.today = self.now.astimezone(ZONE).date()
        self._plans: list[tuple[datetime, int, Act]] = []
        # It calls nobody back: what it would say is old when the demo is served.
        self._processor = LocalProcessor(in_drill=True)

    def day(self, days: int) -> date:
        """The day so many days from today."""
        return self.today + timedelta(days=days)

    def working_day(self, days: int) -> date:
        """The same, or the Monday after it."""
        day = self.day(days)
        return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day

    def working_day_before(self, days: int) -> date:
        """The same, or the Friday before it."""
        day = self.day(days)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour of a day, never after now."""
        return self.on(self.day(days), hour, minute)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An hour of a date, never after now."""
        return min(datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC), self.now)

    def ago(self, hours: int = 0, minutes: int = 0) -> datetime:
        """So long before now."""
        return self.now - timedelta(hours=hours, minutes=minutes)

    def plan(self, at: datetime, act: Act) -> None:
        """Has something done at an instant."""
        self._plans.append((at, len(self._plans), act))

    def play(self) -> None:
        """Does all that is planned, and lets the time in between pass: timers, and messages into the mailbox."""
        for at, _, act in sorted(self._plans, key=lambda plan: plan[:2]):
            self._pass_time(at)
            act(at)
            self._charge(at)
        self._pass_time(self.now)

    def _charge(self, until: datetime) -> bool:
        return carry_out_all(self._processor, until) > 0

    def _pass_time(self, until: datetime) -> None:
        run_due(until, self._charge)
        drain(Mailbox(), until)
        keep_texts(until)
