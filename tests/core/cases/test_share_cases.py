"""A shortage shared: what is fair to whom, in whole units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.laws.profile import law

from raincheck.core.share import even_shares, proportional_shares


@pytest.mark.parametrize(
    ("units", "needs", "shares"),
    [
        (10, [4, 4, 4], [4, 3, 3]),
        (5, [1, 9, 9], [1, 2, 2]),
        (2, [5, 5, 5], [1, 1, 0]),
        (30, [5, 1], [5, 1]),
        (0, [5, 1], [0, 0]),
        (3, [], []),
    ],
)
def test_evenly_means_as_many_for_each_and_none_beyond_his_need(
    units: int, needs: list[int], shares: list[int]
) -> None:
    assert even_shares(units, needs, [0] * len(needs)) == shares


def test_who_had_least_so_far_is_served_first() -> None:
    assert even_shares(3, [5, 5], [2, 0]) == [1, 2]
    assert even_shares(1, [5, 5], [1, 0]) == [0, 1]


@pytest.mark.parametrize(
    ("units", "needs", "shares"),
    [(10, [10, 5, 5], [5, 3, 2]), (6, [4, 4, 4], [2, 2, 2]), (1, [1, 9], [0, 1]), (99, [3, 2], [3, 2]), (0, [3], [0])],
)
def test_in_proportion_by_largest_remainder(units: int, needs: list[int], shares: list[int]) -> None:
    assert proportional_shares(units, needs) == shares


@law
@given(st.integers(0, 60), st.lists(st.integers(0, 12), max_size=7), st.data())
def test_all_there_is_is_shared_and_nobody_has_more_than_he_needs(
    units: int, needs: list[int], data: st.DataObject
) -> None:
    had = data.draw(st.lists(st.integers(0, 5), min_size=len(needs), max_size=len(needs)))
    for shares in (even_shares(units, needs, had), proportional_shares(units, needs)):
        assert sum(shares) == min(units, sum(needs))
        assert all(0 <= share <= need for share, need in zip(shares, needs, strict=True))
    even = even_shares(units, needs, [0] * len(needs))
    short = [share for share, need in zip(even, needs, strict=True) if share < need]
    assert not short or max(even) - min(short) <= 1, "nobody who lacks a unit has two fewer than another"
