"""Hold and release an order: a held order keeps its rank and its stock and never ships."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Refused
from raincheck.store import lines, thawing
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.law_clocks import reconsider
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox


def hold_order(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """Holds an open order. What was released and waits out its handling comes back, and stays reserved.

    Raises Refused for an order that is not open.
    """
    _switch(ref, "open", "held", "order_held", at, actor)


def release_order(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """Releases a held order; what it has reserved goes now, its handling begins. Raises Refused for one not held."""
    _switch(ref, "held", "open", "order_released", at, actor)


def _switch(ref: str, before: str, after: str, verb: str, at: datetime | None, actor: str) -> None:
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        if order.state != before:
            raise Refused(f"order {ref!r} is {order.state}, not {before}")
        run("UPDATE sales_order SET state = %s WHERE id = %s", [after, order.id])
        order_lines = lines.read_lines(order.id)
        for line in order_lines:
            if line.frozen > line.picked:
                thawing.thaw(line.id, line.frozen - line.picked, ("released",))
        outbox = Outbox(locked.at, verb, f"order:{ref}", actor)
        _ = outbox.fact
        run_pass(locked, outbox, refresh_lines=[line.id for line in order_lines])
        reconsider(read_settings(), [line.id for line in order_lines], locked.at)
        outbox.flush()
