"""What each strategy of a rebalance does to whole orders, kits and raised lines, and what stops it."""

from dataclasses import replace

from tests.core.company import LAMP, TODAY, VASE, Outcome, book_of, claim, day, joined, purchase, stock

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, Given
from raincheck.core.demand import Claim, Kit
from raincheck.core.rank import UNTOUCHED_PLACE
from raincheck.core.rebalance import Rebalanced, rebalance
from raincheck.core.strategy import PLACE, Request, Segment, Strategy

FIRST, SECOND, THIRD = joined(9), joined(10), joined(11)
SET = 77
FACT = 5


def request(*segments: tuple[str, str], fallback: tuple[tuple[str, str], ...] | None = None, stop: str = "") -> Request:
    """Segments as (order, strategy), in the order given."""

    def named(pairs: tuple[tuple[str, str], ...]) -> tuple[Segment, ...]:
        return tuple(Segment({"order": order}, Strategy(strategy)) for order, strategy in pairs)

    return Request(named(segments), stop or "stop_all", None if fallback is None else named(fallback))


def run(book: Book, asked: Request, before: Pegs | None = None) -> tuple[Outcome, Rebalanced]:
    """The rebalance of a book whose lines are known by their order and product."""
    lines = {one.line: {"order": one.rank[3], "product": one.rank[4]} for one in book.claims}
    found = rebalance(book, before or allocate(book), lines, asked, FACT)
    return Outcome(book, found.pegs), found


def test_within_a_segment_the_score_decides_before_time() -> None:
    early, scored = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND, score=3)
    book = book_of(early, scored, stock(4))
    gold = Request((Segment({}, Strategy.REDISTRIBUTE),))
    assert run(book, gold)[0][scored] == {"stock": 4}


def test_of_two_segments_of_one_strategy_the_first_is_served_first_also_for_whole_orders() -> None:
    """The order's lamp is named last, its vase first: all of it stands with the vase."""
    lamp, vase = claim("O2", 1, at=SECOND, complete=True), claim("O2", 1, VASE, at=SECOND, complete=True)
    other = claim("O1", 1, at=FIRST)
    book = book_of(lamp, vase, other, stock(1), stock(1, VASE))
    names = ({"product": "vase"}, {"order": "O1"}, {"product": "lamp"})
    asked = Request(tuple(Segment(when, Strategy.REDISTRIBUTE) for when in names))
    assert run(book, asked)[0][lamp] == {"stock": 1}


def test_a_better_strategy_that_is_named_later_counts_for_the_whole_order() -> None:
    lamp, vase = claim("O2", 1, at=SECOND, complete=True), claim("O2", 1, VASE, at=SECOND, complete=True)
    other = claim("O1", 1, at=FIRST)
    book = book_of(lamp, vase, other, stock(1), stock(1, VASE))
    asked = Request((Segment({"product": "lamp"}, Strategy.LOSE), Segment({"product": "vase"}, Strategy.GAIN)))
    outcome, found = run(book, asked)
    assert {found.strategies[one.id] for one in (lamp, vase)} == {Strategy.GAIN}
    assert (outcome[lamp], outcome[other]) == ({"stock": 1}, {"none": 1})


def test_what_skips_stays_as_it_is() -> None:
    skips, gains = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    book = book_of(skips, gains, stock(4))
    outcome, found = run(book, request(("O1", "skip"), ("O2", "win")))
    assert outcome[skips] == {"stock": 4}
    assert set(found.strategies) == set(), "the win is stopped, and nothing else was touched"


# Win and gain; what stops a rebalance.


def test_who_wins_is_full_also_by_a_lead_time_and_gets_what_another_loses() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 5, at=SECOND)
    book = book_of(ann, bob, stock(4), purchase(1, day(9)))
    outcome, found = run(book, request(("O2", "win"), ("O1", "lose")))
    assert (outcome[bob], outcome[ann]) == ({"stock": 4, day(9).isoformat(): 1}, {"none": 4})
    assert found.stopped == ()


def test_a_win_that_is_not_full_stops_everything_and_says_what_was_missing() -> None:
    ann, bob, cem = claim("O1", 4, at=FIRST), claim("O2", 6, at=SECOND), claim("O3", 1, VASE)
    book = book_of(ann, bob, cem, stock(4), stock(1, VASE))
    outcome, found = run(book, request(("O2", "win"), ("O1", "lose"), ("O3", "lose")))
    (breach,) = found.stopped
    assert (breach.line, breach.product, breach.strategy) == (bob.line, LAMP, Strategy.WIN)
    assert (breach.demanded_units, breach.got_units, breach.is_late) == (6, 4, False)
    assert (outcome[ann], outcome[cem], found.strategies) == ({"stock": 4}, {"stock": 1}, {})


def test_where_only_what_failed_stops_the_other_products_are_rebalanced() -> None:
    ann, bob, cem = claim("O1", 4, at=FIRST), claim("O2", 6, at=SECOND), claim("O3", 1, VASE)
    book = book_of(ann, bob, cem, stock(4), stock(1, VASE))
    outcome, found = run(book, request(("O2", "win"), ("O1", "lose"), ("O3", "lose"), stop="stop_failed"))
    assert len(found.stopped) == 1
    assert (outcome[ann], outcome[cem]) == ({"stock": 4}, {"none": 1})
    assert found.strategies == {cem.id: Strategy.LOSE}


def test_a_fallback_runs_instead_of_what_was_stopped_and_the_breach_is_named_all_the_same() -> None:
    ann, bob, cem = claim("O1", 4, at=FIRST), claim("O2", 6, at=SECOND), claim("O3", 1, VASE)
    book = book_of(ann, bob, cem, stock(4), stock(1, VASE))
    asked = request(("O2", "win"), ("O1", "lose"), ("O3", "lose"), fallback=(("O2", "improve"), ("O1", "redistribute")))
    outcome, found = run(book, asked)
    assert [breach.strategy for breach in found.stopped] == [Strategy.WIN]
    assert (outcome[bob], outcome[ann], outcome[cem]) == ({"stock": 4, "none": 2}, {"none": 4}, {"stock": 1})
    failed = replace(asked, exceptions="stop_failed")
    outcome, found = run(book, failed)
    assert (outcome[bob], outcome[cem]) == ({"stock": 4, "none": 2}, {"none": 1}), "the vase is no matter of the lamps"


def test_a_fallback_that_fails_itself_leaves_everything_as_it_was() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 6, at=SECOND)
    book = book_of(ann, bob, stock(4))
    outcome, found = run(book, request(("O2", "win"), fallback=(("O2", "win"), ("O1", "lose"))))
    assert [breach.got_units for breach in found.stopped] == [0, 4]
    assert (outcome[ann], found.strategies) == ({"stock": 4}, {})


def test_who_gains_keeps_what_he_has_while_a_win_takes_the_rest() -> None:
    wins, gains = claim("O1", 8, at=FIRST), claim("O2", 5, at=SECOND)
    book = book_of(wins, gains, stock(3), purchase(7, day(4)))
    before = {wins.id: allocate(book)[wins.id], gains.id: allocate(book)[gains.id]}
    assert Outcome(book, before)[gains] == {day(4).isoformat(): 2, "none": 3}
    _, stopped = run(book, request(("O1", "win"), ("O2", "gain")))
    assert stopped.stopped == ()
    _, stopped = run(book_of(replace(wins, units=9), gains, stock(3), purchase(7, day(4))), request(("O2", "gain")))
    assert stopped.stopped == ()


def test_a_gain_that_would_lose_to_a_win_stops_it() -> None:
    wins, gains = claim("O1", 8, at=SECOND), claim("O2", 5, at=FIRST)
    book = book_of(wins, gains, stock(10))
    _, found = run(book, request(("O1", "win"), ("O2", "gain")))
    (breach,) = found.stopped
    assert (breach.strategy, breach.demanded_units, breach.got_units) == (Strategy.GAIN, 5, 2)
    outcome, found = run(book, request(("O1", "win"), ("O2", "improve")))
    assert (outcome[wins], outcome[gains], found.stopped) == ({"stock": 8}, {"stock": 2, "none": 3}, ())


def test_a_whole_order_that_gains_sets_aside_all_it_had_or_nothing() -> None:
    """Its vase went to who won; its lamp is no longer kept for it and serves the next who gains."""
    lamp, vase = claim("O1", 1, at=FIRST, complete=True), claim("O1", 1, VASE, at=FIRST, complete=True)
    wins, next_ = claim("O2", 1, VASE, at=SECOND), claim("O3", 1, at=THIRD, score=9)
    book = book_of(lamp, vase, wins, replace(next_, rank=(9, *next_.rank[1:])), stock(1), stock(1, VASE))
    outcome, _ = run(book, request(("O2", "win"), ("O3", "improve"), ("O1", "improve")))
    assert outcome[next_] == {"stock": 1}


def test_what_was_set_aside_in_vain_is_had_by_who_can_use_it() -> None:
    """The order held a lamp of the shelf; its vase is now so late that it takes a later lamp and lends this one."""
    lamp, vase = claim("O1", 1, at=FIRST, complete=True), claim("O1", 1, VASE, at=FIRST, complete=True)
    waits = claim("O2", 1, at=SECOND)
    book = book_of(lamp, vase, waits, stock(1), purchase(1, day(8)), purchase(5, day(12)), purchase(1, day(20), VASE))
    held = allocate(replace(book, hold_days=30))
    assert Outcome(book, held)[lamp] == {"stock": 1}
    outcome, _ = run(book, request(("O2", "improve"), ("O1", "improve")), held)
    assert (outcome[waits], outcome[lamp]) == ({"stock": 1}, {day(12).isoformat(): 1})


# Fill and lose.


def test_who_is_filled_has_as_much_of_his_own_as_is_left() -> None:
    filled, wins = claim("O1", 4, at=FIRST), claim("O2", 2, at=SECOND)
    outcome, _ = run(book_of(filled, wins, stock(4)), request(("O2", "win"), ("O1", "fill")))
    assert outcome[filled] == {"stock": 2, "none": 2}


def test_a_whole_order_that_is_filled_is_whole_again_or_has_nothing() -> None:
    lamp, vase = claim("O1", 2, at=FIRST, complete=True), claim("O1", 1, VASE, at=FIRST, complete=True)
    wins = claim("O2", 1, at=SECOND)
    book = book_of(lamp, vase, wins, stock(2), stock(1, VASE))
    outcome, _ = run(book, request(("O2", "win"), ("O1", "fill")))
    assert (outcome[lamp], outcome[vase]) == ({"none": 2}, {"none": 1})
    truck = book_of(lamp, vase, wins, stock(2), stock(1, VASE), purchase(1, day(3)))
    outcome, _ = run(truck, request(("O2", "win"), ("O1", "fill")))
    assert (outcome[lamp], outcome[vase]) == ({"stock": 1, day(3).isoformat(): 1}, {"stock": 1})


def kits(ref: str, number: int, at: int = 9) -> tuple[Claim, Claim]:
    """The parts of so many sets of two lamps and a vase."""
    kit = Kit(900 + int(ref.removeprefix("O")), 1, SET, LAMP)
    lamps = claim(ref, 2 * number, at=joined(at), kit=kit, per_kit=2)
    return lamps, replace(claim(ref, number, VASE, at=joined(at), kit=kit), rank=lamps.rank)


def test_kits_that_are_filled_are_whole_and_the_latest_part_too_many_goes_back() -> None:
    lamps, vases = kits("O1", 3)
    wins = claim("O2", 1, VASE, at=SECOND)
    book = book_of(lamps, vases, wins, stock(4), purchase(2, day(5)), stock(3, VASE))
    outcome, _ = run(book, request(("O2", "win"), ("O1", "fill")))
    assert (outcome[lamps], outcome[vases]) == ({"stock": 4, "none": 2}, {"stock": 2, "none": 1})


def test_kits_that_lose_have_nothing_and_no_lead_time_dates_a_part_of_them() -> None:
    lamps, vases = kits("O1", 1)
    outcome, _ = run(book_of(lamps, vases, stock(2), stock(1, VASE)), request(("O1", "lose")))
    assert (outcome[lamps], outcome[vases]) == ({"none": 2}, {"none": 1})


def test_a_filled_line_that_may_not_wait_takes_no_truck_instead_of_its_stock() -> None:
    denied, wins = claim("O1", 2, at=FIRST, stock_only=True), claim("O2", 2, at=SECOND)
    book = book_of(denied, wins, stock(2), purchase(2, day(3)))
    assert run(book, request(("O2", "win"), ("O1", "fill")))[0][denied] == {"none": 2}


# What it gives.


def test_what_it_gives_is_given_and_what_has_no_day_is_not() -> None:
    ann, bob = claim("O1", 1, at=FIRST), claim("O2", 1, at=SECOND)
    book = book_of(ann, bob, stock(1), purchase(1, None))
    _, found = run(book, request(("O2", "gain"), ("O1", "redistribute")))
    assert [peg.given_by for peg in found.pegs[bob.id]] == [FACT]
    assert [peg.given_by for peg in found.pegs[ann.id]] == [None], "nobody knows the day of its truck"


def test_what_a_person_gave_stays_with_who_loses() -> None:
    ann, bob = claim("O1", 4, at=FIRST), claim("O2", 4, at=SECOND)
    lamps = stock(4)
    book = book_of(ann, bob, lamps)
    book = replace(book, given=(Given(ann.id, lamps.key, 1, 3, True, TODAY),))
    outcome, _ = run(book, request(("O2", "redistribute"), ("O1", "lose")))
    assert (outcome[ann], outcome[bob]) == ({"stock": 1, "none": 3}, {"stock": 3, "none": 1})


def test_strategies_are_served_in_their_own_order_however_the_segments_are_listed() -> None:
    first, second = claim("O1", 2, at=FIRST), claim("O2", 2, at=SECOND)
    book = book_of(first, second, stock(2))
    asked = request(("O1", "redistribute"), ("O7", "lose"), ("O8", "lose"), ("O9", "lose"), ("O2", "improve"))
    assert run(book, asked)[0][second] == {"stock": 2}


def test_of_what_one_line_had_it_keeps_as_much_as_is_left_before_others_gain() -> None:
    has, waits, wins = claim("O3", 5, at=FIRST), claim("O1", 5, at=SECOND, score=9), claim("O2", 2, at=THIRD)
    waits = replace(waits, rank=(9, *waits.rank[1:]))
    book = book_of(has, waits, wins, stock(5))
    assert Outcome(book, allocate(book))[has] == {"stock": 5}
    outcome, _ = run(book, request(("O2", "win"), ("O1", "improve"), ("O3", "improve")))
    assert (outcome[wins], outcome[has], outcome[waits]) == ({"stock": 2}, {"stock": 3, "none": 2}, {"none": 5})


def test_in_later_passes_what_won_stands_first_and_what_lost_last_around_who_was_not_touched() -> None:
    served = [Strategy.WIN, Strategy.GAIN, Strategy.IMPROVE, Strategy.REDISTRIBUTE, Strategy.FILL, Strategy.LOSE]
    assert [PLACE[strategy] for strategy in served] == [0, 1, 2, 3, 4, 5]
    assert PLACE[Strategy.REDISTRIBUTE] == UNTOUCHED_PLACE


def test_what_a_person_gave_is_not_set_aside_a_second_time() -> None:
    """Ann's two are hers by hand; the other two are free for Bob, who is served before her."""
    ann, bob = claim("O1", 2, at=SECOND), claim("O2", 2, at=FIRST)
    lamps = stock(4)
    book = replace(book_of(ann, bob, lamps), given=(Given(ann.id, lamps.key, 2, 3, True, TODAY),))
    outcome, _ = run(book, request(("O2", "gain"), ("O1", "gain")))
    assert (outcome[ann], outcome[bob]) == ({"stock": 2}, {"stock": 2})


def test_what_a_whole_order_that_gains_has_is_kept_from_who_is_served_before_it() -> None:
    lamp, vase = claim("O1", 1, at=FIRST, complete=True), claim("O1", 1, VASE, at=FIRST, complete=True)
    before_it = claim("O2", 1, at=SECOND)
    book = book_of(lamp, vase, before_it, stock(1), stock(1, VASE))
    outcome, found = run(book, request(("O2", "gain"), ("O1", "gain")))
    assert (outcome[lamp], outcome[before_it], found.stopped) == ({"stock": 1}, {"none": 1}, ())
