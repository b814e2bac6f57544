"""Which rule wins for an order that nobody has placed yet: of each setting the winner, the losers, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from raincheck.actions.terms import Buyer, check_ship, terms_of
from raincheck.core.policy import resolve
from raincheck.store.catalogue import find_customer, find_products
from raincheck.store.company import read_company


@dataclass(frozen=True, slots=True)
class Resolution:
    """What holds for a line of a product: setting -> {"value", "from", "lost": [{"value", "from", "why"}]}."""

    sku: str
    settings: dict[str, dict[str, Any]]


def which_rules(
    skus: Iterable[str], customer: str = "", tier: str = "", channel: str = "", ship: str | None = None
) -> list[Resolution]:
    """Resolves every setting for an order of these products. A customer's own tier stands before the one given.

    Raises NotFound for a product or a customer that does not exist, Malformed for a shipping policy nobody knows.
    """
    if ship:
        check_ship("asked", ship)
    settings, rules = read_company()
    known = find_customer(customer) if customer else None
    buyer = Buyer(customer or None, known.tier if known else tier, channel)
    found: list[Resolution] = []
    for sku, product in find_products(dict.fromkeys(skus)).items():
        line = {"product": sku, "category": product.category or None}
        share = resolve("inbound_share", str(settings.inbound_share), rules, line)
        trace = terms_of(settings, rules, product, buyer, ship or None).trace
        found.append(Resolution(sku, {**trace, "inbound_share": share.trace()}))
    return found
