"""The terms of an order line: which policies win for it, at which price, at which rank (contract, section 4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from raincheck.core.errors import Malformed, Refused
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
    latest_days: int | None
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
    latest_days = resolve("latest_days", settings.latest_days, rules, line)
    replenish = resolve("replenish", settings.replenish, rules, line)
    trace = {
        "ship": ship.trace(),
        "backorders": backorders.trace(),
        "backorder_limit": limit.trace(),
        "charge": charge.trace(),
        "latest_days": latest_days.trace(),
        "replenish": replenish.trace(),
    }
    return Terms(str(ship.value), str(backorders.value), limit.value, str(charge.value), latest_days.value, trace)


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


def refuse_what_is_not_there_yet(ref: str, product: ProductTerms, terms: Terms) -> None:
    """Raises Refused for kits and for shipping in up to N parcels, and Malformed for a shipping policy nobody knows."""
    if product.is_kit:
        raise Refused(f"order {ref!r}, product {product.sku!r} is a kit: selling kits is not there yet")
    if terms.ship.startswith("up_to:"):
        raise Refused(f"order {ref!r}, product {product.sku!r}: shipping in up to N parcels is not there yet")
    if terms.ship not in ("available", "complete"):
        raise Malformed(f"order {ref!r}: ship must be available or complete, not {terms.ship!r}")
