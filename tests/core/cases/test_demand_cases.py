"""How many units of a claim must find supply in time for its told day."""

from datetime import date
from typing import Any

import pytest
from tests.core.company import claim, day


@pytest.mark.parametrize(
    ("told", "facts", "expected"),
    [
        pytest.param(day(3), {}, 4, id="all were told"),
        pytest.param(day(3), {"told_units": 3}, 3, id="one joined since"),
        pytest.param(day(3), {"told_units": 7}, 4, id="three have left since"),
        pytest.param(day(3), {"told_units": 3, "told_by_lead_time": 1}, 2, id="one rests on a purchase to be made"),
        pytest.param(day(3), {"told_units": 7, "told_by_lead_time": 5}, 0, id="what is left rests on a purchase"),
        pytest.param(None, {"told_units": 4}, 0, id="the day was lost"),
    ],
)
def test_units_that_are_kept(told: date | None, facts: dict[str, Any], expected: int) -> None:
    assert claim("O1", 4, told=told, **facts).units_to_keep == expected
