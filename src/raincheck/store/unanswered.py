"""Questions that customers were asked and have not answered, and the tasks that they become."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.store import live
from raincheck.store.db import rows, run

NO_ANSWER: Final = "no_answer"

# Whoever does not answer these loses something at an instant: the law cancels, an offer is no longer held.
_ASKED: Final = """
    SELECT l.order_id, k.cancels_at AS until, 'law' AS question FROM law_clock k JOIN order_line l ON l.id = k.line_id
    WHERE k.ended_at IS NULL AND k.vested_at IS NULL AND k.stage = 'answer_needed' AND k.cancels_at IS NOT NULL
      AND l.reserved + l.backordered + l.preordered > 0
    UNION ALL
    SELECT l.order_id, f.expires_at, 'offer' FROM substitute_offer f JOIN order_line l ON l.id = f.line_id
    WHERE f.state = 'open'"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An order whose customer has a question open: `law` (wait or cancel) or `offer` (a substitute), and until when."""

    order: int
    ref: str
    customer: str
    sold_by: str
    question: str
    until: datetime


def unanswered(at: datetime, until: datetime) -> list[Unanswered]:
    """Orders with a question whose time runs out between two instants and that is nobody's task yet, by reference.

    A task that was closed does not come again for the same question.
    """
    found = rows(
        f"""SELECT DISTINCT ON (o.ref) o.id, o.ref, coalesce(nullif(u.name, ''), u.code, ''), o.sold_by,
                   q.question, q.until
            FROM ({_ASKED}) q JOIN sales_order o ON o.id = q.order_id LEFT JOIN customer u ON u.id = o.customer_id
            WHERE q.until > %s AND q.until <= %s AND NOT EXISTS (
                SELECT 1 FROM task t WHERE t.kind = '{NO_ANSWER}' AND t.order_id = o.id
                   AND (t.closed_at IS NULL OR t.due_at = q.until))
            ORDER BY o.ref, q.until, q.question""",  # noqa: S608 - made of constants of ours
        [at, until],
    )
    return [Unanswered(*values) for values in found]


def close_answered(at: datetime, order: int | None = None) -> int:
    """Closes the tasks of orders of which nothing is asked any more, or of one such order; how many."""
    closed = run(
        f"""UPDATE task SET closed_at = %s, closed_by = ''
            WHERE kind = '{NO_ANSWER}' AND closed_at IS NULL AND order_id = coalesce(%s, order_id)
              AND order_id NOT IN (SELECT order_id FROM ({_ASKED}) q WHERE q.until > %s)""",  # noqa: S608 - the same
        [at, order, at],
    )
    if closed:
        live.changed("desk", "tasks")
    return closed
