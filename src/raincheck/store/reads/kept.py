"""Units that are kept for other tiers than a buyer's, where anything is protected at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from raincheck.core.allocate import protected_units
from raincheck.store.db import rows
from raincheck.store.locks import Locked, closure_of
from raincheck.store.reads.named import named_rows
from raincheck.store.snapshot import load


@dataclass(frozen=True, slots=True)
class Kept:
    """Units kept for others: of stock, by SKU; of inbound, by inbound line."""

    stock: Mapping[str, int] = field(default_factory=dict)
    inbound: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProtectionView:
    """A protection in force: `left` of its `units` have not shipped to the tier."""

    tier: str
    units: int
    left: int


def protections_of(product: int) -> list[ProtectionView]:
    """The protections of a product that are in force, gold first."""
    return named_rows(
        ProtectionView,
        """SELECT tier, units, greatest(units - shipped_units, 0) AS "left" FROM protection
           WHERE product_id = %(product)s AND ended_at IS NULL
           ORDER BY array_position(ARRAY['gold', 'silver', 'standard'], tier::text)""",
        {"product": product},
    )


def kept_for_others(skus: Sequence[str], tier: str, at: datetime) -> Kept:
    """What of these products is kept for other tiers and not drawn. Locks nothing; reads those products' books."""
    protected = dict(
        rows(
            """SELECT DISTINCT p.id, p.sku FROM protection r JOIN product p ON p.id = r.product_id
               WHERE r.ended_at IS NULL AND r.tier <> %s AND p.sku = ANY(%s)""",
            [tier, list(skus)],
        )
    )
    if not protected:
        return Kept()
    book = load(Locked(tuple(sorted(closure_of(set(protected)))), at)).facts.book
    supplies = {supply.key: supply for supply in book.supplies}
    stock: dict[str, int] = {}
    inbound: dict[int, int] = {}
    for key, by_tier in protected_units(book).items():
        supply = supplies[key]
        units = sum(units for other, units in by_tier.items() if other != tier)
        if not supply.is_stock:
            inbound[supply.id] = units
        elif supply.product in protected:
            sku = protected[supply.product]
            stock[sku] = stock.get(sku, 0) + units
    return Kept(stock, inbound)
