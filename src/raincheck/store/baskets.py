"""Baskets that hold stock: their rows, and the sales order in the state `basket` behind each open one.

Such an order stands in the queue like any other, so the pass, counts and late trucks treat it as what it will be; it
ships nothing, is charged nothing, is told nothing and starts no legal clock. When it ends its rows go: nothing ever
spoke of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.store.db import one, row, rows, run
from raincheck.store.timers import TimerKind, drop_timers, set_timers

STATE: Final = "basket"
OPEN, TAKEN, EXPIRED, ENDED = "open", "taken", "expired", "ended"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as it is stored. `order` is its sales order while it is open."""

    id: int
    ref: str
    order: int | None
    actor: str
    content: str
    made_at: datetime
    expires_at: datetime
    state: str
    order_ref: str


_FIELDS = "id, ref, order_id, actor, content, made_at, expires_at, state, order_ref"


def find_hold(ref: str, *, lock: bool = False) -> Hold | None:
    """A hold by its reference. Its lock comes before those of products."""
    found = row(
        f"SELECT {_FIELDS} FROM basket_hold WHERE ref = %s{' FOR NO KEY UPDATE' if lock else ''}",  # noqa: S608
        [ref],
    )
    return Hold(*found) if found else None


def find_hold_by_id(hold: int) -> Hold | None:
    """A hold by its row, under its lock."""
    found = row(f"SELECT {_FIELDS} FROM basket_hold WHERE id = %s FOR NO KEY UPDATE", [hold])  # noqa: S608
    return Hold(*found) if found else None


def open_holds(actor: str) -> int:
    """How many baskets somebody holds now."""
    return int(one("SELECT count(*) FROM basket_hold WHERE actor = %s AND state = 'open'", [actor])[0])


def insert_hold(ref: str, actor: str, content: str, at: datetime, until: datetime) -> int | None:
    """A new hold's row without its order; None if the reference is taken."""
    found = row(
        """INSERT INTO basket_hold (ref, actor, content, made_at, expires_at, state, order_ref)
           VALUES (%s, %s, %s, %s, %s, 'open', '') ON CONFLICT (ref) DO NOTHING RETURNING id""",
        [ref, actor, content, at, until],
    )
    return None if found is None else int(found[0])


def begin_hold(hold: int, order: int, at: datetime, until: datetime) -> None:
    """The hold stands, from `at` on, with its order; its timer is set."""
    run("UPDATE basket_hold SET order_id = %s, made_at = %s, expires_at = %s WHERE id = %s", [order, at, until, hold])
    set_timers([(until, TimerKind.BASKET, hold)])


def end_hold(hold: Hold, state: str, at: datetime, order_ref: str = "") -> None:
    """Takes away the basket's rows, of which no unit is open any more, and says what became of the hold."""
    run(
        "UPDATE basket_hold SET order_id = NULL, state = %s, ended_at = %s, order_ref = %s WHERE id = %s",
        [state, at, order_ref, hold.id],
    )
    drop_timers(TimerKind.BASKET, [hold.id])
    if hold.order is None:
        return
    claims = [id_ for (id_,) in rows("DELETE FROM claim WHERE order_id = %s RETURNING id", [hold.order])]
    run("DELETE FROM order_line WHERE order_id = %s", [hold.order])
    run("DELETE FROM sales_order WHERE id = %s", [hold.order])
    drop_timers(TimerKind.SETTLE, claims)
    for kind in (TimerKind.WANTED, TimerKind.GROUP, TimerKind.PARCEL):
        drop_timers(kind, [hold.order])
