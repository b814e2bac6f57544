"""Scores: waiting alone reorders nobody, and with a weight on age nobody starves (contract, "Score")."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.core.laws.profile import law

from raincheck.core.rank import score_of
from raincheck.core.settings import Weights

some = st.decimals(0, 1000, places=3)
weights = st.builds(Weights, some, some, some, some, some)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
tiers = st.sampled_from(("gold", "silver", "standard", ""))
classes = st.sampled_from(("A", "B", "C", ""))
values = st.decimals(0, 10**9, places=4)


@law
@given(weights, days, st.integers(0, 5000), tiers, classes, values)
def test_who_joins_later_scores_less_by_the_days_between(
    weights: Weights, joined_on: date, later: int, tier: str, criticality: str, value: Decimal
) -> None:
    first = score_of(weights, tier, criticality, value, joined_on, None)
    second = score_of(weights, tier, criticality, value, joined_on + timedelta(days=later), None)
    assert first - second == (weights.age + weights.urgency) * later


@law
@given(weights, days, values)
def test_with_a_weight_on_age_nobody_starves(weights: Weights, joined_on: date, value: Decimal) -> None:
    """The least of all outranks ever newer gold: whoever joins late enough is behind, however soon it is wanted."""
    if weights.age < Decimal("0.001"):
        return
    least = score_of(weights, "", "C", Decimal(0), joined_on, joined_on + timedelta(days=3_650))
    ahead = 2 * weights.tier + 2 * weights.criticality + weights.value * value / 100 + weights.urgency * 3_650
    enough = int(ahead / weights.age) + 1
    if joined_on.toordinal() + enough < date(9999, 1, 1).toordinal():
        then = joined_on + timedelta(days=enough)
        assert score_of(weights, "gold", "A", value, then, then) < least


@law
@given(weights, days, tiers, classes, values)
def test_a_score_is_stored_as_it_was_compared(
    weights: Weights, joined_on: date, tier: str, criticality: str, value: Decimal
) -> None:
    score = score_of(weights, tier, criticality, value, joined_on, None)
    assert score == score.quantize(Decimal("0.000001"))


def test_no_weights_is_first_come_first_served() -> None:
    gold = score_of(Weights(), "gold", "A", Decimal(900), date(2026, 3, 2), date(2026, 3, 3))
    assert gold == score_of(Weights(), "", "C", Decimal(1), date(2020, 1, 1), None) == 0
