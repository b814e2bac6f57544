"""What rebalances and persons gave and still stands: for an order's and a product's page."""

from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import rows


@dataclass(frozen=True, slots=True)
class GivenView:
    """Units of a line that a fact gave. `verb` is the fact's; `place` is the line's place since a rebalance, or 3."""

    order_ref: str
    sku: str
    name: str
    units: int
    verb: str
    actor: str
    reason: str
    at: datetime
    place: int


_GIVEN = """
    SELECT o.ref, p.sku, p.name, coalesce(g.units, 0)::bigint, f.verb, f.actor, coalesce(f.detail ->> 'reason', ''),
           f.at, c.place
    FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN order_line l ON l.id = c.line_id
    JOIN product p ON p.id = l.product_id
    LEFT JOIN (SELECT line_id, claim_id, given_by_id, sum(units) AS units FROM peg
               WHERE given_by_id IS NOT NULL GROUP BY line_id, claim_id, given_by_id) g
        ON g.line_id = c.line_id AND g.claim_id = c.id
    JOIN fact f ON f.id = coalesce(g.given_by_id, c.place_by_id)
    WHERE c.units > 0 AND """


def given_to_order(order: int) -> list[GivenView]:
    """What an order's lines were given, or which place they have, by line."""
    return [GivenView(*values) for values in rows(_GIVEN + "c.order_id = %s ORDER BY p.sku, f.id, c.id", [order])]


def given_of_product(product: int) -> list[GivenView]:
    """What lines were given of a product, by order."""
    return [GivenView(*values) for values in rows(_GIVEN + "c.product_id = %s ORDER BY o.ref, f.id, c.id", [product])]
