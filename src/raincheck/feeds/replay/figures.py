"""What a replay comes to: its figures as a document, and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from raincheck.feeds.replay.happening import OrderPlaced
from raincheck.store.reads.audit import audit
from raincheck.store.reads.replay import (
    AtPlacing,
    AtTheEnd,
    Promises,
    at_placing,
    at_the_end,
    dates_moved,
    messages,
    promises,
)

if TYPE_CHECKING:
    import datetime as dt

    from raincheck.feeds.replay.history import History
    from raincheck.store.reads.audit import Violation


@dataclass(frozen=True)
class Figures:
    """Everything that is printed at the end of a replay."""

    history: History
    placing: AtPlacing
    all_promises: Promises
    waited_promises: Promises
    end: AtTheEnd
    dates_moved: int
    messages: dict[str, int]
    violations: list[Violation]

    @property
    def ok(self) -> bool:
        """Whether the audit is clean."""
        return not self.violations

    @property
    def starts_at(self) -> dt.datetime:
        """When the history begins, in company time."""
        return self.history.starts_at.astimezone(self.history.mapping.settings.calendar.zone)

    @property
    def ends_at(self) -> dt.datetime:
        """When the last thing happens, in company time."""
        return self.history.happenings[-1].at.astimezone(self.history.mapping.settings.calendar.zone)

    def as_json(self) -> dict[str, Any]:
        """The document of `--format json`."""
        placing = asdict(self.placing)
        return {
            "title": self.history.mapping.title,
            "from": self.starts_at.isoformat(),
            "to": self.ends_at.isoformat(),
            "ok": self.ok,
            "placed": placing,
            "fill_rate": {
                "units": share(self.placing.units_filled, self.placing.units),
                "lines": share(self.placing.lines_filled, self.placing.lines),
                "orders": share(self.placing.orders_filled, self.placing.orders),
            },
            "promises": _promises(self.all_promises),
            "promises_of_lines_that_waited": _promises(self.waited_promises),
            "end": asdict(self.end),
            "dates_moved": self.dates_moved,
            "messages": self.messages,
            "dirt": self.history.dirt.as_json(),
            "audit": {
                "ok": self.ok,
                "violations": [asdict(violation) for violation in self.violations],
            },
        }

    def in_words(self) -> str:
        """The same for a person."""
        placing, end = self.placing, self.end
        happened = f"{self.starts_at:%Y-%m-%d} to {self.ends_at:%Y-%m-%d}"
        return "\n".join(
            [
                f"{self.history.mapping.title}, {happened}",
                "",
                _row("", "orders", "lines", "units"),
                _row("placed", placing.orders, placing.lines, placing.units),
                _row("  from stock at once", placing.orders_filled, placing.lines_filled, placing.units_filled),
                _row("  backordered", "", placing.lines_waiting, placing.units_waiting),
                _row("  refused", "", placing.lines_refused, placing.units_refused),
                _row(
                    "fill rate",
                    _percent(placing.orders_filled, placing.orders),
                    _percent(placing.lines_filled, placing.lines),
                    _percent(placing.units_filled, placing.units),
                ),
                _row("shipped in the end", "", "", end.shipped),
                _row("  returned", "", "", end.returned),
                _row("cancelled", "", "", end.cancelled),
                _row("still waiting", "", end.lines_still_waiting, end.still_waiting),
                "",
                _row("first dates told", "lines", "share", "had waited"),
                _row("promised", self.all_promises.promised, "", self.waited_promises.promised),
                *(
                    _row(
                        f"  {name}",
                        getattr(self.all_promises, name),
                        _percent(getattr(self.all_promises, name), self.all_promises.promised),
                        getattr(self.waited_promises, name),
                    )
                    for name in ("kept", "late", "broken", "waiting", "cancelled")
                ),
                _row("never dated", end.lines_never_dated, "", ""),
                _row("dates moved later or lost", self.dates_moved, "", ""),
                _row("days late, on average", str(self.all_promises.late_days or "–"), "", ""),
                "",
                "What the files held, and how it was taken (rows, units):",
                *(f"  {oddity.count:>9,} {oddity.units:>11,}  {name}" for name, oddity in self.history.dirt),
                "",
                "Audit: clean." if self.ok else f"Audit: {len(self.violations)} violations.",
                *(f"  {violation.record}: {violation.invariant}: {violation.detail}" for violation in self.violations),
            ]
        )


def figures_of(history: History) -> Figures:
    """Reads the figures, and audits, after a history was played."""
    settings = history.mapping.settings
    today = settings.calendar.day_of(history.happenings[-1].at)
    return Figures(
        history,
        at_placing(),
        promises(today, settings.timezone, only_waited=False),
        promises(today, settings.timezone, only_waited=True),
        at_the_end(),
        dates_moved(),
        messages(),
        audit(),
    )


def share(part: int, whole: int) -> float | None:
    """A share of 1, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def lines_of(history: History) -> int:
    """How many order lines a history plays."""
    return sum(len(happening.lines) for happening in history.happenings if isinstance(happening, OrderPlaced))


def _promises(found: Promises) -> dict[str, Any]:
    return asdict(found) | {"late_days": None if found.late_days is None else float(found.late_days)}


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _row(name: str, *values: object) -> str:
    cells = [f"{value:,}" if isinstance(value, int) else str(value) for value in values]
    return f"{name:<28}" + "".join(f"{cell:>12}" for cell in cells)
