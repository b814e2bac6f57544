"""Customers who were handed over to a processor's own page to enter a card: what is to be asked, what came of it."""

from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import row, run


@dataclass(frozen=True, slots=True)
class Open:
    """A visit to a processor's page of which nothing is known yet. `has_closed`: nothing can be entered there now."""

    id: int
    order_ref: str
    reference: str
    started_by: str
    attempts: int
    has_closed: bool


def write_handover(
    order: int, processor: str, reference: str, at: datetime, by: str, expires_at: datetime, next_try_at: datetime
) -> None:
    """Notes a visit; the same one again changes nothing."""
    run(
        """INSERT INTO card_handover (order_id, processor, reference, state, started_at, started_by, expires_at,
                                      attempts, next_try_at, outcome)
           VALUES (%s, %s, %s, 'open', %s, %s, %s, 0, %s, '') ON CONFLICT (processor, reference) DO NOTHING""",
        [order, processor, reference, at, by, expires_at, next_try_at],
    )


def take_open(lease_seconds: int) -> Open | None:
    """Takes the first visit that may be asked after now, for so long; None if none may."""
    found = row(
        """UPDATE card_handover h SET attempts = h.attempts + 1,
               next_try_at = clock_timestamp() + make_interval(secs => %s)
           FROM (SELECT id FROM card_handover WHERE state = 'open' AND next_try_at <= clock_timestamp()
                 ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) next, sales_order o
           WHERE h.id = next.id AND o.id = h.order_id
           RETURNING h.id, o.ref, h.reference, h.started_by, h.attempts, h.expires_at <= clock_timestamp()""",
        [lease_seconds],
    )
    return Open(*found) if found else None


def ask_soon(processor: str, reference: str, at: datetime) -> bool:
    """A visit is asked after at once; False if none of that name is open."""
    return (
        run(
            """UPDATE card_handover SET next_try_at = least(next_try_at, %s)
               WHERE processor = %s AND reference = %s AND state = 'open'""",
            [at, processor, reference],
        )
        > 0
    )


def ask_later(handover: int, after_seconds: float) -> None:
    """A visit is asked after again later."""
    run(
        """UPDATE card_handover SET next_try_at = clock_timestamp() + make_interval(secs => %s)
           WHERE id = %s AND state = 'open'""",
        [after_seconds, handover],
    )


def end_handover(handover: int, state: str, at: datetime, outcome: str) -> bool:
    """Ends a visit; False if it had ended."""
    return (
        run(
            """UPDATE card_handover SET state = %s, ended_at = %s, next_try_at = NULL, outcome = left(%s, 300)
               WHERE id = %s AND state = 'open'""",
            [state, at, outcome, handover],
        )
        > 0
    )
