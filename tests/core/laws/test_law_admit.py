"""Admission: what is accepted and what is refused always add up, and no rule of the product is broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from tests.core.laws.profile import books, chances, law
from tests.core.random_books import SMALL, random_order, rank

from raincheck.core.admit import Admission, Newcomer, admit
from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.peg import PegKind
from raincheck.core.reason import Reason


def asking(rng: Random, book: Book) -> tuple[Newcomer, ...]:
    """New orders, and perhaps more of a line in a ship-complete group, with limits drawn at random."""
    at = datetime(book.today.year, book.today.month, book.today.day, 23, tzinfo=UTC)
    latest_days = rng.choice((None, 0, 3, 9))
    limits = {product: rng.choice((None, 0, 4, 12)) for product in book.products}
    score = rng.choice((-9, 0, 9))
    newcomers: list[Newcomer] = []
    for order in (998, 999)[: rng.randint(1, 2)]:
        for claim in random_order(rng, SMALL, book, order, first_id=900 + 10 * len(newcomers)):
            fresh = replace(
                claim,
                rank=rank(at, f"N{order}", f"sku{claim.product}", score=score),
                told_on=None,
                told_units=0,
                told_by_lead_time=0,
                lead_time_from=None,
                joined_on=book.today,
            )
            newcomers.append(Newcomer(fresh, fresh.units, limits[claim.product], latest_days))
    in_groups = [claim for claim in book.claims if claim.group is not None]
    if in_groups and rng.random() < 0.4:
        claim, more = rng.choice(in_groups), rng.randint(1, 5)
        raised = replace(claim, units=claim.units + more)
        newcomers.append(Newcomer(raised, more, limits[claim.product], latest_days))
    return tuple(newcomers)


def accepted_units(admission: Admission, book: Book) -> dict[int, int]:
    """New units by claim; a claim that was raised counts by what it was raised."""
    old = {claim.id: claim.units for claim in book.claims}
    units = {claim.id: claim.units - old.get(claim.id, 0) for claim in admission.accepted}
    return {claim: new for claim, new in units.items() if new}


@law
@given(books(), chances())
def test_accepted_and_refused_add_up_to_what_was_asked(book: Book, rng: Random) -> None:
    newcomers = asking(rng, book)
    admission = admit(book, newcomers)
    accepted = accepted_units(admission, book)
    refused = {refusal.claim: refusal.units for refusal in admission.refused}
    assert len(refused) == len(admission.refused)
    for newcomer in newcomers:
        assert accepted.get(newcomer.claim.id, 0) + refused.get(newcomer.claim.id, 0) == newcomer.new_units
    assert all(units > 0 for units in (*accepted.values(), *refused.values()))


@law
@given(books(), chances())
def test_a_ship_complete_group_is_accepted_whole_or_refused_whole(book: Book, rng: Random) -> None:
    newcomers = asking(rng, book)
    accepted = accepted_units(admit(book, newcomers), book)
    for group in {newcomer.claim.group for newcomer in newcomers} - {None}:
        taken = {n.claim.id in accepted for n in newcomers if n.claim.group == group}
        assert len(taken) == 1
    for newcomer in newcomers:
        if newcomer.claim.group is not None and newcomer.claim.id in accepted:
            assert accepted[newcomer.claim.id] == newcomer.new_units


@law
@given(books(), chances())
def test_what_may_not_be_backordered_is_accepted_from_stock_alone(book: Book, rng: Random) -> None:
    admission = admit(book, asking(rng, book))
    asked = accepted_units(admission, book)
    for claim in admission.accepted:
        if claim.stock_only and claim.id in asked:
            assert {peg.kind for peg in admission.pegs[claim.id]} == {PegKind.STOCK}


@law
@given(books(), chances())
def test_no_newcomer_waits_over_the_limit(book: Book, rng: Random) -> None:
    """The limit counts everybody who waits for the product; who waits already may be over a limit set since."""
    newcomers = asking(rng, book)
    admission = admit(book, newcomers)
    limits = {newcomer.claim.product: newcomer.backorder_limit for newcomer in newcomers}
    more = accepted_units(admission, book)
    for product, limit in limits.items():
        if limit is None or book.products[product].is_preorder(book.today):
            continue
        waiting = sum(
            _waiting(admission, claim) for claim in admission.pegs if _product(book, newcomers, claim) == product
        )
        new = sum(min(_waiting(admission, c.id), more.get(c.id, 0)) for c in admission.accepted if c.product == product)
        assert new == 0 or waiting <= limit


@law
@given(books(), chances())
def test_nothing_is_accepted_that_comes_too_late(book: Book, rng: Random) -> None:
    newcomers = asking(rng, book)
    admission = admit(book, newcomers)
    latest_days = {newcomer.claim.id: newcomer.latest_days for newcomer in newcomers}
    more = accepted_units(admission, book)
    for claim in admission.accepted:
        days = latest_days[claim.id]
        if days is not None and claim.id in more:
            for peg in admission.pegs[claim.id]:
                assert peg.ships_on is not None
                latest_on = book.today + timedelta(days=days)
                if wanted_ships_on := book.wanted_ships_on(claim):  # What is wanted still later is not too late.
                    latest_on = max(latest_on, book.road.delivers_on(wanted_ships_on))
                assert book.road.delivers_on(peg.ships_on) <= latest_on


@law
@given(books(), chances())
def test_nobody_is_refused_without_a_rule(book: Book, rng: Random) -> None:
    newcomers = tuple(
        replace(n, claim=replace(n.claim, stock_only=False), backorder_limit=None, latest_days=None)
        for n in asking(rng, book)
        if n.claim.id >= 900
    )
    admission = admit(book, newcomers)
    assert admission.refused == ()
    assert accepted_units(admission, book) == {n.claim.id: n.new_units for n in newcomers}


@law
@given(books(), chances())
def test_what_a_plain_newcomer_is_refused_it_could_not_have_had(book: Book, rng: Random) -> None:
    """One unit more of a refused claim, with all else as accepted, would break the rule that it was refused for."""
    newcomers = tuple(replace(n, claim=replace(n.claim, group=None)) for n in asking(rng, book))[:1]
    admission = admit(book, newcomers)
    for refusal in admission.refused:
        newcomer = newcomers[0]
        one_more = accepted_units(admission, book).get(newcomer.claim.id, 0) + 1
        again = admit(book, [replace(newcomer, claim=replace(newcomer.claim, units=one_more), new_units=one_more)])
        assert [(r.units, r.reason) for r in again.refused] == [(1, again.refused[0].reason)]
        assert refusal.reason in (Reason.BACKORDERS_DENIED, Reason.TOO_LATE, Reason.OVER_LIMIT)


@law
@given(books(), chances())
def test_the_pegs_are_those_of_the_book_as_it_is_afterwards(book: Book, rng: Random) -> None:
    admission = admit(book, asking(rng, book))
    accepted = {claim.id for claim in admission.accepted}
    others = tuple(claim for claim in book.claims if claim.id not in accepted)
    assert admission.pegs == allocate(book.with_claims((*others, *admission.accepted)))


@law
@given(books(), chances())
def test_the_order_in_which_newcomers_are_named_never_matters(book: Book, rng: Random) -> None:
    newcomers = list(asking(rng, book))
    first = admit(book, newcomers)
    rng.shuffle(newcomers)
    assert admit(book, newcomers) == first


def _waiting(admission: Admission, claim: int) -> int:
    return sum(peg.units for peg in admission.pegs[claim] if peg.kind is not PegKind.STOCK)


def _product(book: Book, newcomers: tuple[Newcomer, ...], claim: int) -> int:
    return {c.id: c.product for c in (*book.claims, *(newcomer.claim for newcomer in newcomers))}[claim]
