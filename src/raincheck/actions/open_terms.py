"""What open lines would have under other rules: resolved as at placing, with what the customer chose then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from raincheck.actions.terms import Buyer, Terms, terms_of
from raincheck.core.policy import Rule, releases_allowed
from raincheck.core.settings import Settings
from raincheck.store.catalogue import ProductTerms
from raincheck.store.open_lines import OpenLine, releases_used

MIGRATED: Final = (
    "ship", "backorders", "backorder_limit", "latest_days", "replenish", "minimum_shipment", "merge_hours",
)  # fmt: skip
"""The settings that migrating changes. When an order is charged stays as it was placed: money has moved by it."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """An open line and the terms that it would have. `differs` names the settings whose value changes."""

    line: OpenLine
    terms: Terms
    differs: tuple[str, ...]

    @property
    def policy(self) -> dict[str, Any]:
        """The trace to store: today's, but for what migrating leaves alone."""
        kept = {name: trace for name, trace in self.line.policy.items() if name not in MIGRATED}
        return {**self.terms.trace, **kept}


class Resolver:
    """Resolves the terms of many lines; those that look the same to the rules share one answer."""

    def __init__(self, settings: Settings, rules: tuple[Rule, ...]) -> None:
        self._settings, self._rules = settings, rules
        asked = {level for rule in rules for level in rule.when}
        self._by_product, self._by_category = "product" in asked, "category" in asked
        self._by_customer, self._by_channel = "customer" in asked, "channel" in asked
        self._known: dict[tuple[object, ...], Terms] = {}

    def terms(self, product: ProductTerms, customer: str, tier: str, channel: str, chosen_ship: str | None) -> Terms:
        """The terms of one line."""
        key = (
            product.sku if self._by_product else None,
            product.category if self._by_category else None,
            product.backorder,
            product.backorder_limit,
            customer if self._by_customer else None,
            tier,
            channel if self._by_channel else None,
            chosen_ship,
        )
        found = self._known.get(key)
        if found is None:
            buyer = Buyer(customer or None, tier, channel)
            found = self._known[key] = terms_of(self._settings, self._rules, product, buyer, chosen_ship)
        return found


def new_terms(resolver: Resolver, lines: Iterable[OpenLine], products: Mapping[str, ProductTerms]) -> list[NewTerms]:
    """What differs for open lines; lines for which nothing does are left out.

    An order that has had as many shipments as it would be allowed keeps how it ships.
    """
    found: list[NewTerms] = []
    compared: dict[tuple[int, int], tuple[str, ...]] = {}
    for line in lines:
        terms = resolver.terms(products[line.sku], line.customer, line.tier, line.channel, line.chosen_ship)
        pair = (id(line.policy), id(terms))  # Many lines share both.
        if pair not in compared:
            compared[pair] = _differing(line, terms)
        if compared[pair]:
            found.append(NewTerms(line, terms, compared[pair]))
    counted = [new for new in found if releases_allowed(new.terms.ship) is not None and "ship" in new.differs]
    if not counted:
        return found
    used = releases_used({new.line.order for new in counted})
    most_used: dict[int, int] = {}
    for (order, _), number in used.items():
        most_used[order] = max(most_used.get(order, 0), number)
    spent = {
        new.line.id for new in counted if most_used.get(new.line.order, 0) >= (releases_allowed(new.terms.ship) or 0)
    }
    return [new for new in found if new.line.id not in spent]


def _differing(line: OpenLine, terms: Terms) -> tuple[str, ...]:
    stored, now = line.policy, terms.trace
    return tuple(name for name in MIGRATED if stored.get(name, {}).get("value") != now[name]["value"])
