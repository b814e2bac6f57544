"""How many wait for a product: for planners, and as a record of demand that found no stock."""

from dataclasses import dataclass

from raincheck.store.interest import Interest, by_token
from raincheck.store.reads.named import first_named

__all__ = ["Interest", "WaitingFor", "interest_of", "waiting_for"]

interest_of = by_token
"""The interest that a link is about, or None."""


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """Who wait for a product and want to hear when it is back; `told` were told so far."""

    sku: str
    people: int
    units: int
    told: int


def waiting_for(sku: str) -> WaitingFor | None:
    """The figures of a product, or None where it does not exist. One query."""
    return first_named(
        WaitingFor,
        """SELECT p.sku, count(i.id) FILTER (WHERE i.state = 'waiting') AS people,
                  coalesce(sum(i.units) FILTER (WHERE i.state = 'waiting'), 0)::bigint AS units,
                  count(i.id) FILTER (WHERE i.told_at IS NOT NULL) AS told
           FROM product p LEFT JOIN product_interest i ON i.product_id = p.id
           WHERE p.sku = %(sku)s GROUP BY p.sku""",
        {"sku": sku},
    )
