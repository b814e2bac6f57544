"""All that is open of an order goes together, in one parcel with the last of it: the customer asked for that."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Refused
from raincheck.store import lines
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox


def ship_together(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """Gives an order's open lines the shipping policy `complete`. Ranks stay; its dates are told anew.

    Raises Refused for an order that is not open or held, of which less than two units are open, or which the floor has
    in hand. `answer_order` with `ship_available` takes it back.
    """
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        if order.state not in ("open", "held"):
            raise Refused(f"order {ref!r} is {order.state.replace('_', ' ')}")
        open_lines = [line for line in lines.read_lines(order.id) if line.open_units]
        if sum(line.open_units for line in open_lines) < 2:
            raise Refused(f"order {ref!r} has nothing that could go together")
        if any(line.frozen for line in open_lines):
            raise Refused(f"order {ref!r}: the floor has some of it in hand already")
        lines.ship_whole(order.id)
        outbox = Outbox(locked.at, "ships_together", f"order:{ref}", actor)
        _ = outbox.fact
        run_pass(lock_products(locked.products, locked.at), outbox, refresh_lines=[line.id for line in open_lines])
        outbox.flush()
