"""Whatever is planned for parcels: policies hold, told plans stand, and the order of the input never matters."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from tests.core.laws.profile import chances, law, mid_size_books

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.parcels import ParcelFacts, ParcelPlan, plan_parcels
from raincheck.core.peg import PegKind


def with_terms(book: Book, rng: Random) -> Book:
    """The book with parcel terms for all claims of most orders."""
    recipients = ("ann", "bob")
    terms: dict[int, ParcelTerms] = {}
    planned = {claim.order: rng.choice([*recipients, f"order {claim.order}"]) for claim in book.claims}
    without = {order for order in planned if rng.random() < 0.2}
    at = now(book)
    for claim in book.claims:
        if claim.order in without:
            continue
        terms[claim.line] = terms.get(
            claim.line,
            ParcelTerms(
                None if claim.group is not None else rng.choice((None, 1, 2, 3)),
                rng.choice((0, 0, 4)),
                Decimal(rng.choice((0, 0, 100))),
                rng.choice((0, 0, 5, 50)),
                planned[claim.order],
                rng.choice((None, at - timedelta(hours=2))),
                Decimal(rng.choice((5, 40))),
            ),
        )
    return book.with_claims(tuple(replace(claim, parcel_terms=terms.get(claim.line)) for claim in book.claims))


def now(book: Book) -> datetime:
    return book.road.calendar.start_of(book.today) + timedelta(hours=9)


def facts(book: Book, rng: Random) -> ParcelFacts:
    left = {
        (claim.order, claim.parcel_terms.up_to): rng.choice((0, 1, claim.parcel_terms.up_to))
        for claim in book.claims
        if claim.parcel_terms is not None and claim.parcel_terms.up_to is not None and rng.random() < 0.5
    }
    held = {claim.order for claim in book.claims if rng.random() < 0.1}
    return ParcelFacts(now(book), left, held)


def plan(book: Book, given_facts: ParcelFacts) -> tuple[Pegs, ParcelPlan]:
    pegs = allocate(book)
    return pegs, plan_parcels(book, book.claims, pegs, given_facts)


def leaving_units(found: ParcelPlan) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for release in found.releases:
        units[release.claim.id] += release.peg.units
    return dict(units)


@law
@given(mid_size_books(), chances())
def test_nothing_leaves_that_must_not(book: Book, rng: Random) -> None:
    book = with_terms(book, rng)
    stands = facts(book, rng)
    _, found = plan(book, stands)
    units = leaving_units(found)
    groups: dict[tuple[int, int | None], list[Claim]] = defaultdict(list)
    for claim in book.claims:
        if claim.parcel_terms is not None:
            groups[claim.order, None if claim.group is not None else claim.parcel_terms.up_to].append(claim)
    for (order, most), claims in groups.items():
        gone = sum(units.get(claim.id, 0) for claim in claims)
        whole = gone == sum(claim.units for claim in claims)
        if claims[0].group is not None:
            assert gone == 0 or whole, "a ship-complete group left in part"
        if most is not None and gone:
            left = stands.releases_left.get((order, most), most)
            assert left > 0, "more parcels than allowed"
            assert left > 1 or whole, "the last parcel left without the rest"
    for release in found.releases:
        assert release.claim.order not in stands.held_orders
        assert release.claim.parcel_terms is not None
        assert release.peg.kind is PegKind.STOCK
        assert book.wanted_there_on(release.claim) is None
        assert not book.is_preorder(release.claim)


@law
@given(mid_size_books(), chances())
def test_the_order_of_the_input_never_matters(book: Book, rng: Random) -> None:
    book = with_terms(book, rng)
    stands = facts(book, rng)
    claims, supplies = list(book.claims), list(book.supplies)
    rng.shuffle(claims)
    rng.shuffle(supplies)
    shuffled = replace(book, claims=tuple(claims), supplies=tuple(supplies))
    assert plan(shuffled, stands)[1] == plan(book, stands)[1]


@law
@given(mid_size_books(), chances())
def test_telling_what_is_planned_changes_no_plan(book: Book, rng: Random) -> None:
    """So a second pass has nothing to write, and a first date told does not bring its own parcel forward."""
    book = with_terms(book, rng)
    stands = facts(book, rng)
    pegs, found = plan(book, stands)
    told = tuple(
        replace(claim, told_on=found.estimates[claim.id].delivers_on, told_units=claim.units)
        if claim.told_on is None and claim.id in found.estimates
        else claim
        for claim in book.claims
    )
    again = plan_parcels(book.with_claims(told), told, pegs, stands)
    assert leaving_units(again) == leaving_units(found)
    assert again.leaving == found.leaving
    assert again.estimates == found.estimates
    assert again.window_ends_at == found.window_ends_at


@law
@given(mid_size_books(), chances())
def test_without_windows_a_plan_looks_at_one_order_alone(book: Book, rng: Random) -> None:
    book = with_terms(book, rng)
    plain = book.with_claims(
        tuple(
            replace(claim, parcel_terms=claim.parcel_terms and replace(claim.parcel_terms, merge_hours=0))
            for claim in book.claims
        )
    )
    pegs = allocate(plain)
    whole = plan_parcels(plain, plain.claims, pegs, ParcelFacts(now(plain)))
    for order in {claim.order for claim in plain.claims}:
        own = [claim for claim in plain.claims if claim.order == order]
        alone = plan_parcels(plain, own, pegs, ParcelFacts(now(plain)))
        assert {claim.id: whole.estimates.get(claim.id) for claim in own} == {
            claim.id: alone.estimates.get(claim.id) for claim in own
        }
