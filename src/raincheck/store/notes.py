"""Notes of the house on orders and customers: written once, never changed."""

from datetime import datetime

from raincheck.store import live
from raincheck.store.db import one, row


def write_note(text: str, at: datetime, actor: str, *, order: int | None = None, customer: int | None = None) -> int:
    """Writes a note on an order or a customer; its id."""
    live.changed("desk", orders=[order] if order is not None else [])
    found = one(
        "INSERT INTO note (at, order_id, customer_id, actor, text) VALUES (%s, %s, %s, %s, %s) RETURNING id",
        [at, order, customer, actor, text],
    )
    return int(found[0])


def customer_id(code: str) -> int | None:
    """The customer with this code."""
    found = row("SELECT id FROM customer WHERE code = %s", [code])
    return None if found is None else int(found[0])
