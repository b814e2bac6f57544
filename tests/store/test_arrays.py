"""What goes into the database as a list comes out as the same list."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from raincheck.store.arrays import ArrayDumper
from raincheck.store.db import one

TEXTS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]))
DAYS = some.dates(date(1, 1, 1), date(9999, 12, 31))
INSTANTS = some.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
VALUES = {
    "text": TEXTS,
    "bigint": some.integers(-(2**63), 2**63 - 1),
    "numeric": some.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    "bool": some.booleans(),
    "date": DAYS,
    "timestamptz": INSTANTS,
}


@pytest.mark.parametrize("kind", VALUES)
def test_every_list_comes_back(db: None, kind: str) -> None:
    @given(some.lists(some.none() | VALUES[kind], max_size=8))
    def comes_back(values: list[Any]) -> None:
        assert one(f"SELECT %s::{kind}[]", [values]) == (values,)

    comes_back()


@pytest.mark.parametrize("text", ["NULL", "", " ", "{}", '"', "\\", "a,b", "\\N", "ü", "it's", "a\nb", '\\"'])
def test_texts_that_mean_something_in_an_array_come_back(db: None, text: str) -> None:
    assert one("SELECT %s::text[]", [[text, None, text]]) == ([text, None, text],)


def test_a_list_of_lists_is_refused() -> None:
    with pytest.raises(TypeError, match="list of list"):
        ArrayDumper(list).dump([[1], [2]])


def test_flags_and_decimals_are_written_as_the_server_reads_them() -> None:
    assert ArrayDumper(list).dump([True, None, False]) == b"{True,NULL,False}"
    assert ArrayDumper(list).dump([Decimal("1.50")]) == b"{1.50}"
