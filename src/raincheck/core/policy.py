"""Which rule wins (contract, section 4): each setting is resolved by itself, for each order line.

The customer's own choice > product > customer > category > tier > channel > site > the company's default. A rule with
several conditions stands at the level of its most specific one, above rules with fewer conditions there. Between
rules still equal the stricter wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LEVELS = ("product", "customer", "category", "tier", "channel", "site")
"""The conditions of a rule, the most specific first."""

LIMITS = ("backorder_limit", "latest_days")
"""Settings that are an upper limit; None is no limit."""

_LOOSEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` names what a line must be (level -> value); `then` names what holds for it (setting -> value)."""

    id: str
    when: Mapping[str, str]
    then: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One voice on a setting: its value, where it comes from, and its standing (smaller wins)."""

    value: Any
    source: str
    standing: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value that won, where it came from, and what lost to it, in order."""

    value: Any
    source: str
    lost: tuple[Candidate, ...] = field(default=())

    def trace(self) -> dict[str, Any]:
        """What an order line stores: the winner and the losers, with their sources."""
        return {
            "value": self.value,
            "from": self.source,
            "lost": [{"value": candidate.value, "from": candidate.source} for candidate in self.lost],
        }


def resolve(
    setting: str,
    default: Any,
    rules: Iterable[Rule],
    line: Mapping[str, str | None],
    *,
    product_value: Any = None,
    chosen: Any = None,
) -> Resolved:
    """Resolves one setting for a line, described by its levels (`{"product": sku, "customer": ref, …}`)."""
    candidates = [Candidate(default, "company", (len(LEVELS) + 1, 0))]
    if chosen is not None:
        candidates.append(Candidate(chosen, "order", (-1, 0)))
    if product_value is not None:
        candidates.append(Candidate(product_value, "product", (0, -1)))
    for rule in rules:
        if setting in rule.then and all(line.get(level) == value for level, value in rule.when.items()):
            level = min((LEVELS.index(name) for name in rule.when), default=len(LEVELS))
            candidates.append(Candidate(rule.then[setting], f"rule {rule.id}", (level, -len(rule.when))))
    candidates.sort(key=lambda candidate: (candidate.standing, strictness(setting, candidate.value), candidate.source))
    winner, *losers = candidates
    return Resolved(winner.value, winner.source, tuple(losers))


def strictness(setting: str, value: Any) -> int:
    """Smaller is stricter: complete, up_to with fewer shipments, available; deny, allow; the lower limit.

    Settings of which no value is stricter than another tie at 0.

    >>> strictness("ship", "complete") < strictness("ship", "up_to:2") < strictness("ship", "available")
    True
    """
    if setting == "ship":
        if value == "complete":
            return 0
        return int(value.removeprefix("up_to:")) if value.startswith("up_to:") else _LOOSEST
    if setting == "backorders":
        return 0 if value == "deny" else 1
    if setting == "charge":
        return 0 if value == "shipment" else 1
    if setting in LIMITS:
        return _LOOSEST if value is None else int(value)
    return 0
