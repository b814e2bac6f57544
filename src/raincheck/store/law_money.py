"""Money that a law wants back by a day: what is owed by order, and what was said of the way on which it goes."""

from dataclasses import dataclass
from datetime import date, datetime

from raincheck.core.law_rules import REGIMES
from raincheck.core.settings import Settings
from raincheck.store.db import rows, run
from raincheck.store.law_clocks import record_events
from raincheck.store.outbox import Outbox
from raincheck.store.sellers import sellers_of


@dataclass(frozen=True, slots=True)
class OwedClock:
    """A clock of which the right to a refund has arisen."""

    id: int
    line: int
    sku: str
    regime: str
    vested_at: datetime
    refund_due_on: date


def owed_clocks(order: int) -> list[OwedClock]:
    """The clocks of an order of which the right to a refund has arisen, by SKU.

    A line that was ordered anew since has another clock by now: the money of the first is owed all the same, until it
    went by another way or the card took it.
    """
    return [
        OwedClock(*values)
        for values in rows(
            """SELECT k.id, k.line_id, p.sku, k.regime, k.vested_at, k.refund_due_on FROM law_clock k
               JOIN order_line l ON l.id = k.line_id JOIN product p ON p.id = l.product_id
               WHERE l.order_id = %s AND k.vested_at IS NOT NULL AND (k.ended_at IS NULL OR (
                   NOT EXISTS (SELECT 1 FROM law_event e WHERE e.clock_id = k.id AND e.kind = 'refund_sent')
                   AND NOT EXISTS (
                       SELECT 1 FROM (SELECT r.state, r.key FROM card_request r
                                      WHERE r.order_id = l.order_id AND r.kind = 'refund'
                                        AND r.created_at >= k.vested_at AND r.created_at < k.ended_at
                                      ORDER BY r.id DESC LIMIT 1) last
                       WHERE last.state = 'approved' AND NOT EXISTS (
                           SELECT 1 FROM processor_event b
                           WHERE b.kind = 'refund_failed' AND b.request_key = last.key))))
               ORDER BY p.sku, k.id""",
            [order],
        )
    ]


def due_from_discovery(settings: Settings, outbox: Outbox, clocks: list[OwedClock], reason: str, method: str) -> None:
    """The method that was paid with is impossible: the law's working days count anew from now (rule `same_method`)."""
    sellers = sellers_of(settings, [clock.line for clock in clocks])
    for clock in clocks:
        calendar = sellers[clock.line].calendar if clock.line in sellers else settings.calendar
        days = REGIMES[clock.regime].refund_working_days
        due_on = calendar.add_working_days(calendar.day_of(outbox.at), days)
        run("UPDATE law_clock SET refund_due_on = %s WHERE id = %s", [due_on, clock.id])
        detail = {"reason": reason, "method": method, "was_due_on": clock.refund_due_on, "refund_due_on": due_on}
        record_events(outbox, [(clock.id, "no_way_back", detail)])


def refund_went(outbox: Outbox, clocks: list[OwedClock], method: str, proof: str) -> None:
    """A person sent the money back; `proof` says by what that can be shown."""
    detail = {"method": method, "proof": proof}
    record_events(outbox, [(clock.id, "refund_sent", detail) for clock in clocks])
