"""A customer wants anew what was cancelled: the late yes revives nothing, it asks for a new order (semantics 54)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.errors import Refused
from raincheck.store import lines, tasks
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox

TASK: Final = "again"


def ask_again(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """Opens a task to offer a new order of what was cancelled, once. Raises Refused where nothing was."""
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        gone = [f"{line.cancelled} × {line.sku}" for line in lines.read_lines(order.id) if line.cancelled]
        if not gone:
            raise Refused(f"order {ref!r}: nothing of it was cancelled")
        outbox = Outbox(locked.at, "asked_again", f"order:{ref}", actor)
        _ = outbox.fact
        text = f"The customer of {ref} asks for a new order of what was cancelled: {', '.join(gone)}"
        tasks.open_for_order(TASK, order.id, text, locked.at)
