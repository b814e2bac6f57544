"""Purchase orders and transfers as rows: what is owed, until when, and how late its supplier tends to be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.core.supply import lateness_quantile
from raincheck.store.db import columns, row, rows, run
from raincheck.store.ledger import levels_at
from raincheck.store.timers import TimerKind, drop_timers, set_timers

OVERDUE_QUANTILE = Decimal("0.5")
"""The quantile for overdue inbound where the company promises on the supplier's own date."""


@dataclass(frozen=True, slots=True)
class InboundFacts:
    """An inbound as actions need it."""

    id: int
    kind: str
    ref: str
    state: str
    supplier: int | None
    site: int


@dataclass(frozen=True, slots=True)
class InboundLineFacts:
    """A line of an inbound as actions need it."""

    id: int
    product: int
    sku: str
    site: int
    ordered: int
    confirmed: int
    received: int
    damaged: int
    owed: int
    due_on: date | None


def find_inbound(kind: str, ref: str) -> InboundFacts | None:
    """A purchase order or a transfer by its reference."""
    found = row(
        "SELECT id, kind, ref, state, supplier_id, site_id FROM inbound WHERE kind = %s AND ref = %s", [kind, ref]
    )
    return InboundFacts(*found) if found else None


def read_lines(inbound: int) -> list[InboundLineFacts]:
    """The lines of an inbound, by SKU."""
    found = rows(
        """SELECT l.id, l.product_id, p.sku, l.site_id, l.ordered, l.confirmed, l.received, l.damaged, l.owed, l.due_on
           FROM inbound_line l JOIN product p ON p.id = l.product_id WHERE l.inbound_id = %s ORDER BY p.sku""",
        [inbound],
    )
    return [InboundLineFacts(*values) for values in found]


def insert(
    kind: str,
    ref: str,
    supplier: int | None,
    from_site: int | None,
    site: int,
    state: str,
    ordered_on: date | None,
    at: datetime,
    lines: Iterable[tuple[int, int, Decimal | None]],
) -> int:
    """A new inbound with lines (product, units, unit cost), not confirmed yet. Their books must be locked.

    Raises Refused if somebody writes another with the same reference at this moment.
    """
    found = row(
        """INSERT INTO inbound (kind, ref, supplier_id, from_site_id, site_id, state, ordered_on, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (kind, ref) DO NOTHING RETURNING id""",
        [kind, ref, supplier, from_site, site, state, ordered_on, at],
    )
    if found is None:
        raise Refused(f"{kind} {ref!r} was written by somebody else at the same instant: look at it first")
    products, units, costs = columns(lines, 3)
    run(
        """INSERT INTO inbound_line (inbound_id, product_id, site_id, ordered, confirmed, received, damaged, owed,
                                     pegged, unit_cost)
           SELECT %s, product, %s, units, 0, 0, 0, 0, 0, cost
           FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS v (product, units, cost)""",
        [found[0], site, products, units, costs],
    )
    return int(found[0])


def set_state(inbound: int, state: str) -> None:
    """Gives an inbound its state."""
    run("UPDATE inbound SET state = %s WHERE id = %s", [state, inbound])


def confirm_units(settings: Settings, units_by_line: Iterable[tuple[InboundLineFacts, int]], today: date) -> None:
    """Makes so many units of each line supply (never fewer than have come), and the rest none."""
    wanted = [(line, max(units, line.received + line.damaged)) for line, units in units_by_line]
    for site in {line.site for line, _ in wanted}:
        levels_at(site, [line.product for line, _ in wanted if line.site == site])
    _set_owed(settings, [(line.id, units, units - line.received - line.damaged) for line, units in wanted], today)


def count_received(settings: Settings, received: Sequence[tuple[InboundLineFacts, int, int]], today: date) -> None:
    """Moves units (good, damaged) of lines from owed to received; what comes on top of the owed is over-received."""
    run(
        """UPDATE inbound_line l SET received = l.received + v.units, damaged = l.damaged + v.damaged
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v (id, units, damaged) WHERE l.id = v.id""",
        columns([(line.id, units, damaged) for line, units, damaged in received], 3),
    )
    _set_owed(
        settings,
        [(line.id, max(line.confirmed, 0), max(0, line.owed - units - damaged)) for line, units, damaged in received],
        today,
    )


def owe_nothing(settings: Settings, lines: Iterable[InboundLineFacts], today: date) -> None:
    """Ends what lines still owe."""
    _set_owed(settings, [(line.id, line.received + line.damaged, 0) for line in lines], today)


def _set_owed(settings: Settings, owed_by_line: Iterable[tuple[int, int, int]], today: date) -> None:
    """What is confirmed and owed of lines (id, confirmed, owed). Only what is owed is looked at when its day passes.

    Pegs beyond what is owed lose their supply in the pass that follows; the counter must not wait for it.
    """
    found = rows(
        """UPDATE inbound_line l SET confirmed = v.confirmed, owed = v.owed, pegged = least(l.pegged, v.owed)
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v (id, confirmed, owed)
           WHERE l.id = v.id RETURNING l.id, l.owed, l.expected_on""",
        columns(owed_by_line, 3),
    )
    found.sort(key=lambda line: int(line[0]))  # An UPDATE gives its rows in no order of its own.
    done = [line for line, owed, _ in found if not owed]
    drop_timers(TimerKind.SUPPLY, done)
    drop_timers(TimerKind.OVERDUE, done)
    _look_at(settings, {line: expected_on for line, owed, expected_on in found if owed and expected_on}, today)


def set_due(settings: Settings, supplier: int | None, due_by_line: Mapping[int, date], today: date) -> None:
    """Sets the dates of lines: fixes the lateness to expect of their supplier, and when to look at them again."""
    record = lateness_record(supplier)
    confidence = settings.promise_confidence
    added_days = lateness_quantile(record, confidence) if confidence is not None else 0
    overdue_days = lateness_quantile(record, confidence or OVERDUE_QUANTILE) if record else None
    expected = {line: due_on + timedelta(days=added_days) for line, due_on in due_by_line.items()}
    run(
        """UPDATE inbound_line l SET due_on = v.due_on, dated_on = v.expected_on, expected_on = v.expected_on,
                  lateness_days = %s, confidence = %s
           FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS v (id, due_on, expected_on) WHERE l.id = v.id""",
        [
            overdue_days,
            confidence if record else None,
            *columns([(line, due_by_line[line], day) for line, day in expected.items()], 3),
        ],
    )
    _look_at(settings, expected, today)


def pass_overdue(settings: Settings, lines: Iterable[int], today: date) -> bool:
    """Re-dates those lines whose date has passed; False if there is none.

    With its supplier's lateness on record a line is expected that much past today, at least one day; else it has no
    date.
    """
    found = rows(
        """UPDATE inbound_line SET expected_on =
               CASE WHEN lateness_days IS NOT NULL THEN %s::date + greatest(1, lateness_days) END
           WHERE id = ANY(%s) AND owed > 0 AND expected_on < %s
           RETURNING id, dated_on, expected_on""",
        [today, list(lines), today],
    )
    found.sort(key=lambda line: int(line[0]))  # An UPDATE gives its rows in no order of its own.
    _look_again_after(settings, {line: expected_on for line, _, expected_on in found if expected_on})
    too_long = {line: dated_on + timedelta(days=settings.hold_days + 1) for line, dated_on, _ in found}
    start_of = settings.calendar.start_of
    set_timers((start_of(day), TimerKind.OVERDUE, line) for line, day in too_long.items() if day > today)
    return bool(found)


def _look_at(settings: Settings, expected_by_line: Mapping[int, date], today: date) -> None:
    """Lines are looked at when their day has passed; those whose day has passed already, now."""
    _look_again_after(settings, {line: day for line, day in expected_by_line.items() if day >= today})
    if passed := [line for line, day in expected_by_line.items() if day < today]:
        pass_overdue(settings, passed, today)


def _look_again_after(settings: Settings, expected_by_line: Mapping[int, date]) -> None:
    start_of = settings.calendar.start_of
    set_timers(
        (start_of(expected_on + timedelta(days=1)), TimerKind.SUPPLY, line)
        for line, expected_on in expected_by_line.items()
    )


def lateness_record(supplier: int | None) -> list[int]:
    """How late a supplier's deliveries were, in calendar days."""
    found = rows("SELECT lateness_days FROM supplier_lateness WHERE supplier_id = %s", [supplier]) if supplier else []
    return [days for (days,) in found]


def record_lateness(supplier: int, lateness_days: int, on: date, line: int | None) -> None:
    """Adds a delivery to a supplier's record. An early delivery was not late: 0 days."""
    run(
        """INSERT INTO supplier_lateness (supplier_id, lateness_days, recorded_on, inbound_line_id)
           VALUES (%s, %s, %s, %s)""",
        [supplier, max(0, lateness_days), on, line],
    )
