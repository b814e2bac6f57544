"""What may go to the carrier now."""

from dataclasses import replace

from tests.core.company import EAST, LAMP, TODAY, VASE, WEST, book_of, claim, day, joined, purchase, road, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import Book, ProductFacts
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.split import by_parcel, releasable, without_parts_of


def going(book: Book, *held: Claim) -> dict[int, int]:
    """Units that go now, by claim."""
    units: dict[int, int] = {}
    for release in releasable(book, allocate(book), {one.order for one in held}):
        units[release.claim.id] = units.get(release.claim.id, 0) + release.peg.units
    return units


def test_a_plain_order_goes_as_far_as_there_is_stock() -> None:
    lamps = claim("O1", 5)
    assert going(book_of(lamps, stock(3), purchase(2, TODAY))) == {lamps.id: 3}


def test_a_complete_order_goes_whole_or_not() -> None:
    lamp, vase = claim("O1", 1, LAMP, complete=True), claim("O1", 1, VASE, complete=True)
    assert going(book_of(lamp, vase, stock(1))) == {}
    assert going(book_of(lamp, vase, stock(1), purchase(1, TODAY, VASE))) == {}
    assert going(book_of(lamp, vase, stock(1), stock(1, VASE))) == {lamp.id: 1, vase.id: 1}


def test_one_order_that_waits_holds_up_no_other() -> None:
    waiting, ready = claim("O1", 2, LAMP, complete=True), claim("O2", 1, VASE, complete=True)
    assert going(book_of(waiting, ready, stock(1), stock(1, VASE))) == {ready.id: 1}


def test_a_held_order_stays() -> None:
    held, free = claim("O1", 1), claim("O2", 1)
    assert going(book_of(held, free, stock(2)), held) == {free.id: 1}


def test_handling_does_not_keep_goods_from_being_released() -> None:
    lamps = claim("O1", 1)
    assert going(book_of(lamps, stock(1), on_road=road(handling_days=2))) == {lamps.id: 1}


def test_a_pre_order_waits_for_its_day_also_if_both_days_ship_on_the_same_monday() -> None:
    """On Saturday, available from Sunday, a working day to handle: both would ship on Monday. It stays till Sunday."""
    saturday = day(5)
    for available_from, goes in ((day(6), {}), (day(5), {0: 1})):
        lamps = claim("O1", 1)
        book = book_of(
            lamps, stock(1), today=saturday, on_road=road(handling_days=1),
            facts={LAMP: ProductFacts(available_from=available_from)},
        )  # fmt: skip
        assert list(going(book).values()) == list(goes.values())


def test_a_parcel_for_each_order_and_site_the_first_in_rank_first() -> None:
    second, first = claim("O1", 1, at=joined(9)), claim("O2", 2, at=joined(8))
    book = book_of(second, first, stock(1, site=EAST), stock(2, site=WEST))
    parcels = by_parcel(releasable(book, allocate(book), ()))
    assert list(parcels) == [(2, WEST), (1, EAST)]
    assert [release.claim.id for release in parcels[2, WEST]] == [first.id]


def test_of_one_line_the_older_units_go_first() -> None:
    older = claim("O1", 1, line=1)
    newer = replace(older, id=older.id + 1000)
    book = book_of(newer, older, stock(2))
    assert [release.claim.id for release in releasable(book, allocate(book), ())] == [older.id, newer.id]


def test_orders_that_share_are_put_into_one_parcel_a_site() -> None:
    first, second, third = (claim(f"O{n}", 1, at=joined(8 + n)) for n in (1, 2, 3))
    book = book_of(first, second, third, stock(3))
    parcels = by_parcel(releasable(book, allocate(book), ()), {1: "ann", 3: "ann"})
    assert {key: [one.claim.id for one in parcel] for key, parcel in parcels.items()} == {
        ("ann", EAST): [first.id, third.id],
        (2, EAST): [second.id],
    }


def test_with_what_stays_stays_what_leaves_together_with_it() -> None:
    two, three = ParcelTerms(up_to=2), ParcelTerms(up_to=3)
    whole = claim("O1", 1, complete=True), claim("O1", 1, VASE, complete=True)
    other_whole = claim("O2", 1, complete=True)
    counted = claim("O3", 1, parcel_terms=two), claim("O3", 1, VASE, parcel_terms=two)
    otherwise_counted = claim("O3", 1, parcel_terms=three)
    other_counted = claim("O4", 1, parcel_terms=two)
    plain = claim("O5", 1), claim("O5", 1, VASE)
    book = book_of(*whole, other_whole, *counted, otherwise_counted, other_counted, *plain, stock(6), stock(3, VASE))
    releases = releasable(book, allocate(book), ())
    assert len(releases) == 9
    left = {release.claim for release in without_parts_of(releases, {whole[0].id, counted[0].id, plain[0].id})}
    assert left == {other_whole, otherwise_counted, other_counted, plain[1]}
