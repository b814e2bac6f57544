"""What money keeps from leaving: declined charges, orders that no authorisation covers, and what goes with them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.core.company import LAMP, VASE, book_of, claim, day, purchase, stock

from raincheck.core.cards import UNANSWERED, Cover
from raincheck.core.decision import Decision, Facts, Standing, decide, expectations, reason_of
from raincheck.core.demand import Claim, Kit, ParcelTerms
from raincheck.core.money import LineMoney, OrderMoney
from raincheck.core.promise import Told, Word
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWN_LINE = 10_000_011
"""A line that no other claim is on: without a word of it a claim is a line of its own."""


def facts_of(*things: Claim | Supply, rules: dict[str, Any] | None = None, **facts: Any) -> Facts:
    settings = Settings(**(rules or {}))
    return Facts(NOON, settings, book_of(*things, on_road=settings.road), **facts)


def goes(decision: Decision) -> dict[int, int]:
    """Units that leave now, by claim."""
    units: dict[int, int] = {}
    for release in decision.releases:
        units[release.claim.id] = units.get(release.claim.id, 0) + release.peg.units
    return units


def why(facts: Facts, one: Claim) -> set[Reason]:
    decision = decide(facts)
    return {reason_of(facts, decision, one, peg) for peg in decision.pegs[one.id]}


def test_a_charge_that_is_declined_keeps_its_units_here_and_the_others_go() -> None:
    declined, other = claim("O1", 1, line=OWN_LINE), claim("O2", 1)
    facts = facts_of(declined, other, stock(2), declining_lines=frozenset({OWN_LINE}))
    decision = decide(facts)
    assert (set(decision.declined), goes(decision)) == ({declined.id}, {other.id: 1})
    assert (why(facts, declined), why(facts, other)) == ({Reason.PAYMENT_FAILED}, {Reason.ON_HAND})


def test_no_charge_is_declined_before_the_carrier_has_the_goods() -> None:
    one = claim("O1", 1, line=OWN_LINE)
    by_hand = facts_of(one, stock(1), declining_lines=frozenset({OWN_LINE}), rules={"warehouse": "manual"})
    handled = facts_of(one, stock(1), declining_lines=frozenset({OWN_LINE}), rules={"handling_days": 1})
    waiting = facts_of(one, purchase(1, day(3)), declining_lines=frozenset({OWN_LINE}))
    assert [decide(facts).declined for facts in (by_hand, handled, waiting)] == [frozenset()] * 3


def test_what_is_unpaid_already_is_not_declined_anew_and_does_not_leave() -> None:
    one = claim("O1", 2, line=OWN_LINE)
    facts = facts_of(one, stock(2), declining_lines=frozenset({OWN_LINE}), unpaid=frozenset({one.id}))
    decision = decide(facts)
    assert (decision.declined, goes(decision)) == (frozenset(), {})
    assert why(facts, one) == {Reason.PAYMENT_FAILED}


def test_what_waits_for_its_money_keeps_the_day_told_and_hears_of_no_other() -> None:
    told = Standing(Told(day(1), 1))
    one, other = claim("O1", 1, line=OWN_LINE, told=day(1)), claim("O2", 1, told=day(1))
    later = (purchase(1, day(5)), purchase(1, day(5)))
    facts = facts_of(one, other, *later, standings={one.id: told, other.id: told}, rules={"settle_minutes": 0},
                     unpaid=frozenset({one.id}))  # fmt: skip
    tellings = decide(facts).tellings
    assert (tellings[one.id].word, tellings[one.id].told.told_on) == (None, day(1))
    assert (tellings[other.id].word, tellings[other.id].told.told_on) == (Word.DELAYED, day(5))


def test_a_whole_order_stays_with_the_line_whose_charge_was_declined() -> None:
    lamp, vase = claim("O1", 1, line=OWN_LINE, complete=True), claim("O1", 1, VASE, line=12, complete=True)
    decision = decide(facts_of(lamp, vase, stock(1), stock(1, VASE), declining_lines=frozenset({OWN_LINE})))
    assert goes(decision) == {}


def test_what_shares_a_counted_parcel_with_a_declined_line_stays_too() -> None:
    two = ParcelTerms(up_to=2, recipient="O1")
    lamp = claim("O1", 1, line=OWN_LINE, parcel_terms=two)
    vase = claim("O1", 1, VASE, line=12, parcel_terms=two)
    alone = claim("O2", 1, VASE, line=13, parcel_terms=ParcelTerms(up_to=2, recipient="O2"))
    decision = decide(facts_of(lamp, vase, alone, stock(1), stock(2, VASE), declining_lines=frozenset({OWN_LINE})))
    assert decision.declined == {lamp.id}
    assert goes(decision) == {alone.id: 1}


def test_lines_that_go_as_they_come_do_not_wait_for_a_declined_one() -> None:
    lamp, vase = claim("O1", 1, line=OWN_LINE), claim("O1", 1, VASE, line=12)
    decision = decide(facts_of(lamp, vase, stock(1), stock(1, VASE), declining_lines=frozenset({OWN_LINE})))
    assert goes(decision) == {vase.id: 1}


def on_card(amount: str, *lines: int, leaving: dict[int, int] | None = None) -> Cover:
    """A card that covers an amount of an order whose lines cost 40.00 a unit."""
    goods = {line: LineMoney(Decimal(40), open_units=9) for line in lines}
    return Cover(OrderMoney(goods), Decimal(amount), leaving or {})


def test_an_order_that_its_card_does_not_cover_stays_and_says_what_is_missing() -> None:
    short, covered = claim("O1", 2, line=OWN_LINE), claim("O2", 2, line=21)
    covers = {1: on_card("79.99", OWN_LINE), 2: on_card("80.00", 21)}
    decision = decide(facts_of(short, covered, stock(4), covers=covers))
    assert decision.uncovered == {1: Decimal("0.01")}
    assert goes(decision) == {covered.id: 2}


def test_the_units_of_all_lines_are_covered_together_with_what_is_on_its_way() -> None:
    lamp, vase = claim("O1", 1, line=OWN_LINE), claim("O1", 1, VASE, line=12)
    cover = on_card("80.00", OWN_LINE, 12, leaving={OWN_LINE: 1})
    decision = decide(facts_of(lamp, vase, stock(1), stock(1, VASE), covers={1: cover}))
    assert (decision.uncovered, goes(decision)) == ({1: Decimal(40)}, {})


def test_an_order_whose_card_has_not_answered_stays() -> None:
    one = claim("O1", 1)
    decision = decide(facts_of(one, stock(1), covers={1: UNANSWERED}))
    assert decision.uncovered == {1: 0}
    assert goes(decision) == {}


def test_what_no_authorisation_covers_is_charged_nothing_and_so_not_declined() -> None:
    one = claim("O1", 1, line=OWN_LINE)
    decision = decide(facts_of(one, stock(1), covers={1: UNANSWERED}, declining_lines=frozenset({OWN_LINE})))
    assert decision.uncovered == {1: 0}
    assert not decision.declined, "its authorisation is what will be declined"
    paid = decide(facts_of(one, stock(1), covers={1: on_card("40", OWN_LINE)}, declining_lines=frozenset({OWN_LINE})))
    assert not paid.uncovered
    assert paid.declined == {one.id}


def test_kits_are_paid_for_as_kits() -> None:
    """Two kits of two lamps and a vase at 40.00 a kit."""
    kit = Kit(31, 1, 77, LAMP)
    lamps = claim("O1", 4, line=31, kit=kit, per_kit=2)
    vases = claim("O1", 2, VASE, line=31, kit=kit)
    decision = decide(facts_of(lamps, vases, stock(4), stock(2, VASE), covers={1: on_card("80.00", 31)}))
    assert (decision.uncovered, goes(decision)) == ({}, {lamps.id: 4, vases.id: 2})
    bare = decide(facts_of(lamps, vases, stock(4), stock(2, VASE), covers={1: on_card("79.00", 31)}))
    assert bare.uncovered == {1: 1}
    assert goes(bare) == {}


def test_a_preview_expects_the_days_that_the_decision_expects() -> None:
    merging = ParcelTerms(merge_hours=48, recipient="ann")
    plain, planned = claim("O1", 1), claim("O2", 1, VASE, parcel_terms=merging)
    facts = facts_of(plain, planned, purchase(1, day(3)), stock(1, VASE))
    decision = decide(facts)
    expected = expectations(facts, facts.book.claims, decision.pegs)
    assert {id_: one.delivers_on for id_, one in expected.items()} == {plain.id: day(3), planned.id: day(2)}
    assert expected == decision.estimates


def test_a_planned_parcel_that_goes_is_on_hand_and_one_that_merges_says_so() -> None:
    goes_, merges = (
        claim(f"O{n}", 1, parcel_terms=ParcelTerms(merge_hours=hours, recipient=f"O{n}"))
        for n, hours in ((1, 0), (2, 4))
    )
    facts = facts_of(goes_, merges, stock(2))
    assert (why(facts, goes_), why(facts, merges)) == ({Reason.ON_HAND}, {Reason.MERGING})


def test_what_is_declined_ends_no_window_for_the_others() -> None:
    """Ann's lamp has waited its hours and is declined; her vase, of today, waits its own."""
    ann = ParcelTerms(merge_hours=4, recipient="ann")
    waited = replace(ann, ready_since=NOON - timedelta(hours=4))
    lamp, vase = claim("O1", 1, line=OWN_LINE, parcel_terms=waited), claim("O2", 1, VASE, parcel_terms=ann)
    facts = facts_of(lamp, vase, stock(1), stock(1, VASE))
    assert goes(decide(facts)) == {lamp.id: 1, vase.id: 1}
    decision = decide(replace(facts, declining_lines=frozenset({OWN_LINE})))
    assert goes(decision) == {}
    assert decision.parcels.window_ends_at == {2: NOON + timedelta(hours=4)}
