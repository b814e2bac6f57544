"""Protect: keep units of a product for a tier (contract, "The pass", step 4, and `protect`)."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, NotFound
from raincheck.core.protect import TIERS
from raincheck.store import protections
from raincheck.store.catalogue import find_products
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox

MOST_UNITS = 1_000_000_000


def protect(sku: str, tier: str, units: int, at: datetime | None = None, actor: str = "") -> None:
    """Keeps so many units of a product for a tier, in place of what was kept for it before; 0 keeps none any more.

    Told days of others stay covered. Raises NotFound for an unknown product, Malformed for another tier or a quantity
    that makes no sense.
    """
    if tier not in TIERS:
        raise Malformed(f"tier must be one of {', '.join(TIERS)}, not {tier!r}")
    if not 0 <= units <= MOST_UNITS:
        raise Malformed(f"units must lie between 0 and {MOST_UNITS}, not {units}")
    with transaction.atomic():
        product = find_products([sku]).get(sku)
        if product is None:
            raise NotFound(f"product {sku!r} does not exist", "product", sku)
        locked = lock_products([product.id], at)
        outbox = Outbox(locked.at, "protected", f"product:{sku}", actor, {"tier": tier, "units": units})
        _ = outbox.fact
        protections.protect(product.id, tier, units, locked.at)
        run_pass(locked, outbox)
        outbox.flush()
