"""The stock ledger: every movement is an entry, and the level is the sum of its entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import columns, one, row, rows, run


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that come to (positive) or leave (negative) a stock level."""

    stock_level: int
    on_hand_units: int
    kind: str
    unsellable_units: int = 0


def level_of(site: int, product: int) -> int:
    """The stock level of a product at a site; made empty where there is none. The product's book must be locked."""
    found = row("SELECT id FROM stock_level WHERE product_id = %s AND site_id = %s", [product, site]) or one(
        """INSERT INTO stock_level (site_id, product_id, on_hand, reserved, unsellable) VALUES (%s, %s, 0, 0, 0)
           RETURNING id""",
        [site, product],
    )
    return int(found[0])


def post(movements: Iterable[Movement], at: datetime, fact: int | None, reference: str) -> None:
    """Enters movements and moves the levels with them.

    A level that falls below what is reserved of it drags `reserved` down; the pass that follows every movement then
    takes the pegs from those who rank last and sets the figure right.
    """
    entries = [m for m in movements if m.on_hand_units or m.unsellable_units]
    if not entries:
        return
    levels, on_hand, unsellable, kinds = columns(
        [(m.stock_level, m.on_hand_units, m.unsellable_units, m.kind) for m in entries], 4
    )
    run(
        """INSERT INTO stock_entry (at, stock_level_id, on_hand_units, unsellable_units, kind, reference, fact_id)
           SELECT %s, level, on_hand, unsellable, kind, %s, %s
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[]) AS v (level, on_hand, unsellable, kind)""",
        [at, reference, fact, levels, on_hand, unsellable, kinds],
    )
    run(
        """UPDATE stock_level s SET on_hand = s.on_hand + v.on_hand, unsellable = s.unsellable + v.unsellable,
                  reserved = least(s.reserved, s.on_hand + v.on_hand)
           FROM (SELECT level, sum(on_hand) AS on_hand, sum(unsellable) AS unsellable
                 FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS u (level, on_hand, unsellable)
                 GROUP BY level) v
           WHERE s.id = v.level""",
        [levels, on_hand, unsellable],
    )


def levels_at(site: int, products: list[int]) -> dict[int, tuple[int, int]]:
    """Stock levels of products at a site, made empty where there are none: product -> (level, units on hand)."""
    run(
        """INSERT INTO stock_level (site_id, product_id, on_hand, reserved, unsellable)
           SELECT %s, product, 0, 0, 0 FROM unnest(%s::bigint[]) AS v (product)
           ON CONFLICT (product_id, site_id) DO NOTHING""",
        [site, products],
    )
    found = rows(
        "SELECT product_id, id, on_hand FROM stock_level WHERE site_id = %s AND product_id = ANY(%s)", [site, products]
    )
    return {product: (level, on_hand) for product, level, on_hand in found}
