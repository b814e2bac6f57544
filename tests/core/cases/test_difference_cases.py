"""Who gains and who loses by a change."""

from datetime import date

from raincheck.core.difference import Difference, LineState

SOON, LATE = date(2026, 3, 5), date(2026, 3, 12)


def difference(before: tuple[int, date | None], after: tuple[int, date | None], told: date | None = None) -> Difference:
    return Difference(LineState(*before), LineState(*after), told)


def test_an_earlier_day_is_a_gain_even_with_less_on_the_shelf() -> None:
    assert difference((2, LATE), (0, SOON)).gain == 1
    assert difference((0, SOON), (2, LATE)).gain == -1


def test_a_day_instead_of_none_is_a_gain_and_its_loss_a_loss() -> None:
    assert difference((0, None), (0, LATE)).gain == 1
    assert difference((0, LATE), (0, None)).gain == -1
    assert difference((0, LATE), (0, None)).days is None


def test_on_the_same_day_more_on_the_shelf_is_a_gain() -> None:
    assert difference((0, LATE), (1, LATE)).gain == 1
    assert difference((1, LATE), (0, LATE)).gain == -1
    assert difference((1, None), (1, None)).gain == 0


def test_days_are_counted_from_before_to_after() -> None:
    assert difference((0, SOON), (0, LATE)).days == 7


def test_a_promise_breaks_only_if_it_could_be_kept_before() -> None:
    assert difference((0, SOON), (0, LATE), told=SOON).breaks_promise
    assert not difference((0, LATE), (0, None), told=SOON).breaks_promise
    assert difference((0, SOON), (0, None), told=SOON).breaks_promise
    assert not difference((0, SOON), (0, LATE)).breaks_promise
    assert difference((0, LATE), (0, SOON), told=SOON).mends_promise
    assert not difference((0, SOON), (0, SOON), told=SOON).mends_promise
