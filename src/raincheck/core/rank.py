"""Who comes first: the rank of a claim and the score in it (contract, "The pass", step 1 and "Score")."""

from datetime import date, datetime
from decimal import Decimal, localcontext

from raincheck.core.settings import Weights

Rank = tuple[int, Decimal, datetime, str, str]
"""(rebalance place, minus score, time of joining, order ref, SKU): smaller is served first, and no two are equal."""

UNTOUCHED_PLACE = 3
"""The place of a claim that no rebalance touched, among win 0, gain 1, improve 2, redistribute 3, fill 4, lose 5."""

TIER_VALUE = {"gold": 2, "silver": 1}
CRITICALITY_VALUE = {"A": 2, "B": 1}
DAYS_WITHOUT_WANTED_DAY = 365
"""What counts as wanted so many days after joining when no day was named."""

_EPOCH = date(1970, 1, 1)
_UNWEIGHTED = Weights()
_STORED = Decimal("0.000001")
_PRECISION = 60


def score_of(
    weights: Weights,
    tier: str,
    criticality: str,
    order_value: Decimal,
    joined_on: date,
    wanted_on: date | None,
) -> Decimal:
    """Sum of weight x value, fixed when the units join, to six decimal places, as it is stored.

    Linear in time, so waiting alone reorders nobody, yet with a weight on age whoever joins late enough comes after.
    """
    if weights == _UNWEIGHTED:
        return Decimal(0)
    wanted = wanted_on.toordinal() if wanted_on else joined_on.toordinal() + DAYS_WITHOUT_WANTED_DAY
    epoch = _EPOCH.toordinal()
    with localcontext(prec=_PRECISION):
        score = (
            weights.tier * TIER_VALUE.get(tier, 0)
            + weights.criticality * CRITICALITY_VALUE.get(criticality, 0)
            + weights.value * order_value / 100
            - weights.age * (joined_on.toordinal() - epoch)
            - weights.urgency * (wanted - epoch)
        )
        return score.quantize(_STORED)
