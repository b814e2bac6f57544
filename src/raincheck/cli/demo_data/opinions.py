"""What the demo's customers answer when they are asked how it went, and what its people notice."""

from datetime import date, datetime, timedelta
from typing import Final

from raincheck.actions.close_task import close_task
from raincheck.actions.feedback import say_as_customer, say_as_staff
from raincheck.actions.note_interest import note_interest
from raincheck.cli.demo_data.catalogue import KETTLE, PAPER_LANTERN
from raincheck.cli.demo_data.clock import ZONE, Clock
from raincheck.store.db import rows

STEEL_BOTTLE: Final = "BTL-STEEL"

FIRST_ANSWERS: Final = -30
"""The day from which on customers answer, counted from today."""

LAST_CALLS: Final = -4
"""From this day on nobody has called back yet who complained."""

_ON_TIME: Final = (
    (5, "", "Just as promised, thank you."),
    (5, "", ""),
    (4, "unclear", "Two mails on one day: which one holds?"),
    (5, "", ""),
    (2, "damaged", "The lid has a dent. The box was open at one side."),
    (4, "", ""),
)
_LATE: Final = (
    (3, "late", "Good things, but we had planned with the first date."),
    (2, "late", "A week late is a week late."),
    (3, "late", ""),
    (1, "late", "Nobody could tell me why it took so long."),
)


def plan_opinions(clock: Clock) -> None:
    """In the evening some of those who were asked the days before answer; two people say what they noticed."""
    for day in range(FIRST_ANSWERS, 0):
        clock.plan(clock.at(day, 20), _answer)
        if day < LAST_CALLS:
            clock.plan(clock.at(day, 16), _settle_complaints)
    clock.plan(clock.at(-12, 12), _want_to_hear)
    clock.plan(
        clock.at(-9, 11),
        lambda at: say_as_staff(
            "product", KETTLE, "Every third box of this truck is crushed at a corner.", "damaged", at=at,
            actor="warehouse",
        ),
    )  # fmt: skip


def _want_to_hear(at: datetime) -> None:
    """Shoppers who found the shelf empty: of the lantern nobody is sure when it is back, the bottle came."""
    for sku, email, units, language in (
        (PAPER_LANTERN, "june.alder@example.com", 2, "en"),
        (PAPER_LANTERN, "m.vogt@example.com", 1, "de"),
        (STEEL_BOTTLE, "clara.ruiz@example.com", 1, "es"),
        (STEEL_BOTTLE, "otto.brandt@example.com", 2, "de"),
    ):
        note_interest(sku, email, units, language, at)


def _settle_complaints(at: datetime) -> None:
    """In the afternoon service has called everybody back who complained before the last day."""
    for (task,) in rows(
        "SELECT id FROM task WHERE kind = 'complaint' AND closed_at IS NULL AND opened_at < %s ORDER BY id",
        [at - timedelta(days=1)],
    ):
        close_task(task, at=at, actor="service")


def _answer(at: datetime) -> None:
    """Every second of those who were asked in the last day; those who got it late are less pleased."""
    for order, ref, late_on, came_on in _asked(at):
        if order % 2:
            continue
        is_late = late_on is not None and came_on > late_on
        words = _LATE if is_late else _ON_TIME
        score, cause, text = words[order // 2 % len(words)]
        say_as_customer(ref, score, cause, text=text, language="en", at=at)


def _asked(at: datetime) -> list[tuple[int, str, date | None, date]]:
    """Orders asked in the last day: row, reference, the last first promise of a line, the day of the last arrival."""
    found = rows(
        """SELECT o.id, o.ref, max(l.first_promise_on), max((s.delivered_at AT TIME ZONE %s)::date)
           FROM notice n JOIN sales_order o ON o.id = n.order_id JOIN order_line l ON l.order_id = o.id
           JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0 JOIN shipment s ON s.id = sl.shipment_id
           WHERE n.event = 'feedback_asked' AND n.at > %s AND n.at <= %s GROUP BY o.id ORDER BY o.id""",
        [str(ZONE), at - timedelta(days=1), at],
    )
    return [(order, ref, late_on, came_on) for order, ref, late_on, came_on in found]
