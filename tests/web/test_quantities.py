"""Quantities that people type: whole units or a clear no."""

import pytest
from django.core.exceptions import BadRequest

from raincheck.web.quantities import MOST_UNITS, posted_units, whole_units


def test_units_are_read_by_code_and_zeros_are_left_out() -> None:
    form = {"units:LAMP": "3", "units:SET": "0", "units:MUG": " ", "damaged:LAMP": "1", "other": "9"}
    assert posted_units(form, "units:") == {"LAMP": 3}
    assert posted_units(form, "damaged:") == {"LAMP": 1}


@pytest.mark.parametrize("typed", ["-1", "1.5", "1e3", "two", "٣", "0x10", "1" * 40, str(MOST_UNITS + 1), "1;DROP"])
def test_what_is_no_whole_number_of_units_is_refused_by_name(typed: str) -> None:
    with pytest.raises(BadRequest, match="LAMP"):
        whole_units(typed, "LAMP")


def test_nothing_typed_is_no_units() -> None:
    assert whole_units("", "LAMP") == 0
