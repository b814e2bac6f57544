"""Who comes first: the rank of a claim and the score in it (contract, "The pass", step 1 and "Score")."""

from datetime import date, datetime
from decimal import Decimal

from raincheck.core.settings import Weights

Rank = tuple[int, Decimal, datetime, str, str]
"""(rebalance place, minus score, time of joining, order ref, SKU): smaller is served first, and no two are equal."""

UNTOUCHED_PLACE = 3
"""The place of a claim that no rebalance touched, among win 0, gain 1, improve 2, redistribute 3, fill 4, lose 5."""

TIER_VALUE = {"gold": 2, "silver": 1}
CRITICALITY_VALUE = {"A": 2, "B": 1}
_EPOCH = date(1970, 1, 1)


def score_of(
    weights: Weights,
    tier: str,
    criticality: str,
    order_value: Decimal,
    joined_on: date,
    wanted_on: date | None,
) -> Decimal:
    """Sum of weight x value, fixed when the units join. Linear in time, so waiting alone reorders nobody."""
    wanted = wanted_on.toordinal() if wanted_on else joined_on.toordinal() + 365
    epoch = _EPOCH.toordinal()
    return (
        weights.tier * TIER_VALUE.get(tier, 0)
        + weights.criticality * CRITICALITY_VALUE.get(criticality, 0)
        + weights.value * order_value / 100
        - weights.age * (joined_on.toordinal() - epoch)
        - weights.urgency * (wanted - epoch)
    )
