"""Who gains and who loses by a rebalance, and which gains are too small to be worth a change."""

from datetime import date

import pytest
from tests.core.company import LAMP, VASE, Outcome, book_of, claim, day, joined, purchase, road, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import Book, ProductFacts
from raincheck.core.confirmation import Confirmed, confirmations
from raincheck.core.gains import Change, Verdict, changes, losers, winners
from raincheck.core.rebalance import rebalance
from raincheck.core.strategy import Request, Segment, Strategy

FIRST, SECOND, THIRD = joined(9), joined(10), joined(11)


def rebalanced(book: Book, *segments: tuple[str, str], units: int = 0, days: int = 0) -> tuple[Outcome, set[int]]:
    """The outcome of segments that name orders, and the claims that it touched."""
    asked = tuple(Segment({"order": order}, Strategy(strategy)) for order, strategy in segments)
    lines = {one.line: {"order": one.rank[3]} for one in book.claims}
    found = rebalance(book, allocate(book), lines, Request(asked, least_gain_units=units, least_gain_days=days), 1)
    return Outcome(book, found.pegs), set(found.strategies)


def test_a_gain_of_fewer_units_and_days_than_asked_for_is_let_be() -> None:
    ann, bob = claim("O1", 3, at=FIRST), claim("O2", 3, at=SECOND)
    book = book_of(ann, bob, stock(3), purchase(2, day(5)), purchase(3, day(6)))
    order = (("O2", "gain"), ("O1", "lose"))
    everything, touched = rebalanced(book, *order)
    assert (everything[bob], touched) == ({"stock": 3}, {ann.id, bob.id})
    outcome, touched = rebalanced(book, *order, units=2, days=9)
    assert (outcome[ann], outcome[bob]) == ({"none": 3}, {day(5).isoformat(): 2, day(6).isoformat(): 1})
    assert touched == {ann.id}, "Bob gains six days and no unit: less than two units and nine days"
    outcome, touched = rebalanced(book, *order, units=2, days=6)
    assert (outcome[bob], touched) == ({"stock": 3}, {ann.id, bob.id})


@pytest.mark.parametrize(
    ("units", "days", "is_worth_it"), [(2, 2, True), (3, 2, False), (0, 2, True), (3, 0, False), (0, 0, True)]
)
def test_enough_units_are_worth_it_whatever_the_days(units: int, days: int, is_worth_it: bool) -> None:
    """Cem leaves; Bob, who had one lamp of three, could have two more of the same day."""
    bob, cem = claim("O2", 3, at=SECOND), claim("O1", 2, at=FIRST)
    book = book_of(bob, cem, stock(3))
    outcome, _ = rebalanced(book, ("O2", "gain"), ("O1", "lose"), units=units, days=days)
    assert outcome[bob] == ({"stock": 3} if is_worth_it else {"stock": 1, "none": 2})


def test_a_small_gain_is_let_be_only_where_nobody_has_the_old_units_now() -> None:
    ann, bob = claim("O1", 3, at=FIRST), claim("O2", 3, at=SECOND)
    book = book_of(ann, bob, stock(3), purchase(3, day(1)))
    outcome, _ = rebalanced(book, ("O2", "gain"), ("O1", "redistribute"), units=9, days=9)
    assert (outcome[bob], outcome[ann]) == ({"stock": 3}, {day(1).isoformat(): 3})


def test_who_must_win_and_whole_orders_keep_every_gain() -> None:
    bob, cem = claim("O2", 1, at=SECOND), claim("O1", 1, at=FIRST)
    book = book_of(bob, cem, stock(1), purchase(1, day(1)))
    won, _ = rebalanced(book, ("O2", "win"), ("O1", "lose"), units=9, days=9)
    assert won[bob] == {"stock": 1}
    whole = claim("O2", 1, at=SECOND, complete=True)
    book = book_of(whole, cem, stock(1), purchase(1, day(1)))
    assert rebalanced(book, ("O2", "gain"), ("O1", "lose"), units=9, days=9)[0][whole] == {"stock": 1}


def test_what_one_loses_is_no_small_gain() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    book = book_of(ann, bob, stock(2), purchase(2, day(1)))
    outcome, touched = rebalanced(book, ("O1", "lose"), units=9, days=9)
    assert (outcome[ann], touched) == ({"none": 2}, {ann.id})


def changes_of(book: Book, *segments: tuple[str, str]) -> list[Change]:
    before = allocate(book)
    outcome, touched = rebalanced(book, *segments)
    strategies = dict.fromkeys(touched, Strategy.GAIN)
    return changes(book, before, outcome.pegs, strategies)


def test_lines_that_change_are_named_in_rank_order_with_units_and_days() -> None:
    ann, bob, cem = claim("O1", 2, at=FIRST), claim("O2", 3, at=SECOND), claim("O3", 1, VASE)
    way = road(transit_days=2)
    book = book_of(bob, ann, cem, stock(2), stock(1, VASE), purchase(3, day(5)), on_road=way)
    found = changes_of(book, ("O2", "gain"), ("O1", "lose"))
    assert found == [
        Change(ann.line, 1, Strategy.GAIN, Verdict.LOSES, 2, 2, 0, day(2), None),
        Change(bob.line, 2, Strategy.GAIN, Verdict.WINS, 3, 3, 3, day(7), day(7)),
    ]
    assert ([one.order for one in winners(found)], [one.order for one in losers(found)]) == ([2], [1])


def test_a_line_that_was_raised_is_one_line() -> None:
    first, raised = claim("O1", 2, at=FIRST, line=90), claim("O1", 3, at=SECOND, line=90)
    other = claim("O2", 4, at=THIRD)
    book = book_of(first, raised, other, stock(5), purchase(2, day(4)))
    line, _ = changes_of(book, ("O2", "gain"), ("O1", "redistribute"))
    assert (line.line, line.open_units, line.had_units, line.has_units) == (90, 5, 5, 3)


def confirmed(**units_by: int) -> Confirmed:
    """Units by day: `_2=3` is three by the second day from now."""
    return Confirmed({day(int(name[1:])): units for name, units in units_by.items()})


@pytest.mark.parametrize(
    ("had", "has", "keeps"),
    [
        (confirmed(_2=3), confirmed(_2=3), True),
        (confirmed(_2=3), confirmed(_1=3), True),
        (confirmed(_2=3), confirmed(_3=9), False),
        (confirmed(_2=3, _5=2), confirmed(_2=4, _6=9), False),
        (confirmed(), confirmed(_9=1), True),
    ],
)
def test_a_line_keeps_what_it_had_when_on_every_day_as_many_units_are_confirmed(
    had: Confirmed, has: Confirmed, keeps: bool
) -> None:
    assert has.keeps(had) is keeps


def test_the_last_day_of_what_is_confirmed_is_not_known_while_one_unit_has_none() -> None:
    assert confirmed(_2=3, _5=1).last_on == day(5)
    assert Confirmed({day(2): 3, date.max: 1}).last_on is None
    assert confirmed().last_on is None


def test_units_of_a_whole_order_count_for_the_day_of_its_last_one() -> None:
    lamp, vase = claim("O1", 2, complete=True), claim("O1", 1, VASE, complete=True)
    book = book_of(lamp, vase, stock(2, LAMP), purchase(1, day(4), VASE))
    found = confirmations(book.claims, allocate(book))
    assert (found[lamp.line], found[vase.line]) == (confirmed(_4=2), confirmed(_4=1))
    undated = book_of(lamp, vase, stock(2, LAMP), lend_days=0)
    assert confirmations(undated.claims, allocate(undated))[lamp.line] == Confirmed({date.max: 2})


def test_units_that_a_lead_time_dates_are_confirmed_only_where_it_is_asked() -> None:
    lamps = claim("O1", 3)
    book = book_of(lamps, stock(1), facts={LAMP: ProductFacts(lead_time_days=4)})
    assert confirmations(book.claims, allocate(book))[lamps.line] == confirmed(_0=1)
    assert confirmations(book.claims, allocate(book), by_lead_time=True)[lamps.line] == confirmed(_0=1, _4=2)
