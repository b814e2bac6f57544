"""What is wanted for a later day: it comes no sooner, not later than it could, and in the meantime serves others."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.core.laws.profile import law, mid_size_books
from tests.core.outcomes import estimates_of

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.calendar import Calendar, Road

roads = st.builds(
    Road,
    st.builds(
        Calendar,
        st.just(ZoneInfo("UTC")),
        st.frozensets(st.integers(0, 6), min_size=1),
        st.frozensets(st.dates(date(2026, 3, 1), date(2026, 3, 31)), max_size=4),
    ),
    st.just(0),
    st.integers(0, 5),
    st.integers(0, 5),
)


@law
@given(roads, st.dates(date(2026, 3, 1), date(2026, 4, 30)))
def test_the_day_of_release_is_the_last_that_delivers_on_the_wanted_day(road: Road, wanted_on: date) -> None:
    """Or, where handling over days without work skips that day, on the first day after it."""
    released_on = road.latest_release_on(wanted_on)
    delivered_on = road.delivers_on(road.ships_on(released_on))
    assert delivered_on >= wanted_on
    assert road.delivers_on(road.ships_on(released_on + timedelta(days=1))) > delivered_on
    day_before = released_on
    while road.delivers_on(road.ships_on(day_before)) == delivered_on:
        day_before -= timedelta(days=1)
    assert road.delivers_on(road.ships_on(day_before)) < wanted_on


@law
@given(roads, st.dates(date(2026, 3, 1), date(2026, 4, 30)))
def test_what_is_wanted_until_a_day_is_released_by_then_and_what_is_wanted_after_it_later(road: Road, on: date) -> None:
    wanted_on = road.wanted_until(on)
    assert road.latest_release_on(wanted_on) <= on
    assert road.latest_release_on(wanted_on + timedelta(days=1)) > on


@law
@given(mid_size_books())
def test_nothing_is_delivered_before_it_is_wanted(book: Book) -> None:
    for claim in book.claims:
        for peg in allocate(book)[claim.id]:
            if claim.wanted_on is not None and claim.wanted_on >= book.today and peg.ships_on is not None:
                assert book.road.delivers_on(peg.ships_on) >= claim.wanted_on


@law
@given(mid_size_books())
def test_a_day_that_has_passed_is_as_good_as_none(book: Book) -> None:
    past = replace(book, claims=tuple(replace(c, wanted_on=book.today - timedelta(days=1)) for c in book.claims))
    none = replace(book, claims=tuple(replace(claim, wanted_on=None) for claim in book.claims))
    assert allocate(past) == allocate(none)


@law
@given(mid_size_books())
def test_who_is_alone_gets_it_on_the_wanted_day_wherever_supply_is_there_in_time(book: Book) -> None:
    for claim in book.claims:
        leaves_on = book.wanted_there_on(claim)
        alone = replace(book, claims=(replace(claim, group=None, told_on=None, stock_only=False),), protections=())
        if leaves_on is None:
            continue
        in_time = sum(
            supply.units
            for supply in book.supplies
            if supply.product == claim.product and supply.there_on is not None and supply.there_on <= leaves_on
        )
        if in_time >= claim.units:
            first_on = book.road.delivers_on(book.road.ships_on(leaves_on))
            assert estimates_of(alone, allocate(alone))[claim.id].delivers_on == first_on
