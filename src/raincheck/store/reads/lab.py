"""The Lab's runs as its pages show them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from raincheck.store.reads.named import first_named, named_rows

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class LabTask:
    """A run as the worker that took it needs it."""

    id: int
    kind: str
    drill: str
    variants: str
    from_live: bool
    sku: str


@dataclass(frozen=True, slots=True)
class LabRunRow:
    """A run in the list. `state` is queued, running, done or failed."""

    id: int
    kind: str
    title: str
    asked_at: datetime
    asked_by: str
    state: str
    from_live: bool
    steps_done: int
    steps: int

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.steps_done // self.steps if self.steps else 0


@dataclass(frozen=True, slots=True)
class LabRunView(LabRunRow):
    """A run with what it was asked and what came of it."""

    drill: str
    variants: str
    sku: str
    ended_at: datetime | None
    error: str
    result: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ExpectedReceipt:
    """Confirmed units on their way that have a date: what a rehearsal of the coming days lets arrive."""

    kind: str
    ref: str
    sku: str
    owed: int
    expected_on: date


def lab_runs(before: int | None = None) -> list[LabRunRow]:
    """The newest first, one more than a page. One query."""
    return named_rows(
        LabRunRow,
        f"""SELECT id, kind, title, asked_at, asked_by, state, from_live, steps_done, steps FROM lab_run
            WHERE %(before)s::bigint IS NULL OR id < %(before)s ORDER BY id DESC LIMIT {PAGE + 1}""",
        {"before": before},
    )


def lab_run(id_: int) -> LabRunView | None:
    """One run, or None. One query."""
    return first_named(
        LabRunView,
        """SELECT id, kind, title, asked_at, asked_by, state, from_live, steps_done, steps, drill, variants, sku,
                  ended_at, error, result FROM lab_run WHERE id = %(id)s""",
        {"id": id_},
    )


def expected_receipts(until: date, most: int) -> list[ExpectedReceipt]:
    """Inbound that is expected by a day, by day and reference. One query."""
    return named_rows(
        ExpectedReceipt,
        """SELECT i.kind, i.ref, p.sku, l.owed::bigint AS owed, l.expected_on
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id JOIN product p ON p.id = l.product_id
           WHERE l.owed > 0 AND l.expected_on <= %(until)s
           ORDER BY l.expected_on, i.ref, i.id, p.sku LIMIT %(most)s""",
        {"until": until, "most": most},
    )
