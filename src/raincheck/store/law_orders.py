"""What a law has to know of an order besides its lines."""

from collections.abc import Iterable

from raincheck.store.db import rows, run


def note_seller_credit(order: int) -> None:
    """The buyer applied to the seller for credit with the order (rule `seller_credit`)."""
    run(
        """INSERT INTO law_order (order_id, seller_credit, is_essential) VALUES (%s, true, false)
           ON CONFLICT (order_id) DO UPDATE SET seller_credit = true""",
        [order],
    )


def note_essential(order: int) -> None:
    """The day of delivery was essential to the buyer (rule `fitting_period`)."""
    run(
        """INSERT INTO law_order (order_id, seller_credit, is_essential) VALUES (%s, false, true)
           ON CONFLICT (order_id) DO UPDATE SET is_essential = true""",
        [order],
    )


def lines_on_seller_credit(lines: Iterable[int]) -> set[int]:
    """Those of some lines whose order came with an application for the seller's credit."""
    found = rows(
        """SELECT l.id FROM order_line l JOIN law_order o ON o.order_id = l.order_id
           WHERE l.id = ANY(%s) AND o.seller_credit""",
        [list(lines)],
    )
    return {line for (line,) in found}
