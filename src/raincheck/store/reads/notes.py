"""The notes of the house on an order and its customer, the latest first."""

from dataclasses import dataclass
from datetime import datetime

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `ref` is the order that it is about; empty: the customer."""

    id: int
    at: datetime
    actor: str
    text: str
    ref: str


def notes_for(order: int) -> list[NoteView]:
    """What was written about an order, and about its customer."""
    return named_rows(
        NoteView,
        """SELECT n.id, n.at, n.actor, n.text, o.ref FROM note n JOIN sales_order o ON o.id = n.order_id
           WHERE n.order_id = %(order)s
           UNION ALL
           SELECT n.id, n.at, n.actor, n.text, '' FROM note n
           WHERE n.customer_id = (SELECT customer_id FROM sales_order WHERE id = %(order)s)
           ORDER BY id DESC LIMIT 50""",
        {"order": order},
    )


def notes_of_customer(customer: int) -> list[NoteView]:
    """What was written about a customer, and about their orders."""
    return named_rows(
        NoteView,
        """SELECT n.id, n.at, n.actor, n.text, '' AS ref FROM note n WHERE n.customer_id = %(customer)s
           UNION ALL
           SELECT n.id, n.at, n.actor, n.text, o.ref FROM note n JOIN sales_order o ON o.id = n.order_id
           WHERE o.customer_id = %(customer)s
           ORDER BY id DESC LIMIT 50""",
        {"customer": customer},
    )
