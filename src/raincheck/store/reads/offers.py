"""Offers of substitutes on an order: those that stand, and what became of earlier ones."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class OfferView:
    """`units` of `sku` could be had as `instead`, at `unit_price` (the price agreed for the line), until `expires_at`.

    `state`: open, taken, declined, expired or withdrawn.
    """

    line_id: int
    sku: str
    instead: str
    instead_name: str
    units: int
    unit_price: Decimal
    offered_at: datetime
    expires_at: datetime
    state: str
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can be taken."""
        return self.state == "open"


def offers_of(order_ref: str) -> list[OfferView]:
    """The offers made for an order's lines, the newest first."""
    return named_rows(
        OfferView,
        """SELECT f.line_id, p.sku, i.sku AS instead, coalesce(nullif(i.name, ''), i.sku) AS instead_name, f.units,
                  l.unit_price, f.offered_at, f.expires_at, f.ended_at,
                  CASE WHEN f.state = 'open' AND l.reserved + l.backordered + l.preordered = 0 THEN 'withdrawn'
                       ELSE f.state END AS state
           FROM substitute_offer f JOIN order_line l ON l.id = f.line_id JOIN product p ON p.id = l.product_id
           JOIN product i ON i.id = f.instead_id JOIN sales_order o ON o.id = l.order_id
           WHERE o.ref = %(ref)s ORDER BY f.id DESC""",
        {"ref": order_ref},
    )
