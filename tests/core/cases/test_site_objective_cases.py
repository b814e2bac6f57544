"""From which sites an order goes where the company asks for an objective over the whole order (`site_choice`)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

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
from raincheck.core.demand import Claim, Kit
from raincheck.core.distance import Point
from raincheck.core.supply import Supply

NORTH = 3
SITES = {
    EAST: SiteFacts("east", "US", "10001", parcel_cost=Decimal(9), parcel_cost_abroad=Decimal(20)),
    WEST: SiteFacts("west", "US", "94105", parcel_cost=Decimal(3), parcel_cost_abroad=Decimal(40)),
    NORTH: SiteFacts("north", "CA", "V6B", parcel_cost=Decimal(4), parcel_cost_abroad=Decimal(7)),
}


def chosen(objective: str, *things: Claim | Supply, **facts: Any) -> Outcome:
    """The pass under an objective."""
    book = replace(book_of(*things), sites=SITES, site_choice=objective, **facts)
    return Outcome(book, allocate(book))


def one_lamp(country: str = "US", postcode: str = "10002") -> Claim:
    return claim("O1", 1, country=country, postcode=postcode)


def everywhere() -> tuple[Supply, ...]:
    return stock(1, site=EAST), stock(1, site=WEST), stock(1, site=NORTH)


@pytest.mark.parametrize(
    ("objective", "country", "site"),
    [("cheapest", "US", WEST), ("cheapest", "CA", NORTH), ("cheapest", "MX", NORTH), ("nearest", "US", EAST)],
    ids=["at home west is cheapest", "at home north is", "abroad north is cheapest", "east is nearest"],
)
def test_one_parcel_goes_from_where_the_objective_says(objective: str, country: str, site: int) -> None:
    lamp = one_lamp(country)
    assert chosen(objective, lamp, *everywhere()).sites(lamp) == {site: 1}


def test_kilometres_come_before_postcodes_where_the_places_are_known() -> None:
    lamp = one_lamp()
    places = {("US", "10002"): Point(37.8, -122.3)}
    sites = {
        EAST: replace(SITES[EAST], point=Point(40.7, -74.0)),
        WEST: replace(SITES[WEST], point=Point(37.7, -122.4)),
        NORTH: SITES[NORTH],
    }
    book = replace(book_of(lamp, *everywhere()), sites=sites, site_choice="nearest", points=places)
    assert Outcome(book, allocate(book)).sites(lamp) == {WEST: 1}


def test_the_fewest_parcels_come_before_what_they_cost() -> None:
    lamp, vase = one_lamp(), claim("O1", 1, VASE, country="US", postcode="10002")
    supplies = stock(1, site=WEST), stock(1, VASE, site=EAST), stock(1, site=EAST)
    outcome = chosen("fewest_parcels", lamp, vase, *supplies)
    assert (outcome.sites(lamp), outcome.sites(vase)) == ({EAST: 1}, {EAST: 1})
    dear = {
        **SITES,
        EAST: replace(SITES[EAST], parcel_cost=Decimal(1)),
        WEST: replace(SITES[WEST], parcel_cost=Decimal(9)),
    }
    book = replace(book_of(lamp, vase, *supplies), sites=dear, site_choice="cheapest")
    assert Outcome(book, allocate(book)).sites(lamp) == {EAST: 1}


def test_lines_outside_this_pass_count_for_a_plain_order_and_not_for_a_whole_one() -> None:
    """Its other line lies west only, which sends a parcel anyway; a group's lines are all in the pass."""
    plain = one_lamp()
    supplies = stock(1, site=EAST), stock(1, site=WEST)
    elsewhere = {plain.order: (LineElsewhere(2, {(WEST, TODAY): 2}),)}
    dear_west = {**SITES, WEST: replace(SITES[WEST], parcel_cost=Decimal(99))}
    book = replace(book_of(plain, *supplies), sites=dear_west, site_choice="fewest_parcels", elsewhere=elsewhere)
    assert Outcome(book, allocate(book)).sites(plain) == {WEST: 1}
    whole = claim("O1", 1, country="US", postcode="10002", complete=True)
    book = replace(book_of(whole, *supplies), sites=dear_west, site_choice="fewest_parcels", elsewhere=elsewhere)
    assert Outcome(book, allocate(book)).sites(whole) == {EAST: 1}


def test_what_comes_another_day_is_another_parcel() -> None:
    lamp, vase = one_lamp(), claim("O1", 1, VASE, country="US", postcode="10002")
    outcome = chosen("cheapest", lamp, vase, stock(1, site=EAST), stock(1, site=WEST), purchase(1, day(3), VASE, EAST))
    assert outcome.sites(lamp) == {WEST: 1}


# Kits.


def kits(ref: str, number: int) -> tuple[Claim, Claim]:
    """The parts of so many sets of two lamps and a vase, for a customer near east."""
    kit = Kit(900 + int(ref.removeprefix("O")), 1, 77, LAMP)
    where: dict[str, Any] = {"country": "US", "postcode": "10002"}
    lamps = claim(ref, 2 * number, kit=kit, per_kit=2, at=joined(9), **where)
    return lamps, replace(claim(ref, number, VASE, kit=kit, **where), rank=lamps.rank)


def both_sites() -> tuple[Supply, ...]:
    return stock(2, site=EAST), stock(1, VASE, EAST), stock(2, site=WEST), stock(1, VASE, WEST)


def test_a_kit_goes_from_the_site_that_serves_best_and_stays_where_it_is_held() -> None:
    lamps, vases = kits("O1", 1)
    supplies = both_sites()
    outcome = chosen("most_lines", lamps, vases, *supplies)
    assert (outcome.sites(lamps), outcome.sites(vases)) == ({EAST: 2}, {EAST: 1})
    held = {lamps.id: {supplies[2].key: 2}, vases.id: {supplies[3].key: 1}}
    outcome = chosen("most_lines", lamps, vases, *supplies, held=held)
    assert (outcome.sites(lamps), outcome.sites(vases)) == ({WEST: 2}, {WEST: 1})


def test_of_two_kits_one_stays_where_it_is_held_and_the_other_takes_the_best_site() -> None:
    lamps, vases = kits("O1", 2)
    supplies = stock(4, site=EAST), stock(2, VASE, EAST), stock(4, site=WEST), stock(2, VASE, WEST)
    held = {lamps.id: {supplies[2].key: 2}, vases.id: {supplies[3].key: 1}}
    outcome = chosen("most_lines", lamps, vases, *supplies, held=held)
    assert (outcome.sites(lamps), outcome.sites(vases)) == ({WEST: 2, EAST: 2}, {WEST: 1, EAST: 1})


def test_a_kit_is_taken_whole_from_one_site_before_its_parts_are_put_together() -> None:
    """East has lamps for two and a vase for one; west one whole kit: no lamp goes from east beside a vase from west."""
    lamps, vases = kits("O1", 2)
    outcome = chosen("most_lines", lamps, vases, stock(4, site=EAST), *both_sites()[1:])
    assert (outcome.sites(lamps), outcome.sites(vases)) == ({EAST: 2, WEST: 2}, {EAST: 1, WEST: 1})


def test_a_whole_order_is_bound_by_no_site_that_it_holds() -> None:
    """All its lines are in the pass, so nothing moves for the sake of what the pass does not see."""
    whole = claim("O1", 1, country="US", postcode="10002", complete=True)
    supplies = stock(1, site=EAST), stock(1, site=WEST)
    held = {whole.id: {supplies[1].key: 1}}
    assert chosen("most_lines", whole, *supplies, held=held).sites(whole) == {EAST: 1}
    plain = one_lamp()
    assert chosen("most_lines", plain, *supplies, held={plain.id: held[whole.id]}).sites(plain) == {WEST: 1}


def test_of_more_kits_held_than_asked_for_only_those_asked_for_stay() -> None:
    lamps, vases = kits("O1", 1)
    supplies = stock(4, site=EAST), stock(2, VASE, EAST), stock(4, site=WEST), stock(2, VASE, WEST)
    held = {lamps.id: {supplies[2].key: 4}, vases.id: {supplies[3].key: 2}}
    outcome = chosen("most_lines", lamps, vases, *supplies, held=held)
    assert (outcome.sites(lamps), outcome.sites(vases)) == ({WEST: 2}, {WEST: 1})


def test_a_kit_s_line_is_covered_only_where_all_its_parts_are() -> None:
    """West has the set's lamps and no vase: that covers no line, so the other product comes from the nearer east."""
    near: dict[str, Any] = {"country": "US", "postcode": "10002"}
    kit = Kit(90, 1, 77, LAMP)
    parts = claim("O1", 1, LAMP, line=90, kit=kit, **near), claim("O1", 1, VASE, line=90, kit=kit, **near)
    other = claim("O1", 1, SET, **near)
    outcome = serve(*parts, other, stock(1, LAMP, WEST), stock(1, SET, EAST), stock(1, SET, WEST))
    assert outcome.sites(other) == {EAST: 1}
    outcome = serve(*parts, other, stock(1, LAMP, WEST), stock(1, VASE, WEST), stock(1, SET, EAST), stock(1, SET, WEST))
    assert outcome.sites(other) == {WEST: 1}
