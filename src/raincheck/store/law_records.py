"""What is asked of the law's clocks: who may not leave any more, what moved a clock, which notices never arrived."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from raincheck.core.consent import Clock, Evidence, Stage, Window, clock_after
from raincheck.core.law_rules import REGIMES
from raincheck.store.db import one, rows, run
from raincheck.store.law_clocks import ClockRow, start_of


def legal_limits(products: Sequence[int], at: datetime) -> tuple[dict[int, Window], frozenset[int]]:
    """By line of these products: the day on which a delay must be told at the latest; and orders that may not leave.

    Those are orders of which a line's last day has passed and whose cancel has not been written yet.
    """
    windows: dict[int, Window] = {}
    overdue: set[int] = set()
    if not rows("SELECT 1 FROM law_clock WHERE cancels_at IS NOT NULL LIMIT 1"):
        return windows, frozenset()  # Without a law a pass costs one look at an empty index.
    for line, order, by_on, zone, cancels_at in rows(
        """SELECT k.line_id, l.order_id, k.by_on, k.zone, k.cancels_at
           FROM law_clock k JOIN order_line l ON l.id = k.line_id
           WHERE k.cancels_at IS NOT NULL AND k.vested_at IS NULL AND k.line_id IN (
               SELECT c.line_id FROM claim c WHERE c.product_id = ANY(%s) AND c.units > 0)""",
        [list(products)],
    ):
        windows[line] = Window(start_of(ZoneInfo(zone), by_on), cancels_at)
        if cancels_at <= at:
            overdue.add(order)
    return windows, frozenset(overdue)


def is_overdue(order: int, at: datetime) -> bool:
    """Whether the last day of one of an order's open lines has passed: it may not leave any more."""
    found = rows(
        """SELECT 1 FROM law_clock k JOIN order_line l ON l.id = k.line_id
           WHERE l.order_id = %s AND k.cancels_at <= %s AND k.vested_at IS NULL AND k.ended_at IS NULL
             AND l.reserved + l.backordered + l.preordered > 0 LIMIT 1""",
        [order, at],
    )
    return bool(found)


def vested_by_law(lines: Sequence[int]) -> set[int]:
    """Those of some lines that were cancelled because their last day passed."""
    found = rows(
        """SELECT line_id FROM law_clock
           WHERE line_id = ANY(%s) AND ended_at IS NULL AND vested_at IS NOT NULL
             AND NOT vested_by IN ('cancel', 'refusal')""",
        [list(lines)],
    )
    return {line for (line,) in found}


def vested_by_refusal(lines: Sequence[int]) -> set[int]:
    """Those of some lines that the seller decided not to ship."""
    found = rows(
        "SELECT line_id FROM law_clock WHERE line_id = ANY(%s) AND ended_at IS NULL AND vested_by = 'refusal'",
        [list(lines)],
    )
    return {line for (line,) in found}


def is_undelivered(line: int) -> bool:
    """Whether units of a line are open, or with the carrier and not with the customer yet."""
    found = rows(
        """SELECT 1 FROM order_line l WHERE l.id = %s AND (l.reserved + l.backordered + l.preordered > 0 OR EXISTS (
               SELECT 1 FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
               WHERE sl.line_id = l.id AND sl.units > 0 AND s.state = 'shipped'))""",
        [line],
    )
    return bool(found)


def evidence_of(clock: int) -> list[tuple[Evidence, int, str]]:
    """What moved a clock so far, each with its fact and the notice that it was told by (empty: none)."""
    found = rows(
        """SELECT kind, detail->>'on', detail->>'goes_on', fact_id, coalesce(detail->>'notice', ''),
                  (detail->>'further_days')::int, coalesce((detail->>'further')::boolean, false)
           FROM law_event WHERE clock_id = %s AND kind IN ('option', 'told', 'consent', 'passed') ORDER BY id""",
        [clock],
    )
    return [
        (
            Evidence(kind, date.fromisoformat(on), date.fromisoformat(goes_on) if goes_on else None, days, further),
            fact,
            notice,
        )
        for kind, on, goes_on, fact, notice, days, further in found
    ]


def failed_notices(order: int) -> list[tuple[int, str]]:
    """The messages of an order that were given up: (fact, event) of each."""
    found = rows("SELECT fact_id, event FROM notice WHERE order_id = %s AND state = 'failed'", [order])
    return [(fact, event) for fact, event in found]


def waiting_notices(order: int) -> list[tuple[int, str]]:
    """The messages of an order that have not left yet: (fact, event) of each."""
    found = rows("SELECT fact_id, event FROM notice WHERE order_id = %s AND state = 'queued'", [order])
    return [(fact, event) for fact, event in found]


def is_about(clock: int, fact: int, notice: str) -> bool:
    """Whether a notice moved a clock when it was queued."""
    return any((its_fact, its_notice) == (fact, notice) for _, its_fact, its_notice in evidence_of(clock))


def fact_of(notice: int) -> int:
    """The fact that a message tells of."""
    return int(one("SELECT fact_id FROM notice WHERE id = %s", [notice])[0])


def was_void(order_ref: str, notice: str) -> bool:
    """Whether a notice of this event to an order's customer was given up once."""
    found = rows(
        """SELECT 1 FROM law_event e JOIN law_clock k ON k.id = e.clock_id JOIN order_line l ON l.id = k.line_id
           JOIN sales_order o ON o.id = l.order_id
           WHERE o.ref = %s AND e.kind = 'void' AND e.detail->>'notice' = %s LIMIT 1""",
        [order_ref, notice],
    )
    return bool(found)


def without_notices(row: ClockRow, failed: Iterable[tuple[int, str]]) -> Clock:
    """The clock as it would stand without notices that never arrived: (fact, event) of each.

    A notice that was answered by consent has been read, whatever became of the message. The clock of a line that stands
    in for another starts as it was taken over.
    """
    missing = set(failed)
    record = evidence_of(row.id)
    answered = max((nr for nr, (entry, _, _) in enumerate(record) if entry.kind == "consent"), default=-1)
    kept = [entry for nr, (entry, fact, notice) in enumerate(record) if nr < answered or (fact, notice) not in missing]
    return clock_after(_taken_over(row) or _begun(row), kept)


def _begun(row: ClockRow) -> Clock:
    by_on = row.clock.due_on if REGIMES[row.clock.regime].cancels_by_silence else None
    return Clock(row.clock.regime, row.clock.due_on, by_on)


def _taken_over(row: ClockRow) -> Clock | None:
    """How the clock stood when its line began to stand in for another; None if it does not."""
    found = rows(
        """SELECT (detail->>'by_on')::date, detail->>'stage', (detail->>'offered_on')::date,
                  (detail->>'is_agreed')::boolean
           FROM law_event WHERE clock_id = %s AND kind = 'substituted' AND detail ? 'stage' ORDER BY id LIMIT 1""",
        [row.id],
    )
    if not found:
        return None
    by_on, stage, offered_on, is_agreed = found[0]
    return Clock(row.clock.regime, row.clock.due_on, by_on, Stage(stage), offered_on, is_agreed=is_agreed)


def exempt(product: int | None, order: int | None, reason: str, at: datetime, actor: str) -> None:
    """Takes a product or an order out of the law, with the reason."""
    run(
        "INSERT INTO law_exemption (product_id, order_id, reason, created_at, created_by) VALUES (%s, %s, %s, %s, %s)",
        [product, order, reason.strip()[:300], at, actor],
    )


def close_law_tasks(order: int, at: datetime, actor: str) -> int:
    """What a person was asked to do for an order because of the law is done; how many tasks that were."""
    return run(
        "UPDATE task SET closed_at = %s, closed_by = %s WHERE order_id = %s AND kind = 'law' AND closed_at IS NULL",
        [at, actor, order],
    )
