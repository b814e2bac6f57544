"""Change how a product is sold: its price, whether it may wait and how many, from when, and what a kit is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from raincheck.actions.catalogue import save_products
from raincheck.core.errors import Malformed
from raincheck.core.money import decimals_of
from raincheck.store.catalogue import find_products
from raincheck.store.company import read_settings
from raincheck.store.kits import decided_with
from raincheck.store.locks import lock_products
from raincheck.store.reads.records import read_products


@dataclass(frozen=True, slots=True)
class SellingTerms:
    """`backorder` and `criticality` are empty where the product has none of its own; `kit` maps parts to units."""

    price: Decimal | None = None
    backorder: str = ""
    backorder_limit: int | None = None
    available_from: date | None = None
    criticality: str = ""
    kit: Mapping[str, int] = field(default_factory=dict)


def change_selling_terms(sku: str, terms: SellingTerms, at: datetime | None = None, actor: str = "") -> bool:
    """Puts these terms in force for orders to come; False if they were so already.

    Open orders keep the terms and the kit's contents they were placed with; a day of sale counts for all. Raises
    NotFound for a product or part that does not exist, Malformed for a price the currency cannot be paid in, a kit of
    itself, of kits, or with stock or open orders of its own.
    """
    decimals = decimals_of(read_settings().currency)
    if terms.price is not None and terms.price != round(terms.price, decimals):
        raise Malformed(f"price {terms.price}: the currency has {decimals} decimals")
    if sku in terms.kit:
        raise Malformed(f"product {sku!r} cannot be a part of itself")
    with transaction.atomic():
        products = find_products([sku, *terms.kit])
        locked = lock_products(decided_with(products.values()), at)
        (record,) = read_products([sku])
        changed = replace(
            record,
            price=terms.price,
            backorder=terms.backorder,
            backorder_limit=terms.backorder_limit,
            available_from=terms.available_from,
            criticality=terms.criticality,
            kit=dict(terms.kit),
        )
        return changed != record and bool(save_products([changed], locked.at, actor))
