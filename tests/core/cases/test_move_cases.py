"""Units moved by hand in cases: what changes hands, what stays tied, and what a move cannot do."""

from dataclasses import replace

from tests.core.company import TODAY, Outcome, book_of, claim, day, joined, purchase, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import Book, Given
from raincheck.core.demand import Claim
from raincheck.core.move import Moved, move

FIRST, SECOND, THIRD = joined(9), joined(10), joined(11)
FACT = 7


def moved(book: Book, lender: Claim, taker: Claim, units: int) -> tuple[Moved, Outcome]:
    """A move, and the pass that follows it."""
    found = move(book, allocate(book), [lender], [taker], units, FACT)
    after = replace(book, given=found.given)
    return found, Outcome(after, allocate(after))


def test_the_taker_has_the_units_and_the_lender_what_the_taker_waited_for() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 3, at=SECOND)
    found, outcome = moved(book_of(ann, bob, stock(4), purchase(9, day(5))), ann, bob, 2)
    assert (found.units, found.lendable) == (2, 4)
    assert outcome[bob] == {"stock": 2, day(5).isoformat(): 1}
    assert outcome[ann] == {"stock": 2, day(5).isoformat(): 2}


def test_what_is_moved_is_given_by_hand_by_this_fact_for_its_day() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    lamps = stock(2)
    found, _ = moved(book_of(ann, bob, lamps, purchase(9, day(5))), ann, bob, 2)
    assert found.given == (Given(bob.id, lamps.key, 2, FACT, True, TODAY),)


def test_the_earliest_units_go_to_what_would_have_come_last() -> None:
    ann, bob = claim("O1", 5, at=FIRST), claim("O2", 4, at=SECOND)
    book = book_of(ann, bob, stock(2), purchase(3, day(3)), purchase(1, day(6)), purchase(3, day(9)))
    _, outcome = moved(book, ann, bob, 3)
    assert outcome[bob] == {"stock": 2, day(3).isoformat(): 1, day(6).isoformat(): 1}
    assert outcome[ann] == {day(3).isoformat(): 2, day(9).isoformat(): 3}


def test_units_that_come_no_sooner_do_not_move() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    found, _ = moved(book_of(ann, bob, purchase(4, day(5))), ann, bob, 2)
    assert (found.units, found.lendable, found.given) == (0, 2, ())


def test_what_has_no_day_cannot_be_lent() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 2, at=SECOND)
    found, _ = moved(book_of(ann, bob, stock(1), purchase(3, None)), ann, bob, 4)
    assert (found.units, found.lendable) == (1, 1)


def test_what_may_not_be_backordered_takes_stock_only() -> None:
    ann, bob = claim("O1", 3, at=FIRST), claim("O2", 3, at=SECOND, stock_only=True)
    found, outcome = moved(book_of(ann, bob, stock(1), purchase(3, day(5))), ann, bob, 3)
    assert found.units == 1
    assert outcome[bob] == {"stock": 1, "none": 2}


def test_no_more_is_moved_than_asked_nor_than_the_taker_lacks() -> None:
    ann, bob = claim("O1", 5, at=FIRST), claim("O2", 2, at=SECOND)
    book = book_of(ann, bob, stock(5), purchase(9, day(5)))
    assert moved(book, ann, bob, 1)[0].units == 1
    assert moved(book, ann, bob, 5)[0].units == 2


def test_what_the_taker_has_besides_is_kept_for_it() -> None:
    """Else the lender, who ranks first, would take as many of those instead."""
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    book = book_of(ann, bob, stock(5), purchase(9, day(5)))
    found, outcome = moved(book, ann, bob, 2)
    assert outcome[bob] == {"stock": 3, day(5).isoformat(): 1}
    assert all(tie.by_hand and tie.fact == FACT for tie in found.given)
    assert sum(tie.units for tie in found.given if tie.claim == bob.id) == 4


def test_units_that_were_given_are_given_on_and_leave_their_tie() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    lamps = stock(4)
    book = book_of(ann, bob, lamps, purchase(9, day(5)))
    book = replace(book, given=(Given(ann.id, lamps.key, 4, 3, False, TODAY),))
    found, outcome = moved(book, ann, bob, 3)
    ties = {(tie.claim, tie.fact): tie.units for tie in found.given if tie.supply == lamps.key}
    assert ties == {(ann.id, 3): 1, (bob.id, FACT): 3}
    assert outcome[ann] == {"stock": 1, day(5).isoformat(): 3}
    all_of_it, _ = moved(book, ann, bob, 4)
    assert {tie.claim for tie in all_of_it.given} == {bob.id}, "nothing is left of the first tie"


def test_what_the_taker_was_given_already_stays_as_it_is() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    lamps, truck = stock(2), purchase(9, day(5))
    given = (Given(bob.id, truck.key, 2, 3, True, day(5)),)
    found, _ = moved(replace(book_of(ann, bob, lamps, truck), given=given), ann, bob, 2)
    assert (found.units, found.given) == (0, given)


def test_of_units_alike_the_supply_that_was_entered_first_is_lent_first() -> None:
    ann, bob = claim("O1", 2, at=FIRST), claim("O2", 1, at=SECOND)
    first, second = purchase(1, day(5)), purchase(1, day(5))
    book = book_of(ann, bob, second, first, purchase(1, day(9)))
    _, outcome = moved(book, ann, bob, 1)
    assert outcome.supplies(bob) == {first.id: 1}


def test_what_is_wanted_later_is_given_for_its_day() -> None:
    ann, bob = claim("O1", 1, at=FIRST), claim("O2", 1, at=SECOND, wanted_on=day(7))
    lamps = stock(1)
    found, outcome = moved(book_of(ann, bob, lamps), ann, bob, 1)
    assert found.given == (Given(bob.id, lamps.key, 1, FACT, True, day(7)),)
    assert outcome[ann] == {"none": 1}


def test_what_others_were_given_of_the_same_supply_stays_theirs() -> None:
    ann, bob, cem = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND), claim("O3", 2, at=THIRD)
    lamps = stock(4)
    ties = (Given(cem.id, lamps.key, 2, 3, False, TODAY), Given(ann.id, lamps.key, 2, 4, False, TODAY))
    book = replace(book_of(ann, bob, cem, lamps, purchase(9, day(5))), given=ties)
    found, outcome = moved(book, ann, bob, 2)
    assert ties[0] in found.given
    assert (outcome[cem], outcome[bob]) == ({"stock": 2}, {"stock": 2})
