"""The terms of an order line: which policies win for it, at which price, at which rank (contract, section 4)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from raincheck.core.errors import Malformed
from raincheck.core.policy import Rule, resolve
from raincheck.core.settings import Settings
from raincheck.store.catalogue import ProductTerms

SHIP: Final = re.compile(r"available|complete|up_to:(1000|[1-9][0-9]{0,2})")


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
    minimum_units: int = 0
    minimum_value: Decimal = Decimal(0)
    merge_hours: int = 0

    @property
    def has_parcel_terms(self) -> bool:
        """Whether units do not simply go as they come, or whole: their parcels are planned (core.parcels)."""
        counted = self.ship.startswith("up_to:")
        return bool(counted or self.minimum_units or self.minimum_value or self.merge_hours)


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
    company_minimum = {"units": settings.minimum_shipment_units, "value": str(settings.minimum_shipment_value)}
    minimum = resolve("minimum_shipment", company_minimum, rules, line)
    merge_hours = resolve("merge_hours", settings.merge_hours, rules, line)
    trace = {
        "ship": ship.trace(),
        "backorders": backorders.trace(),
        "backorder_limit": limit.trace(),
        "charge": charge.trace(),
        "latest_days": latest_days.trace(),
        "replenish": replenish.trace(),
        "minimum_shipment": minimum.trace(),
        "merge_hours": merge_hours.trace(),
    }
    return Terms(
        str(ship.value),
        str(backorders.value),
        limit.value,
        str(charge.value),
        latest_days.value,
        trace,
        int(minimum.value["units"]),
        Decimal(minimum.value["value"]),
        int(merge_hours.value),
    )


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One product that is asked for. Without a price the product's own holds; without a `seller` (a code) its own."""

    sku: str
    units: int
    unit_price: Decimal | None = None
    seller: str = ""


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order or a quote as it is asked for. `lines` name each product once. `ship` is the customer's own choice.

    `seller_credit`: the buyer applied to the seller for credit with it, which a law may count (16 CFR 435.2(a)(1)).
    `shipping_fee` and `tax` are of the whole order; `card` is the processor's token of the card that pays. `sold_by` is
    the person of the house who sold it; it is no part of what is asked for.
    """

    ref: str
    lines: tuple[AskedLine, ...]
    customer: str | None = None
    channel: str = ""
    country: str = ""
    postcode: str = ""
    ship: str | None = None
    wanted_on: date | None = None
    seller_credit: bool = False
    shipping_fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    card: str = ""
    sold_by: str = ""

    @property
    def is_paid_specially(self) -> bool:
        """Whether it pays more than its goods, or by card."""
        return bool(self.shipping_fee or self.tax or self.card)

    @property
    def has_law_terms(self) -> bool:
        """Whether it says something that only a law asks for."""
        return self.seller_credit or any(line.seller for line in self.lines)


def check_ship(ref: str, ship: str) -> None:
    """Raises Malformed for a shipping policy nobody knows."""
    if not SHIP.fullmatch(ship):
        raise Malformed(f"order {ref!r}: ship must be available, complete or up_to:N (N from 1 to 1000), not {ship!r}")
