"""The lateness on record, and the score in a rank."""

from datetime import date
from decimal import Decimal

import pytest

from raincheck.core.rank import score_of
from raincheck.core.settings import Weights
from raincheck.core.supply import Supply, SupplyKind, lateness_quantile

RECORD = [5, 0, 2, 0]


@pytest.mark.parametrize(
    ("record", "q", "expected"),
    [
        (RECORD, "0", 0), (RECORD, "0.25", 0), (RECORD, "0.5", 0), (RECORD, "0.51", 2), (RECORD, "0.75", 2),
        (RECORD, "0.76", 5), (RECORD, "0.9", 5), (RECORD, "1", 5), ([], "0.9", 0), ([7], "0.01", 7),
        ([-3, -1], "0.5", -3), (list(range(1, 11)), "0.7", 7), (list(range(1, 11)), "0.3", 3),
    ],
)  # fmt: skip
def test_the_quantile_is_the_least_day_with_so_much_of_the_record_at_or_below_it(
    record: list[int], q: str, expected: int
) -> None:
    """Exactly, also where binary fractions would slip: 7 of 10 are at or below 7."""
    assert lateness_quantile(record, Decimal(q)) == expected


def test_a_record_is_not_changed_by_looking_at_it() -> None:
    record = [5, 0, 2]
    lateness_quantile(record, Decimal("0.5"))
    assert record == [5, 0, 2]


def test_stock_and_inbound_of_one_number_are_two_supplies() -> None:
    day = date(2026, 3, 2)
    shelf = Supply(SupplyKind.STOCK, 1, 1, 1, 1, day, day)
    truck = Supply(SupplyKind.PURCHASE, 1, 1, 1, 1, day, day)
    lorry = Supply(SupplyKind.TRANSFER, 2, 1, 1, 1, day, day)
    assert shelf.is_stock
    assert not truck.is_stock
    assert not lorry.is_stock
    assert len({shelf.key, truck.key, lorry.key}) == 3


JOINED = date(2026, 3, 2)


def score(joined_on: date = JOINED, wanted_on: date | None = None, **weights: int) -> Decimal:
    """Of gold, critical, worth 250."""
    given = Weights(**{name: Decimal(weight) for name, weight in weights.items()})
    return score_of(given, "gold", "A", Decimal(250), joined_on, wanted_on)


def test_without_weights_all_scores_are_equal() -> None:
    assert score() == 0


@pytest.mark.parametrize(("tier", "expected"), [("gold", 20), ("silver", 10), ("standard", 0), ("", 0)])
def test_tiers(tier: str, expected: int) -> None:
    assert score_of(Weights(tier=Decimal(10)), tier, "C", Decimal(0), JOINED, None) == expected


@pytest.mark.parametrize(("criticality", "expected"), [("A", 20), ("B", 10), ("C", 0), ("", 0)])
def test_criticality(criticality: str, expected: int) -> None:
    assert score_of(Weights(criticality=Decimal(10)), "standard", criticality, Decimal(0), JOINED, None) == expected


def test_value_counts_by_the_hundred() -> None:
    assert score(value=2) == 5


def test_age_counts_every_day_from_joining() -> None:
    assert score(date(1970, 1, 2), age=3) == -3
    assert score(date(2026, 3, 1), age=3) - score(date(2026, 3, 2), age=3) == 3


def test_urgency_counts_to_the_day_on_which_it_is_wanted_else_to_a_year_after_joining() -> None:
    assert score(wanted_on=date(1970, 1, 11), urgency=1) == -10
    assert score(urgency=1) == score(wanted_on=date(2027, 3, 2), urgency=1)
    assert score(wanted_on=date(2026, 3, 5), urgency=2) - score(wanted_on=date(2026, 3, 6), urgency=2) == 2


def test_all_weights_add_up() -> None:
    together = score(wanted_on=date(2026, 4, 1), tier=3, value=5, age=7, criticality=11, urgency=13)
    apart = [score(tier=3), score(value=5), score(age=7), score(criticality=11)]
    assert together == sum(apart) + score(wanted_on=date(2026, 4, 1), urgency=13)


def test_an_old_standard_order_outranks_ever_newer_gold_in_the_end() -> None:
    """With a weight on age: gold is worth 20 days, so gold that joins 21 days later comes after."""
    weights = Weights(tier=Decimal(10), age=Decimal(1))
    old = score_of(weights, "standard", "C", Decimal(0), date(2026, 3, 1), None)
    assert score_of(weights, "gold", "C", Decimal(0), date(2026, 3, 20), None) > old
    assert score_of(weights, "gold", "C", Decimal(0), date(2026, 3, 22), None) < old
