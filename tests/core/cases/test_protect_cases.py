"""Protections in words: who may draw on what, whose told days stay covered, and who is kept from what."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.core.company import EAST, LAMP, VASE, WEST, book_of, claim, day, joined, purchase, serve, stock

from raincheck.core.allocate import allocate, protected_units
from raincheck.core.book import Book, Protection
from raincheck.core.decision import Facts, decide, reason_of
from raincheck.core.demand import Claim
from raincheck.core.kept_from import KeptFrom, kept_from
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply


def keep(units: int, tier: str = "gold", product: int = LAMP) -> Protection:
    """Units that are kept for a tier."""
    return Protection(product, tier, units)


def reasons(*things: Claim | Supply, protections: tuple[Protection, ...]) -> dict[str, list[Reason]]:
    """Each order's reasons, peg by peg."""
    book = book_of(*things, protections=protections)
    facts = Facts(datetime(2026, 3, 2, 9, tzinfo=UTC), Settings(), book)
    decision = decide(facts)
    return {one.rank[3]: [reason_of(facts, decision, one, peg) for peg in decision.pegs[one.id]] for one in book.claims}


def test_others_have_what_is_not_protected() -> None:
    outcome = serve(claim("O1", 4), stock(5), protections=(keep(3),))
    assert outcome["O1"] == {"stock": 2, "none": 2}


def test_the_tier_has_all_of_it() -> None:
    outcome = serve(claim("O1", 4, tier="gold"), stock(5), protections=(keep(3),))
    assert outcome["O1"] == {"stock": 4}


def test_the_tier_draws_on_its_own_units_first() -> None:
    outcome = serve(claim("O1", 2, tier="gold"), claim("O2", 3), stock(5), protections=(keep(3),))
    assert outcome["O2"] == {"stock": 2, "none": 1}


def test_protected_are_the_earliest_units() -> None:
    outcome = serve(claim("O1", 3), stock(2), purchase(2, day(5)), purchase(2, day(9)), protections=(keep(3),))
    assert outcome["O1"] == {"2026-03-07": 1, "2026-03-11": 2}


def test_a_told_day_of_another_tier_stays_covered() -> None:
    told = claim("O1", 2, told=day(0))
    outcome = serve(
        told, claim("O2", 3, tier="gold", at=joined(8)), stock(3), purchase(2, day(5)), protections=(keep(5),)
    )
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"stock": 1, "2026-03-07": 2}


def test_a_told_day_of_the_tier_does_not_hold_its_protection_up() -> None:
    """The stock that gold was told is protected as well: gold's own, and nobody else's."""
    told = claim("O1", 2, told=day(0), tier="gold", at=joined(10))
    outcome = serve(told, claim("O2", 2, at=joined(9)), stock(3), protections=(keep(2),))
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"stock": 1, "none": 1}


def test_its_own_told_days_draw_on_a_protection_first() -> None:
    """Gold that was told today comes before better ranked gold that was told nothing."""
    told = claim("O1", 2, told=day(0), tier="gold", at=joined(10))
    first = claim("O2", 2, tier="gold", at=joined(9))
    outcome = serve(told, first, stock(2), purchase(2, day(5)), protections=(keep(2),))
    assert outcome["O1"] == {"stock": 2}
    assert outcome["O2"] == {"2026-03-07": 2}


def test_gold_s_protection_comes_before_silver_s() -> None:
    outcome = serve(
        claim("O1", 3, tier="silver"),
        claim("O2", 3, tier="gold", at=joined(10)),
        stock(3),
        protections=(keep(2, "silver"), keep(2)),
    )
    assert outcome["O1"] == {"stock": 1, "none": 2}
    assert outcome["O2"] == {"stock": 2, "none": 1}


def test_a_protection_is_of_its_product_alone() -> None:
    outcome = serve(
        claim("O1", 1), claim("O1", 1, VASE), stock(1), stock(1, VASE), protections=(keep(1, product=VASE),)
    )
    assert outcome["O1"] == {"stock": 1, "none": 1}


def test_a_lender_gives_back_protected_units_last() -> None:
    """A gold group has four of a truck, one of them protected, then its two protected on the shelf in place of two.

    So gold holds all three that were protected, and nothing is kept from others any more.
    """
    lamp = claim("O1", 4, complete=True, tier="gold")
    vase = claim("O1", 1, VASE, complete=True, tier="gold")
    book = book_of(lamp, vase, stock(2), purchase(4, day(5)), purchase(1, day(20), VASE), protections=(keep(3),))
    assert sum(peg.units for peg in allocate(book)[lamp.id]) == 4
    assert not any(protected_units(book).values())


def test_who_could_have_had_stock_is_told_that_it_is_protected() -> None:
    found = reasons(claim("O1", 2), claim("O2", 2, at=joined(10)), stock(2), protections=(keep(2),))
    assert found == {"O1": [Reason.PROTECTED], "O2": [Reason.NO_DATE]}


def test_units_that_would_wait_anyway_are_not_kept_from_anything() -> None:
    """Of five that wait two could have had stock; the last of them waits because there is no more."""
    found = reasons(claim("O1", 5), stock(2), protections=(keep(2),))
    assert found == {"O1": [Reason.NO_DATE]}


def test_of_several_pegs_those_are_protected_that_stock_would_have_served() -> None:
    things = (claim("O1", 4), stock(2), purchase(2, day(5)), purchase(2, day(9)))
    assert reasons(*things, protections=(keep(2),)) == {"O1": [Reason.PROTECTED, Reason.PEGGED_TO_INBOUND]}


def test_a_protection_of_nothing_protects_nothing() -> None:
    book = book_of(claim("O1", 2), stock(2), protections=(keep(0),))
    assert protected_units(book) == {}
    assert allocate(book) == allocate(
        Book(book.today, book.road, book.supplies, book.claims, book.products, book.sites)
    )


def test_who_has_units_at_a_site_stays_there_beside_what_is_protected() -> None:
    """Two trucks come to the far site on one day. One unit of the first is gold's, so the second serves the other."""
    one = claim("O1", 2, country="US", postcode="10001")
    first, second, near = purchase(2, day(5), site=WEST), purchase(2, day(5), site=WEST), purchase(2, day(5), site=EAST)
    here = stock(1)
    held = {one.id: {first.key: 2}}
    outcome = serve(one, here, first, second, near, held=held, protections=(keep(2),))
    assert outcome.supplies(one) == {first.id: 1, second.id: 1}


def test_nobody_is_kept_from_what_the_protection_gave_them() -> None:
    gold = claim("O2", 2, tier="gold", at=joined(10))
    book = book_of(claim("O1", 2), gold, stock(2), protections=(keep(2),))
    assert kept_from(book, allocate(book)) == {book.claims[0].id: KeptFrom(on_hand=2, supplied=2)}


def test_who_keeps_stock_has_it_before_who_outranks_them() -> None:
    outcome = serve(claim("O1", 2, keeps_stock=1), claim("O2", 2, score=1), stock(2), purchase(2, day(5)))
    assert outcome["O1"] == {"stock": 1, "2026-03-07": 1}
    assert outcome["O2"] == {"stock": 1, "2026-03-07": 1}


def test_who_keeps_stock_has_it_also_where_rank_may_break_told_dates() -> None:
    one = claim("O1", 2, keeps_stock=1, told=day(0))
    outcome = serve(one, claim("O2", 2, score=1), stock(2), keeps_told_dates=False)
    assert outcome["O1"] == {"stock": 1, "none": 1}


def test_stock_that_is_kept_counts_among_the_units_told() -> None:
    """Two were told today and one of them lies reserved: two are set aside, not three."""
    one = claim("O1", 3, keeps_stock=1, told=day(0), told_units=2)
    outcome = serve(one, claim("O2", 2, score=1), stock(3))
    assert outcome["O1"] == {"stock": 2, "none": 1}
    assert outcome["O2"] == {"stock": 1, "none": 1}


def test_stock_that_its_site_hands_over_a_day_later_is_kept_as_well() -> None:
    keeper, better = claim("O1", 2, keeps_stock=2), claim("O2", 2, score=1)
    book = book_of(keeper, better, stock(1), stock(1, site=WEST))
    closed = tuple(replace(s, ships_on=day(1)) if s.site == WEST else s for s in book.supplies)
    pegs = allocate(replace(book, supplies=closed))
    assert sum(peg.units for peg in pegs[keeper.id] if peg.supply) == 2
