"""What a customer has of an order and what it cost them, and that it costs them less."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from raincheck.store.db import columns, rows, run


@dataclass(frozen=True, slots=True)
class Kept:
    """Goods of a line that were shipped and not returned; `worth` is what they cost, less what was taken off."""

    line: int
    worth: Decimal


def kept_goods(order: int) -> list[Kept]:
    """The lines of an order of which the customer has goods, the dearest first."""
    found = rows(
        """SELECT id, (shipped - returned) * unit_price - price_cut FROM order_line
           WHERE order_id = %s AND shipped > returned ORDER BY 2 DESC, id""",
        [order],
    )
    return [Kept(line, worth) for line, worth in found]


def cut_prices(cuts: Sequence[tuple[int, Decimal]]) -> None:
    """Takes amounts off what the kept goods of lines cost."""
    if cuts:
        run(
            """UPDATE order_line l SET price_cut = l.price_cut + v.cut
               FROM unnest(%s::bigint[], %s::numeric[]) AS v (line, cut) WHERE l.id = v.line""",
            columns(cuts, 2),
        )
