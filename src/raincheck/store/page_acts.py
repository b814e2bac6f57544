"""The forms of customers' pages that were sent, so that none has its effect twice."""

from datetime import datetime

from raincheck.store.db import run


def take_form(order: int, once: str, verb: str, at: datetime) -> bool:
    """Notes that a form is sent; False if it was before. Whoever sends it at the same time waits for the first."""
    return (
        run(
            """INSERT INTO page_act (order_id, once, verb, at) VALUES (%s, %s, %s, %s)
               ON CONFLICT (order_id, once) DO NOTHING""",
            [order, once, verb, at],
        )
        > 0
    )
