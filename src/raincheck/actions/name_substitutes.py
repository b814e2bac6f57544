"""Say which products may stand in for one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.core.errors import Malformed
from raincheck.store.catalogue import find_products
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.shop import set_substitutes

MOST_NAMED: Final = 50


def name_substitutes(sku: str, instead: Sequence[str], at: datetime | None = None, actor: str = "") -> None:
    """These products, and no others, are substitutes of `sku` by name; none takes all names away.

    The other way round is said by itself: a plain lamp may stand in for a brass one, though not the reverse. Raises
    NotFound for a product that does not exist, Malformed for the product itself, a kit, or too many.
    """
    wanted = list(dict.fromkeys(instead))
    if sku in wanted:
        raise Malformed(f"product {sku!r} cannot stand in for itself")
    if len(wanted) > MOST_NAMED:
        raise Malformed(f"product {sku!r}: at most {MOST_NAMED} substitutes can be named")
    products = find_products([sku, *wanted])
    for product in products.values():
        if product.is_kit:
            raise Malformed(f"product {product.sku!r} is a kit: kits have no substitutes and are none")
    with transaction.atomic():
        outbox = Outbox(at or database_now(), "substitutes_named", f"product:{sku}", actor, {"instead": wanted})
        if set_substitutes(products[sku].id, [products[one].id for one in wanted], outbox.at, actor):
            _ = outbox.fact
