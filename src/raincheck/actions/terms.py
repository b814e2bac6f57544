"""The terms of an order line: which policies win for it, at which price, at which rank (contract, section 4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from raincheck.core.policy import Rule, resolve
from raincheck.core.settings import Settings
from raincheck.store.catalogue import ProductTerms


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who asks: what policies may look at."""

    customer: str | None
    tier: str
    channel: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What won for a line, and the trace of what lost."""

    ship: str
    backorders: str
    backorder_limit: int | None
    charge: str
    trace: dict[str, Any]


def terms_of(
    settings: Settings, rules: tuple[Rule, ...], product: ProductTerms, buyer: Buyer, chosen_ship: str | None
) -> Terms:
    """Resolves every setting of a line as of placing."""
    line = {
        "product": product.sku,
        "customer": buyer.customer,
        "category": product.category or None,
        "tier": buyer.tier or "standard",
        "channel": buyer.channel or None,
    }
    ship = resolve("ship", settings.ship, rules, line, chosen=chosen_ship)
    backorders = resolve("backorders", settings.backorders, rules, line, product_value=product.backorder or None)
    limit = resolve("backorder_limit", None, rules, line, product_value=product.backorder_limit)
    charge = resolve("charge", settings.charge, rules, line)
    trace = {
        "ship": ship.trace(),
        "backorders": backorders.trace(),
        "backorder_limit": limit.trace(),
        "charge": charge.trace(),
    }
    return Terms(str(ship.value), str(backorders.value), limit.value, str(charge.value), trace)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One product that is asked for. Without a price the product's own holds."""

    sku: str
    units: int
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order or a quote as it is asked for. `lines` name each product once. `ship` is the customer's own choice."""

    ref: str
    lines: tuple[AskedLine, ...]
    customer: str | None = None
    channel: str = ""
    country: str = ""
    postcode: str = ""
    ship: str | None = None
    wanted_on: date | None = None
