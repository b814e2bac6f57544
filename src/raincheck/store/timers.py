"""Timers: what falls due, as rows, so that the live clock and a drill's virtual clock work alike (design, "time")."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from raincheck.store.db import columns, row, rows, run


class TimerKind(IntEnum):
    """What falls due. Of one instant, smaller numbers come first (contract, "The run"). Names what `subject` is."""

    LAW = 10  # law clock: an option is due, or a line is cancelled by law
    PAYMENT = 12  # order: a declined charge is tried again, or its days of grace are over
    AUTHORISATION = 13  # card request: an authorisation runs out
    SHIP = 20  # shipment: its handling is over
    DELIVER = 25  # shipment: its transit is over
    SUPPLY = 30  # inbound line: its date has passed
    AVAILABLE = 40  # product: available from today
    WANTED = 41  # order: what is wanted later leaves today
    GROUP = 50  # order: its ship-complete group begins to hold, or stops lending
    BASKET = 54  # hold of a basket: its time is over
    OVERDUE = 55  # inbound line: overdue for too long to hold stock for
    OFFER = 56  # offer of a substitute: it cannot be taken any more
    CLOSING = 57  # site: it hands nothing more over today
    DAY = 60  # 0: a day begins
    PARCEL = 70  # order: its merge window ends, or the last moment comes at which a parcel can be in time
    SETTLE = 80  # claim: a changed date has stood long enough
    FEEDBACK = 85  # order: everything has arrived for a while; its customer is asked how it went


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that has fallen due."""

    id: int
    due_at: datetime
    kind: TimerKind
    subject: int


def set_timers(timers: Iterable[tuple[datetime, TimerKind, int]]) -> None:
    """Sets timers (due_at, kind, subject); one that is set already moves to the new instant."""
    wanted = {(int(kind), subject): due_at for due_at, kind, subject in timers}
    if not wanted:
        return
    due_ats, kinds, subjects = columns([(due_at, kind, subject) for (kind, subject), due_at in wanted.items()], 3)
    run(
        """INSERT INTO timer (due_at, kind, subject_id)
           SELECT * FROM unnest(%s::timestamptz[], %s::smallint[], %s::bigint[])
           ON CONFLICT (kind, subject_id) DO UPDATE SET due_at = excluded.due_at
           WHERE timer.due_at <> excluded.due_at""",
        [due_ats, kinds, subjects],
    )


def drop_timers(kind: TimerKind, subjects: Sequence[int]) -> None:
    """Takes away timers of a kind that have nothing to wait for any more."""
    if subjects:
        run("DELETE FROM timer WHERE kind = %s AND subject_id = ANY(%s)", [int(kind), list(subjects)])


def next_due(until: datetime) -> Due | None:
    """The first timer that is due at an instant. Whoever acts on it locks books first, then takes it with `clear`."""
    found = row(
        """SELECT id, due_at, kind, subject_id FROM timer WHERE due_at <= %s
           ORDER BY due_at, kind, subject_id LIMIT 1""",
        [until],
    )
    return Due(found[0], found[1], TimerKind(found[2]), found[3]) if found else None


def due_together(timer: Due, most: int) -> list[Due]:
    """A timer and those of its kind that are due at its instant, by subject, so many at the most.

    Where there are more, what falls due of the same orders then is taken with them: an order is told once.
    """
    found = rows(
        """SELECT id, due_at, kind, subject_id FROM timer WHERE kind = %s AND due_at = %s AND subject_id >= %s
           ORDER BY subject_id LIMIT %s""",
        [int(timer.kind), timer.due_at, timer.subject, most],
    )
    if len(found) == most and timer.kind in _OF_SAME_ORDERS:
        found += rows(
            f"""SELECT id, due_at, kind, subject_id FROM timer
                WHERE kind = %s AND due_at = %s AND subject_id > %s AND subject_id IN ({_OF_SAME_ORDERS[timer.kind]})
                ORDER BY subject_id""",  # noqa: S608 - our own statements
            [int(timer.kind), timer.due_at, found[-1][3], [subject for *_, subject in found]],
        )
    return [Due(id_, due_at, TimerKind(kind), subject) for id_, due_at, kind, subject in found]


_OF_SAME_ORDERS: Final = {
    TimerKind.SETTLE: """SELECT other.id FROM claim one JOIN claim other ON other.order_id = one.order_id
                         WHERE one.id = ANY(%s)""",
    TimerKind.LAW: """SELECT other.id FROM law_clock one JOIN order_line l ON l.id = one.line_id
                      JOIN order_line ol ON ol.order_id = l.order_id JOIN law_clock other ON other.line_id = ol.id
                      WHERE one.id = ANY(%s)""",
}
"""Of kinds whose timers tell customers something: the subjects that belong to the orders of some subjects."""


def next_settling(orders: Collection[int], due_at: datetime) -> Due | None:
    """The first change of a date that has stood long enough at an instant, if one of some orders has; else None."""
    found = row(
        """SELECT id, due_at, subject_id FROM timer WHERE kind = %s AND due_at = %s AND EXISTS (
               SELECT 1 FROM timer t JOIN claim c ON c.id = t.subject_id
               WHERE t.kind = %s AND t.due_at = %s AND c.order_id = ANY(%s))
           ORDER BY subject_id LIMIT 1""",
        [int(TimerKind.SETTLE), due_at, int(TimerKind.SETTLE), due_at, sorted(orders)],
    )
    return Due(found[0], found[1], TimerKind.SETTLE, found[2]) if found else None


def clear(timers: Sequence[Due]) -> list[int]:
    """Takes timers away; the subjects of those that no other worker took and nobody set anew meanwhile."""
    if not timers:
        return []
    found = rows(
        """DELETE FROM timer t USING unnest(%s::bigint[], %s::timestamptz[]) AS v (id, due_at)
           WHERE t.id = v.id AND t.due_at = v.due_at RETURNING t.subject_id""",
        columns([(timer.id, timer.due_at) for timer in timers], 2),
    )
    return sorted(subject for (subject,) in found)


def postpone(timer: Due, due_at: datetime) -> bool:
    """Moves a timer to a later instant; False if another worker was quicker or it was set anew meanwhile."""
    return run("UPDATE timer SET due_at = %s WHERE id = %s AND due_at = %s", [due_at, timer.id, timer.due_at]) > 0


def has_timer(kind: TimerKind) -> bool:
    """Whether any timer of a kind is set."""
    return row("SELECT 1 FROM timer WHERE kind = %s LIMIT 1", [int(kind)]) is not None
