"""Which site serves a claim when several could on one day (contract, "The pass", step 2)."""

from dataclasses import replace

import pytest
from tests.core.company import (
    EAST,
    LAMP,
    SET,
    TODAY,
    VASE,
    WEST,
    Outcome,
    book_of,
    claim,
    day,
    joined,
    purchase,
    serve,
    stock,
)

from raincheck.core.allocate import allocate
from raincheck.core.book import LineElsewhere, SiteFacts
from raincheck.core.distance import NOBODY_KNOWS_KM, Point, kilometres, postcode_distance


def test_the_earliest_day_comes_before_the_better_site() -> None:
    near = claim("O1", 1, country="US", postcode="10002")
    outcome = serve(near, purchase(1, day(3), site=EAST), purchase(1, day(2), site=WEST))
    assert outcome.sites(near) == {WEST: 1}


def test_stock_comes_before_a_truck_of_the_same_day_at_the_better_site() -> None:
    near = claim("O1", 1, country="US", postcode="10002")
    outcome = serve(near, purchase(1, TODAY, site=EAST), stock(1, site=WEST))
    assert outcome[near] == {"stock": 1}


def test_the_nearer_site_serves() -> None:
    for postcode, site in (("10002", EAST), ("94110", WEST)):
        customer = claim("O1", 1, country="US", postcode=postcode)
        assert serve(customer, stock(1, site=WEST), stock(1, site=EAST)).sites(customer) == {site: 1}


def test_the_same_country_comes_before_distance() -> None:
    customer = claim("O1", 1, country="CA", postcode="94105")
    book = book_of(customer, stock(1, site=EAST), stock(1, site=WEST))
    book = replace(book, sites={EAST: SiteFacts("east", "CA", "10001"), WEST: SiteFacts("west", "US", "94105")})
    (peg,) = allocate(book)[customer.id]
    assert peg.supply is not None
    assert peg.supply.site == EAST


def test_at_equal_distance_the_name_decides_not_the_number() -> None:
    customer = claim("O1", 1)
    book = book_of(customer, stock(1, site=EAST), stock(1, site=WEST))
    book = replace(book, sites={EAST: SiteFacts("zoo"), WEST: SiteFacts("ark")})
    (peg,) = allocate(book)[customer.id]
    assert peg.supply is not None
    assert peg.supply.site == WEST


def test_the_site_that_covers_most_lines_in_full_comes_first() -> None:
    """East is nearer, but only west has lamp and vase: one parcel instead of two."""
    lamp, vase = (claim("O1", 1, product, country="US", postcode="10002") for product in (LAMP, VASE))
    outcome = serve(lamp, vase, stock(1, site=EAST), stock(1, site=WEST), stock(1, VASE, site=WEST))
    assert outcome.sites(lamp) == {WEST: 1}
    assert outcome.sites(vase) == {WEST: 1}


def test_a_line_counts_only_where_it_is_covered_in_full() -> None:
    """West has 1 of the 2 vases: that covers no line, so the lamp comes from the nearer east."""
    lamp = claim("O1", 1, LAMP, country="US", postcode="10002")
    vases = claim("O1", 2, VASE, country="US", postcode="10002")
    outcome = serve(lamp, vases, stock(1, site=EAST), stock(1, site=WEST), stock(1, VASE, site=WEST))
    assert outcome.sites(lamp) == {EAST: 1}


def test_all_units_of_a_line_count_also_those_added_later() -> None:
    """The line has 2 + 1: east has 2, west 3, so west covers it."""
    first = claim("O1", 2, line=7, country="US", postcode="10002")
    more = claim("O1", 1, line=7, country="US", postcode="10002")
    outcome = serve(first, more, stock(2, site=EAST), stock(3, site=WEST))
    assert outcome.sites(first) == {WEST: 2}
    assert outcome.sites(more) == {WEST: 1}


def test_what_the_order_has_from_a_site_already_counts_there() -> None:
    """The first two units came from west and left one: for the third, west has covered the whole line."""
    first = claim("O1", 2, line=7, country="US", postcode="10002")
    more = claim("O1", 1, line=7, country="US", postcode="10002", at=None)
    outcome = serve(first, more, stock(1, site=EAST), stock(3, site=WEST))
    assert outcome.sites(more) == {WEST: 1}


def test_what_others_took_counts_no_more() -> None:
    """O1 takes the only vase of west; for O2, west covers nothing more than east does."""
    vase = claim("O1", 1, VASE)
    lamp, other_vase = (claim("O2", 1, product, country="US", postcode="10002") for product in (LAMP, VASE))
    outcome = serve(vase, lamp, other_vase, stock(1, site=EAST), stock(1, site=WEST), stock(1, VASE, site=WEST))
    assert outcome.sites(lamp) == {EAST: 1}


def test_supply_of_another_day_does_not_count() -> None:
    """West's vase comes next week: today it covers no line."""
    lamp, vase = (claim("O1", 1, product, country="US", postcode="10002") for product in (LAMP, VASE))
    outcome = serve(lamp, vase, stock(1, site=EAST), stock(1, site=WEST), purchase(1, day(7), VASE, site=WEST))
    assert outcome.sites(lamp) == {EAST: 1}


def test_lines_outside_this_pass_count_too() -> None:
    """The order's other line is in no product of this pass; west could serve it today in full, east only in part."""
    lamp = claim("O1", 1, country="US", postcode="10002")
    book = book_of(lamp, stock(1, site=EAST), stock(1, site=WEST))
    by_site_day = {(WEST, TODAY): 2, (EAST, TODAY): 1}
    book = replace(book, elsewhere={lamp.order: (LineElsewhere(2, by_site_day),)})
    (peg,) = allocate(book)[lamp.id]
    assert peg.supply is not None
    assert peg.supply.site == WEST


def test_two_supplies_of_one_site_go_by_number() -> None:
    one, two = purchase(1, day(3), site=WEST), purchase(1, day(3), site=WEST)
    customer = claim("O1", 1)
    outcome = serve(customer, two, one, stock(1, VASE, site=EAST))
    assert outcome.supplies(customer) == {one.id: 1}


@pytest.mark.parametrize(
    ("near", "far"),
    [("10002", "94105"), ("10001", "10002"), ("10009", "10101"), ("1000", "94105"), ("SW1A", "EC1A")],
)
def test_postcodes_that_share_their_beginning_are_near(near: str, far: str) -> None:
    here = "SW1B" if near.startswith("S") else "10001"
    assert postcode_distance(here, near) < postcode_distance(here, far)
    assert postcode_distance(here, far) == postcode_distance(far, here)


def test_a_postcode_is_no_way_from_itself() -> None:
    assert postcode_distance("10001", "10001") == postcode_distance("", "") == 0


def test_an_order_with_lines_outside_this_pass_stays_where_it_is_tied_that_day() -> None:
    """West holds its lamp. A pass that does not look at the order's other lines must not move it to the nearer east."""
    lamps = claim("O1", 2, country="US", postcode="10002")
    west = stock(1, site=WEST)
    book = book_of(lamps, stock(2, site=EAST), west)
    elsewhere = {lamps.order: (LineElsewhere(9, {}),)}
    stays = replace(book, elsewhere=elsewhere, held={lamps.id: {west.key: 1}})
    assert Outcome(stays, allocate(stays)).sites(lamps) == {WEST: 1, EAST: 1}
    assert Outcome(book, allocate(book)).sites(lamps) == {EAST: 2}


def test_a_tie_is_no_reason_to_stay_when_goods_are_there_sooner() -> None:
    lamp = claim("O1", 1)
    west = purchase(1, day(3), site=WEST)
    book = book_of(lamp, stock(1, site=EAST), west)
    tied = replace(book, elsewhere={lamp.order: (LineElsewhere(9, {}),)}, held={lamp.id: {west.key: 1}})
    assert Outcome(tied, allocate(tied)).sites(lamp) == {EAST: 1}


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(51.5074, -0.1278), Point(48.8566, 2.3522), 344),  # London, Paris
        (Point(35.6762, 139.6503), Point(37.7749, -122.4194), 8270),  # Tokyo, San Francisco: over the date line
        (Point(0, 0), Point(0, 180), 20_015),  # Half way round
        (Point(10, 20), Point(10, 20), 0),
    ],
)
def test_distance_is_along_the_great_circle(one: Point, other: Point, km: int) -> None:
    assert abs(kilometres(one, other) - km) <= 5
    assert kilometres(one, other) == kilometres(other, one) <= NOBODY_KNOWS_KM


def test_reserved_units_that_stay_a_complete_order_s_own_stay_where_they_lie() -> None:
    """Both sites have one, the east is nearer; but the west's has been handled for it since yesterday."""
    east, west = stock(1, site=EAST), stock(1, site=WEST)
    lamp = claim("O1", 1, country="US", postcode="10002", complete=True)
    book = book_of(lamp, east, west, held={lamp.id: {west.key: 1}})
    assert Outcome(book, allocate(book)).sites(lamp) == {EAST: 1}, (
        "a complete order may move as long as nobody handles it"
    )
    book = book.with_claims((replace(lamp, keeps_stock=1),))
    assert Outcome(book, allocate(book)).sites(lamp) == {WEST: 1}


def test_where_some_of_a_complete_order_s_reserved_units_are_handled_all_of_them_stay() -> None:
    """Three in the west are all but handled; the two from the east began today. Nothing moves to the nearer east."""
    east, west = stock(4, site=EAST), stock(3, site=WEST)
    lamps = claim("O1", 5, country="US", postcode="10002", complete=True, keeps_stock=3)
    book = book_of(lamps, east, west, held={lamps.id: {east.key: 2, west.key: 3}})
    assert Outcome(book, allocate(book)).sites(lamps) == {EAST: 2, WEST: 3}


def test_what_a_complete_order_lends_draws_none_of_its_lines_to_the_site_where_it_lies() -> None:
    """East is nearer. The lamps in the west go to O2, as one line of O1 has no day: the vase need not go west."""
    vase = claim("O1", 1, VASE, complete=True, stock_only=True, country="US", postcode="10002")
    lamps, last = claim("O1", 2, complete=True), claim("O1", 1, SET, complete=True)
    book = vase, lamps, last, stock(1, VASE, site=WEST), stock(1, VASE, site=EAST), stock(2, site=WEST)
    assert serve(*book, claim("O2", 2, at=joined(12))).sites(vase) == {EAST: 1}


def test_reserved_units_are_kept_at_the_site_that_hands_over_sooner_if_they_lie_there() -> None:
    """The east hands over today, the west tomorrow. Who comes later was told today, but the east's unit is taken."""
    east, west = stock(1, site=EAST), stock(1, site=WEST)
    first = claim("O1", 1, keeps_stock=1)
    later = claim("O2", 1, at=joined(12), told=TODAY)
    book = book_of(first, later, east, west, held={first.id: {east.key: 1}})
    book = replace(book, supplies=tuple(replace(s, ships_on=day(1)) if s.site == WEST else s for s in book.supplies))
    outcome = Outcome(book, allocate(book))
    assert (outcome.sites(first), outcome.sites(later)) == ({EAST: 1}, {WEST: 1})


def test_what_was_counted_away_is_kept_nowhere_else() -> None:
    """The east's unit, all but handled for who comes later, is gone: the first has the west's all the same."""
    west = stock(1, site=WEST)
    first = claim("O1", 1)
    later = claim("O2", 1, at=joined(12), keeps_stock=1)
    book = book_of(first, later, west, stock(1, VASE, site=EAST), held={later.id: {(False, 999): 1}})
    assert Outcome(book, allocate(book)).sites(first) == {WEST: 1}
