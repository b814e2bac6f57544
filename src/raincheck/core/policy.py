"""Which rule wins (contract, section 4): each setting is resolved by itself, for each order line.

The customer's own choice > product > customer > category > tier > channel > site > the company's default. A rule with
several conditions stands at the level of its most specific one, above rules with fewer conditions there. Between
rules still equal the stricter wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from raincheck.core.money import share_in_advance

LEVELS = ("product", "customer", "category", "tier", "channel", "site")
"""The conditions of a rule, the most specific first."""

LIMITS = ("backorder_limit", "latest_days")
"""Settings that are an upper limit; None is no limit."""

SUPPLY_LEVELS = ("product", "category")
"""What a rule about supply (`inbound_share`) may ask: an inbound has no customer yet."""

_LOOSEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` names what a line must be (level -> value); `then` names what holds for it (setting -> value)."""

    id: str
    when: Mapping[str, str]
    then: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One voice on a setting: its value, where it comes from, its standing (smaller wins), and what it asks."""

    value: Any
    source: str
    standing: tuple[int, int]
    when: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """The level at which it stands: order, one of LEVELS, everybody (a rule that asks nothing) or company."""
        place, _ = self.standing
        return "order" if place < 0 else (*LEVELS, "everybody", "company")[place]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The voice that won, and those that lost to it, in order."""

    winner: Candidate
    lost: tuple[Candidate, ...] = field(default=())

    @property
    def value(self) -> Any:
        """What holds."""
        return self.winner.value

    @property
    def source(self) -> str:
        """Where it comes from."""
        return self.winner.source

    def why_lost(self, loser: Candidate) -> str:
        """`less_specific`, `fewer_conditions`, `less_strict`, or `same` where it says what the winner says."""
        (place, conditions), (its_place, its_conditions) = self.winner.standing, loser.standing
        if its_place != place:
            return "less_specific"
        if its_conditions != conditions:
            return "fewer_conditions"
        return "same" if loser.value == self.winner.value else "less_strict"

    def trace(self) -> dict[str, Any]:
        """What an order line stores: the winner, and the losers with why they lost; what rules asked for."""
        lost = [{**_said(loser), "why": self.why_lost(loser)} for loser in self.lost]
        return {**_said(self.winner), "lost": lost}


def _said(candidate: Candidate) -> dict[str, Any]:
    said = {"value": candidate.value, "from": candidate.source}
    return {**said, "when": dict(candidate.when)} if candidate.when else said


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
            candidates.append(Candidate(rule.then[setting], f"rule {rule.id}", (level, -len(rule.when)), rule.when))
    candidates.sort(key=lambda candidate: (candidate.standing, strictness(setting, candidate.value), candidate.source))
    winner, *losers = candidates
    return Resolved(winner, tuple(losers))


def strictness(setting: str, value: Any) -> int:
    """Smaller is stricter: complete, up_to with fewer shipments, available; deny, allow; the lower limit or share.

    A minimum shipment of more units (then of more value) and a longer merge window are stricter: fewer parcels go.

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
        return int(share_in_advance(value) * _LOOSEST)
    if setting in LIMITS:
        return _LOOSEST if value is None else int(value)
    if setting == "inbound_share":
        return int(Decimal(value) * _LOOSEST)
    if setting == "minimum_shipment":
        return -(int(value["units"]) * _LOOSEST**2 + int(Decimal(value["value"]) * 10_000))
    if setting == "merge_hours":
        return -int(value)
    return 0


def releases_allowed(ship: str) -> int | None:
    """The most releases to the carrier that a shipping policy allows; None where it does not count them.

    >>> releases_allowed("up_to:2"), releases_allowed("complete")
    (2, None)
    """
    return int(ship.removeprefix("up_to:")) if ship.startswith("up_to:") else None
