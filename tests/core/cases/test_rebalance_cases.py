"""Rebalances in cases: who may win what, in which order, and what stands in the pass that follows."""

from dataclasses import replace

from tests.core.company import LAMP, TODAY, Outcome, book_of, claim, day, joined, purchase, stock

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, Given, Protection
from raincheck.core.demand import Claim
from raincheck.core.given import standing
from raincheck.core.rebalance import Rebalanced, rebalance
from raincheck.core.strategy import Request, Segment, Strategy

FIRST, SECOND, THIRD = joined(9), joined(10), joined(11)


def by_order(book: Book, before: Pegs, **strategies: str) -> tuple[Outcome, Rebalanced]:
    """The rebalance whose segments name orders, in the order given."""
    segments = tuple(Segment({"order": order}, Strategy(strategy)) for order, strategy in strategies.items())
    lines = {one.line: {"order": one.rank[3]} for one in book.claims}
    outcome = rebalance(book, before, lines, Request(segments), fact=1)
    return Outcome(book, outcome.pegs), outcome


def rebalanced(book: Book, **strategies: str) -> Outcome:
    return by_order(book, allocate(book), **strategies)[0]


def test_segments_come_before_rank() -> None:
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND), stock(4))
    outcome = rebalanced(book, O2="redistribute", O1="redistribute")
    assert (outcome["O1"], outcome["O2"]) == ({"none": 4}, {"stock": 4})


def test_within_a_segment_rank_decides() -> None:
    book = book_of(claim("O2", 4, at=SECOND), claim("O1", 4, at=FIRST), stock(4))
    lines = {one.line: {"tier": "gold"} for one in book.claims}
    both = Request((Segment({"tier": "gold"}, Strategy.GAIN),))
    assert Outcome(book, rebalance(book, allocate(book), lines, both, 1).pegs)["O1"] == {"stock": 4}


def test_who_is_filled_is_not_sooner_than_before() -> None:
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND), stock(4), purchase(4, day(9)))
    outcome = rebalanced(book, O2="fill", O1="lose")
    assert outcome["O2"] == {day(9).isoformat(): 4}


def test_who_is_filled_has_rather_nothing_than_sooner() -> None:
    wanted = claim("O3", 4, at=THIRD, wanted_on=day(12))
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND), wanted, stock(4), purchase(4, day(9)))
    outcome = rebalanced(book, O3="win", O2="fill", O1="lose")
    assert outcome["O3"] == {day(12).isoformat(): 4}, "the latest truck that is in time"
    assert outcome["O2"] == {"none": 4}


def test_who_is_filled_may_be_later_than_before() -> None:
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND), stock(4), purchase(4, day(9)))
    outcome = rebalanced(book, O2="win", O1="fill")
    assert (outcome["O1"], outcome["O2"]) == ({day(9).isoformat(): 4}, {"stock": 4})


def test_told_days_do_not_protect_who_may_lose() -> None:
    book = book_of(claim("O1", 4, at=FIRST, told=TODAY), claim("O2", 4, at=SECOND), stock(4))
    assert rebalanced(book, O2="win", O1="redistribute")["O2"] == {"stock": 4}


def test_who_wins_is_in_time_for_the_day_he_was_told() -> None:
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND, told=day(3)), purchase(4, day(5)))
    outcome, decided = by_order(book, allocate(book), O2="win", O1="redistribute")
    assert outcome["O1"] == {day(5).isoformat(): 4}, "five days are too late for who was told three"
    assert [(breach.strategy, breach.is_late) for breach in decided.stopped] == [(Strategy.WIN, True)]


def test_a_told_day_that_has_passed_makes_nothing_late() -> None:
    book = book_of(claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND, told=day(-3)), purchase(4, day(5)))
    assert rebalanced(book, O2="win", O1="redistribute")["O2"] == {day(5).isoformat(): 4}


def test_what_is_protected_for_a_tier_is_not_won_by_others() -> None:
    ordinary = claim("O1", 4, at=FIRST)
    book = book_of(ordinary, stock(5), protections=(Protection(LAMP, "gold", 3),))
    assert rebalanced(book, O1="gain")["O1"] == {"stock": 2, "none": 2}


def test_a_ship_complete_order_stands_in_the_best_of_its_lines_segments() -> None:
    whole = [claim("O1", 2, at=FIRST, complete=True), claim("O1", 1, product=2, at=FIRST, complete=True)]
    other = claim("O2", 2, at=SECOND)
    book = book_of(*whole, other, stock(2), stock(1, product=2))
    lines = {whole[0].line: {"product": "lamp"}, whole[1].line: {"product": "vase"}, other.line: {"product": "lamp"}}
    request = Request((Segment({"product": "vase"}, Strategy.WIN), Segment({"product": "lamp"}, Strategy.LOSE)))
    outcome = rebalance(book, allocate(book), lines, request, 1)
    assert {outcome.strategies[one.id] for one in whole} == {Strategy.WIN}
    assert Outcome(book, outcome.pegs)["O1"] == {"stock": 3}


def tie(to: Claim, book: Book, units: int, *, until: int = 0) -> Given:
    """Units of the book's first supply, given for a day."""
    return Given(to.id, book.supplies[0].key, units, 1, False, day(until))


def test_what_was_given_of_a_truck_that_slips_goes_back_to_the_pass() -> None:
    waits = claim("O1", 4)
    book = book_of(waits, purchase(4, day(9)))
    assert standing([tie(waits, book, 4, until=9)], book.claims, book.supplies)
    assert standing([tie(waits, book, 4, until=12)], book.claims, book.supplies), "sooner is no reason"
    assert not standing([tie(waits, book, 4, until=8)], book.claims, book.supplies)
    overdue = book_of(waits, purchase(4, None))
    assert not standing([tie(waits, overdue, 4, until=9)], overdue.claims, overdue.supplies)


def test_of_units_that_were_told_a_day_those_that_were_given_need_no_more_supply() -> None:
    told = claim("O2", 5, at=SECOND, told=TODAY, told_units=3)
    first = claim("O1", 2, at=FIRST)
    book = book_of(first, told, stock(5))
    given = replace(book, given=(tie(told, book, 3),))
    outcome = Outcome(given, allocate(given))
    assert (outcome["O1"], outcome["O2"]) == ({"stock": 2}, {"stock": 3, "none": 2})


def test_a_group_lends_until_what_it_was_given_is_there() -> None:
    parts = [claim("O1", 2, complete=True), claim("O1", 2, product=2, complete=True)]
    other = claim("O2", 2, product=2, at=SECOND)
    book = book_of(*parts, purchase(2, day(30)), stock(2, product=2), purchase(2, day(20), product=2), other)
    given = replace(book, given=(tie(parts[0], book, 2, until=30),))
    outcome = Outcome(given, allocate(given))
    assert outcome["O2"] == {"stock": 2}
    assert outcome["O1"] == {day(30).isoformat(): 2, day(20).isoformat(): 2}


def test_of_ties_for_more_than_a_claim_still_asks_for_only_those_that_count_stand() -> None:
    waits, other = claim("O1", 3), claim("O2", 2, at=SECOND)
    book = book_of(waits, other, stock(4))
    first, second = tie(waits, book, 3), replace(tie(waits, book, 2), fact=2)
    assert standing([first, second], book.claims, book.supplies) == (first,), "the line was lowered since"
    gone = replace(tie(other, book, 2), supply=(True, 999_999))
    assert standing([gone, tie(other, book, 2)], book.claims, book.supplies) == (tie(other, book, 2),)
    short = book_of(waits, other, stock(4))
    assert [
        one.units for one in standing([tie(other, short, 2), tie(waits, short, 3)], short.claims, short.supplies)
    ] == [
        3,
        1,
    ], "the last in rank loses what is missing"


def test_a_group_waits_for_the_last_of_all_that_it_was_given() -> None:
    parts = [claim("O1", 2, complete=True), claim("O1", 2, product=2, complete=True)]
    other = claim("O2", 1, product=2, at=SECOND)
    book = book_of(*parts, purchase(2, day(30)), stock(2, product=2), purchase(2, day(20), product=2), other)
    last, soon = tie(parts[0], book, 2, until=30), Given(parts[1].id, book.supplies[1].key, 1, 1, False, TODAY)
    for ties in ((last, soon), (soon, last)):
        given = replace(book, given=ties)
        outcome = Outcome(given, allocate(given))
        assert (outcome[other], outcome[parts[1]]) == ({"stock": 1}, {"stock": 1, day(20).isoformat(): 1})
