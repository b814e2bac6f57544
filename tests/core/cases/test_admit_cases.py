"""What an order is accepted with and what is refused, and why."""

from dataclasses import replace

import pytest
from tests.core.company import LAMP, TODAY, VASE, book_of, claim, day, joined, purchase, road, stock

from raincheck.core.admit import Newcomer, admit
from raincheck.core.book import Book, ProductFacts
from raincheck.core.demand import Claim
from raincheck.core.reason import Reason

LATER = joined(12)


def ask(claim_: Claim, limit: int | None = None, latest_days: int | None = None, more: int | None = None) -> Newcomer:
    return Newcomer(claim_, claim_.units if more is None else more, limit, latest_days)


def answer(book: Book, *newcomers: Newcomer) -> tuple[dict[int, int], dict[int, tuple[int, Reason]]]:
    """Units accepted and refused, by claim."""
    admission = admit(book, newcomers)
    return {c.id: c.units for c in admission.accepted}, {r.claim: (r.units, r.reason) for r in admission.refused}


def test_without_a_rule_everything_is_accepted() -> None:
    lamps = claim("O1", 5)
    assert answer(book_of(stock(2)), ask(lamps)) == ({lamps.id: 5}, {})


def test_an_order_for_nothing_is_neither_accepted_nor_refused() -> None:
    assert answer(book_of(stock(2)), ask(claim("O1", 0))) == ({}, {})


def test_what_may_not_be_backordered_is_refused_beyond_the_stock() -> None:
    lamps = claim("O1", 5, stock_only=True)
    refused = {lamps.id: (3, Reason.BACKORDERS_DENIED)}
    assert answer(book_of(stock(2), purchase(9, day(1))), ask(lamps)) == ({lamps.id: 2}, refused)


def test_what_others_wait_for_is_not_there_for_who_may_not_be_backordered() -> None:
    lamps = claim("O2", 1, at=LATER, stock_only=True)
    refused = {lamps.id: (1, Reason.BACKORDERS_DENIED)}
    assert answer(book_of(claim("O1", 3), stock(2)), ask(lamps)) == ({}, refused)


@pytest.mark.parametrize(("limit", "accepted"), [(0, 2), (1, 3), (3, 5), (9, 5)])
def test_the_limit_takes_what_fits_and_refuses_the_rest(limit: int, accepted: int) -> None:
    """5 wanted, 2 on hand: 3 would wait."""
    lamps = claim("O1", 5)
    refused = {lamps.id: (5 - accepted, Reason.OVER_LIMIT)} if accepted < 5 else {}
    assert answer(book_of(stock(2), purchase(9, day(3))), ask(lamps, limit)) == ({lamps.id: accepted}, refused)


def test_the_limit_counts_everybody_who_waits() -> None:
    lamps = claim("O2", 5, at=LATER)
    book = book_of(claim("O1", 4), stock(1))
    assert answer(book, ask(lamps, 5)) == ({lamps.id: 2}, {lamps.id: (3, Reason.OVER_LIMIT)})


def test_who_waits_already_over_a_limit_stays_and_stock_is_sold_all_the_same() -> None:
    """The limit was lowered to 2 while 3 wait for vases to ship with them; two lamps are free."""
    lamps = claim("O2", 3, at=LATER)
    book = book_of(claim("O1", 3, at=joined(8), score=-1), stock(2))
    lamps = replace(lamps, rank=(2, *lamps.rank[1:]))
    assert answer(book, ask(lamps, 2)) == ({lamps.id: 2}, {lamps.id: (1, Reason.OVER_LIMIT)})


def test_pre_orders_are_not_backorders() -> None:
    lamps = claim("O1", 5)
    book = book_of(facts={LAMP: ProductFacts(available_from=day(9))})
    assert answer(book, ask(lamps, 2)) == ({lamps.id: 5}, {})


def test_two_lines_of_one_product_share_the_limit() -> None:
    one, two = claim("O1", 2), claim("O1", 2)
    accepted, refused = answer(book_of(stock(1)), ask(one, 2), ask(two, 2))
    assert accepted == {one.id: 2, two.id: 1}
    assert refused == {two.id: (1, Reason.OVER_LIMIT)}


@pytest.mark.parametrize(("latest_days", "accepted"), [(0, 1), (4, 1), (5, 3), (13, 3), (14, 5)])
def test_units_that_cannot_be_delivered_soon_enough_are_refused(latest_days: int, accepted: int) -> None:
    """1 on hand, 2 on day 5, the last two from a lead time of 14 days."""
    lamps = claim("O1", 5)
    book = book_of(stock(1), purchase(2, day(5)), facts={LAMP: ProductFacts(lead_time_days=14)})
    refused = {lamps.id: (5 - accepted, Reason.TOO_LATE)} if accepted < 5 else {}
    assert answer(book, ask(lamps, latest_days=latest_days)) == ({lamps.id: accepted}, refused)


def test_the_latest_day_is_a_day_of_delivery() -> None:
    lamps = claim("O1", 1)
    book = book_of(purchase(1, day(5)), on_road=road(transit_days=3))
    assert answer(book, ask(lamps, latest_days=7))[0] == {}
    assert answer(book, ask(lamps, latest_days=8))[0] == {lamps.id: 1}


def test_no_date_is_too_late() -> None:
    lamps = claim("O1", 2)
    assert answer(book_of(stock(1)), ask(lamps, latest_days=365)) == (
        {lamps.id: 1}, {lamps.id: (1, Reason.TOO_LATE)},
    )  # fmt: skip


def test_stock_too_far_from_the_customer_is_too_late_also_without_backorders() -> None:
    lamps = claim("O1", 1, stock_only=True)
    book = book_of(stock(1), on_road=road(transit_days=3))
    assert answer(book, ask(lamps, latest_days=2)) == ({}, {lamps.id: (1, Reason.TOO_LATE)})


def test_first_too_late_then_over_the_limit() -> None:
    """6 wanted: 1 on hand, 3 on day 5 of which 2 may wait, the rest without a date. One refusal, one reason."""
    lamps = claim("O1", 6)
    book = book_of(stock(1), purchase(3, day(5)))
    assert answer(book, ask(lamps, 2, latest_days=9)) == ({lamps.id: 3}, {lamps.id: (3, Reason.TOO_LATE)})


def test_a_complete_order_is_refused_whole() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 2, VASE, complete=True)
    book = book_of(stock(5), stock(1, VASE))
    accepted, refused = answer(book, ask(lamp, 9), ask(vase, 0))
    assert accepted == {}
    assert refused == {lamp.id: (1, Reason.OVER_LIMIT), vase.id: (2, Reason.OVER_LIMIT)}


def test_each_line_of_a_refused_group_keeps_its_own_reason() -> None:
    lamp = claim("O1", 3, LAMP, complete=True, stock_only=True)
    vase, other = claim("O1", 2, VASE, complete=True), claim("O1", 1, VASE, complete=True)
    accepted, refused = answer(book_of(stock(2)), ask(other), ask(lamp), ask(vase, 0))
    assert accepted == {}
    assert refused[lamp.id] == (3, Reason.BACKORDERS_DENIED)
    assert refused[vase.id] == (2, Reason.OVER_LIMIT)
    assert refused[other.id] == (1, Reason.BACKORDERS_DENIED), "the reason of the group's first refused line"


def test_nobody_is_refused_because_of_units_that_are_refused_themselves() -> None:
    """The set is refused whole (no vase); its 3 lamps are no reason to refuse the plain lamp of the same order."""
    lamps, vase = claim("O1", 3, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    plain = claim("O2", 1, at=LATER)
    accepted, refused = answer(book_of(stock(3)), ask(lamps, 0), ask(vase, 0), ask(plain, 0))
    assert accepted == {plain.id: 1}
    assert set(refused) == {lamps.id, vase.id}


def test_nor_because_of_plain_units_that_are_refused_themselves() -> None:
    """O1 may not wait longer than two days and gets nothing; O2, who may, has the truck of day 5 to itself."""
    first, second = claim("O1", 1), claim("O2", 1, at=LATER)
    book = book_of(purchase(1, day(5)))
    accepted, refused = answer(book, ask(first, latest_days=2), ask(second, latest_days=5))
    assert accepted == {second.id: 1}
    assert set(refused) == {first.id}


def test_a_group_after_a_refused_plain_line_is_judged_without_it() -> None:
    plain = claim("O1", 1)
    lamp = claim("O2", 1, at=LATER, complete=True)
    book = book_of(purchase(1, day(5)))
    assert answer(book, ask(plain, latest_days=2), ask(lamp, latest_days=5))[0] == {lamp.id: 1}


def test_a_raise_of_a_complete_line_is_taken_or_refused_alone() -> None:
    """The group stands at 2 and asks for 3 more, of which one cannot come: the 2 stay, all 3 are refused."""
    lamps = claim("O1", 2, complete=True)
    raised = replace(lamps, units=5)
    book = book_of(lamps, stock(4))
    assert answer(book, ask(raised, more=3, latest_days=9)) == ({lamps.id: 2}, {lamps.id: (3, Reason.TOO_LATE)})
    assert answer(book_of(lamps, stock(5)), ask(raised, more=3, latest_days=9)) == ({lamps.id: 5}, {})


def test_a_raise_that_is_refused_still_waits_with_what_it_had() -> None:
    """Of vases, 4 wait in O1, whose raise by 1 is refused; the limit of 5 leaves one for O2."""
    vases = claim("O1", 4, VASE, at=LATER, complete=True)
    others = claim("O2", 3, VASE, at=joined(9))
    accepted, refused = answer(book_of(vases), ask(others, 5), ask(replace(vases, units=5), 5, more=1))
    assert refused[vases.id] == (1, Reason.OVER_LIMIT)
    assert accepted == {others.id: 1, vases.id: 4}


def test_a_newcomer_of_better_rank_is_served_first_and_who_stands_waits() -> None:
    lamps = claim("O2", 2, score=9)
    standing = claim("O1", 2)
    admission = admit(book_of(standing, stock(2), today=TODAY), [ask(lamps, 0)])
    assert [peg.kind.value for peg in admission.pegs[lamps.id]] == ["stock"]
    assert [peg.kind.value for peg in admission.pegs[standing.id]] == ["none"]


def test_newcomers_of_a_whole_order_stand_at_its_best_lines_place() -> None:
    """The vase is critical and ranks first; its order's lamp comes before another's that joined sooner."""
    vase = claim("O1", 1, VASE, at=LATER, score=2, complete=True)
    lamp = claim("O1", 1, at=LATER, complete=True)
    plain = claim("O2", 1, at=joined(9))
    book = book_of(stock(1, VASE), purchase(9, day(3)))
    accepted, refused = answer(book, ask(plain, 1), ask(lamp, 1), ask(vase))
    assert accepted == {vase.id: 1, lamp.id: 1}
    assert refused == {plain.id: (1, Reason.OVER_LIMIT)}


def test_a_whole_order_that_is_raised_is_refused_the_raise_alone() -> None:
    """Of three lines one is raised by two lamps, which would wait."""
    lamp, vase = claim("O1", 3, complete=True), claim("O1", 1, VASE, complete=True)
    book = book_of(replace(lamp, units=1), vase, stock(1), stock(1, VASE))
    admission = admit(book, [ask(lamp, 0, more=2), ask(vase, more=0)])
    assert [(refusal.claim, refusal.units) for refusal in admission.refused] == [(lamp.id, 2)]
    assert {one.id: one.units for one in admission.accepted} == {lamp.id: 1, vase.id: 1}
