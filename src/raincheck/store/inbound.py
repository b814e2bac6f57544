"""Purchase orders and transfers as rows: what is owed, until when, and how late its supplier tends to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.core.supply import lateness_quantile
from raincheck.store.db import columns, row, rows, run
from raincheck.store.ledger import level_of
from raincheck.store.timers import TimerKind, set_timers

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


def confirm_units(line: InboundLineFacts, units: int) -> None:
    """Makes so many units of a line supply (never fewer than have come), and the rest none."""
    confirmed = max(units, line.received + line.damaged)
    level_of(line.site, line.product)
    _set_owed(line.id, confirmed, confirmed - line.received - line.damaged)


def count_received(line: InboundLineFacts, units: int, damaged: int) -> None:
    """Moves units of a line from owed to received; what comes on top of the owed is over-received."""
    run(
        "UPDATE inbound_line SET received = received + %s, damaged = damaged + %s WHERE id = %s",
        [units, damaged, line.id],
    )
    _set_owed(line.id, max(line.confirmed, 0), max(0, line.owed - units - damaged))


def owe_nothing(line: InboundLineFacts) -> None:
    """Ends what a line still owes."""
    _set_owed(line.id, line.received + line.damaged, 0)


def _set_owed(line: int, confirmed: int, owed: int) -> None:
    """Pegs beyond what is owed lose their supply in the pass that follows; the counter must not wait for it."""
    run(
        "UPDATE inbound_line SET confirmed = %s, owed = %s, pegged = least(pegged, %s) WHERE id = %s",
        [confirmed, owed, owed, line],
    )


def set_due(settings: Settings, supplier: int | None, due_by_line: Mapping[int, date], today: date) -> None:
    """Sets the dates of lines: fixes the lateness to expect of their supplier, and when to look at them again."""
    record = lateness_record(supplier)
    confidence = settings.promise_confidence
    added_days = lateness_quantile(record, confidence) if confidence is not None else 0
    overdue_days = lateness_quantile(record, confidence or OVERDUE_QUANTILE) if record else None
    for line, due_on in due_by_line.items():
        expected_on: date | None = due_on + timedelta(days=added_days)
        run(
            "UPDATE inbound_line SET due_on = %s, dated_on = %s, expected_on = %s, lateness_days = %s WHERE id = %s",
            [due_on, expected_on, expected_on, overdue_days, line],
        )
        if expected_on is not None and expected_on < today:
            pass_overdue(settings, line, today)
        else:
            _look_again_after(settings, line, expected_on)


def pass_overdue(settings: Settings, line: int, today: date) -> bool:
    """Re-dates a line whose date has passed; False if there is nothing to do.

    With its supplier's lateness on record it is expected that much past today, at least one day; else it has no date.
    """
    found = row("SELECT owed, dated_on, expected_on, lateness_days FROM inbound_line WHERE id = %s", [line])
    if found is None:
        return False
    owed, dated_on, expected_on, lateness_days = found
    if not owed or expected_on is None or expected_on >= today:
        return False
    if lateness_days is None:
        run("UPDATE inbound_line SET expected_on = NULL WHERE id = %s", [line])
    else:
        expected_on = today + timedelta(days=max(1, lateness_days))
        run("UPDATE inbound_line SET expected_on = %s WHERE id = %s", [expected_on, line])
        _look_again_after(settings, line, expected_on)
    too_long_on = dated_on + timedelta(days=settings.hold_days + 1)
    if too_long_on > today:
        set_timers([(settings.calendar.start_of(too_long_on), TimerKind.OVERDUE, line)])
    return True


def _look_again_after(settings: Settings, line: int, expected_on: date | None) -> None:
    if expected_on is not None:
        look_again_at = settings.calendar.start_of(expected_on + timedelta(days=1))
        set_timers([(look_again_at, TimerKind.SUPPLY, line)])


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
