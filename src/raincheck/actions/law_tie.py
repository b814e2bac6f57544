"""A cancel at the very instant at which the goods went: no order of events says who was first, so a person decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from raincheck.core.errors import Refused
from raincheck.store import tasks
from raincheck.store.db import row


@contextmanager
def left_to_a_person(ref: str, at: datetime | None) -> Iterator[None]:
    """Where a cancel is refused because its order left at the same instant, a person gets to decide (rule `tie`)."""
    try:
        yield
    except Refused:
        if at is not None:
            _open_task(ref, at)
        raise


def _open_task(ref: str, at: datetime) -> None:
    with transaction.atomic():
        found = row(
            """SELECT o.id FROM sales_order o WHERE o.ref = %s AND EXISTS (
                   SELECT 1 FROM order_line l JOIN law_clock k ON k.line_id = l.id
                   JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
                   JOIN shipment s ON s.id = sl.shipment_id WHERE l.order_id = o.id AND s.shipped_at = %s)""",
            [ref, at],
        )
        if found is not None:
            text = f"{ref} was cancelled at the very instant at which it shipped: decide, and call the customer"
            tasks.open_for_order("law", int(found[0]), text, at)
