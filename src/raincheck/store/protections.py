"""Units that are kept for a tier (contract, "The pass", step 4, and `protect`), as rows."""

from collections.abc import Sequence
from datetime import datetime

from raincheck.core.book import Protection
from raincheck.store.db import columns, rows, run

TIER_OF_ORDER = "coalesce(nullif(u.tier, ''), 'standard')"
"""The tier of an order whose customer, if any, is joined as u: a customer without one is standard."""


def read_protections(products: Sequence[int]) -> tuple[Protection, ...]:
    """What is left of the protections of some products, by product and tier.

    Units that have shipped to the tier since are used up, and so are those that are in a parcel for it. Units that
    were given to it count as its own in the decision (core.given).
    """
    found = rows(
        f"""SELECT p.product_id, p.tier, (p.units - p.shipped_units - coalesce((
                   SELECT sum(g.units) FROM peg g JOIN claim c ON c.id = g.claim_id
                   JOIN sales_order o ON o.id = c.order_id
                   LEFT JOIN customer u ON u.id = o.customer_id
                   WHERE g.product_id = p.product_id AND {TIER_OF_ORDER} = p.tier
                         AND g.shipment_line_id IS NOT NULL), 0))::bigint
            FROM protection p WHERE p.product_id = ANY(%s) AND p.ended_at IS NULL ORDER BY p.product_id, p.tier""",  # noqa: S608
        [list(products)],
    )
    return tuple(Protection(product, tier, units) for product, tier, units in found if units > 0)


def protect(product: int, tier: str, units: int, at: datetime) -> None:
    """Ends the protection that a product has for a tier and, unless it is of 0 units, begins another."""
    run(
        "UPDATE protection SET ended_at = %s WHERE product_id = %s AND tier = %s AND ended_at IS NULL",
        [at, product, tier],
    )
    if units:
        run(
            "INSERT INTO protection (product_id, tier, units, shipped_units, set_at) VALUES (%s, %s, %s, 0, %s)",
            [product, tier, units, at],
        )


def count_shipped(products: Sequence[int], units_by_claim: Sequence[tuple[int, int]]) -> None:
    """Notes units (claim, units) of some products that have shipped: for a protected tier they use it up."""
    if not rows("SELECT 1 FROM protection WHERE product_id = ANY(%s) AND ended_at IS NULL LIMIT 1", [list(products)]):
        return
    claims, units = columns(units_by_claim, 2)
    run(
        f"""UPDATE protection p SET shipped_units = p.shipped_units + v.units
            FROM (SELECT c.product_id, {TIER_OF_ORDER} AS tier, sum(x.units)::bigint AS units
                  FROM unnest(%s::bigint[], %s::bigint[]) AS x (claim, units)
                  JOIN claim c ON c.id = x.claim JOIN sales_order o ON o.id = c.order_id
                  LEFT JOIN customer u ON u.id = o.customer_id GROUP BY 1, 2) v
            WHERE p.product_id = v.product_id AND p.tier = v.tier AND p.ended_at IS NULL""",  # noqa: S608
        [claims, units],
    )
