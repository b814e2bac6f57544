"""How much of an inbound may be promised to backorders: the company's share, or a rule's for a product or category.

A share belongs to supply, not to an order: it is resolved anew at each pass, by the rules in force.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import floor

from raincheck.core.policy import Rule, resolve
from raincheck.core.settings import Settings
from raincheck.store.company import parsed_rules
from raincheck.store.db import one, rows


def promisable(settings: Settings, shares: Mapping[int, Decimal], product: int, owed: int) -> int:
    """How many units of an inbound line the company promises."""
    return floor(owed * shares.get(product, settings.inbound_share))


def shares_of(
    settings: Settings, rules: tuple[Rule, ...], products: Iterable[tuple[int, str, str]]
) -> dict[int, Decimal]:
    """The share of each product (row, SKU, category) for which a rule says something."""
    speaking = [rule for rule in rules if "inbound_share" in rule.then]
    if not speaking:
        return {}
    return {id_: share_of(settings, speaking, sku, category) for id_, sku, category in products}


def share_of(settings: Settings, rules: Iterable[Rule], sku: str, category: str) -> Decimal:
    """The share that wins for a product."""
    line = {"product": sku, "category": category or None}
    return Decimal(resolve("inbound_share", settings.inbound_share, rules, line).value)


def read_shares(
    settings: Settings, products: Iterable[int], rules: tuple[Rule, ...] | None = None
) -> dict[int, Decimal]:
    """As `shares_of`, by the rules in force or by others."""
    if rules is None:
        (found,) = one(
            """SELECT json_agg(json_build_array(id, "when", "then") ORDER BY id)::text FROM policy_rule
               WHERE ended_at IS NULL AND "then" ? 'inbound_share'"""
        )
        rules = parsed_rules(found or "[]")
    if not rules:
        return {}
    named = rows("SELECT id, sku, category FROM product WHERE id = ANY(%s)", [list(products)])
    return shares_of(settings, rules, named)
