"""What can be done for a customer who waits: which comes first, what it brings, what it costs. Cases in words."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.remedy import Band, Choice, Remedy, goodwill_of, remedies
from raincheck.core.situation import Instead, Lender, OpenLine, Rates, Situation, Waiting

TODAY = date(2026, 3, 2)
RATES = Rates(parcel_cost=Decimal(5), waiting_percent=Decimal(1), undated_days=30)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def lamps(*waiting: tuple[int, int | None], **more: object) -> OpenLine:
    """Lamps at 100 that cost 60; (units, days until they are with the customer, None: nobody knows)."""
    pieces = tuple(Waiting(units, None if days is None else day(days)) for units, days in waiting)
    return OpenLine("LAMP", "Arc lamp", Decimal(100), Decimal(60), waiting=pieces, **more)  # type: ignore[arg-type]


def mugs(**more: object) -> OpenLine:
    return OpenLine("MUG", "Mug", Decimal(10), Decimal(4), **more)  # type: ignore[arg-type]


def order(*lines: OpenLine, **more: object) -> Situation:
    return Situation(TODAY, day(1), "open", lines, rates=RATES, **more)  # type: ignore[arg-type]


def best(situation: Situation) -> Remedy:
    return remedies(situation)[0]


def of(situation: Situation, choice: Choice) -> Remedy:
    (found,) = [one for one in remedies(situation) if one.choice is choice]
    return found


def has(situation: Situation, choice: Choice) -> bool:
    return any(one.choice is choice for one in remedies(situation))


def test_dear_goods_that_lie_here_are_worth_a_parcel_of_their_own() -> None:
    """Four lamps lie here and wait ten days for a mug: 4 x 9 days x 1.00 is more than 5 for the parcel."""
    found = best(order(lamps(kept_back=4), mugs(waiting=(Waiting(1, day(10)),))))
    assert found.choice is Choice.SHIP_NOW
    assert (found.units, found.days, found.unit_days, found.cost) == (4, 9, 36, Decimal(5))
    assert found.worth == Decimal(31)


def test_one_mug_is_not_worth_a_parcel_of_its_own() -> None:
    """A mug for 10 that waits nine days gains 0.90 for 5: it can be done, and stands below what costs nothing."""
    found = of(order(mugs(kept_back=1), lamps((2, 10))), Choice.SHIP_NOW)
    assert found.band is Band.COSTLY
    assert found.worth == Decimal("0.90") - 5


def test_what_a_gold_customer_waits_counts_twice() -> None:
    situation = order(lamps(kept_back=4), mugs(waiting=(Waiting(1, day(10)),)))
    assert best(replace(situation, tier="gold")).worth == Decimal(67)


def test_goods_without_a_date_count_as_thirty_days_off() -> None:
    found = best(order(lamps(kept_back=2), mugs(waiting=(Waiting(1, None),))))
    assert found.days is None
    assert found.unit_days == 2 * 29


def test_an_order_on_hold_is_released_before_anything_else() -> None:
    situation = replace(order(lamps(kept_back=4), mugs(waiting=(Waiting(1, day(10)),))), state="held")
    assert best(situation).choice is Choice.RELEASE
    assert not has(situation, Choice.HOLD)


def test_a_declined_card_and_an_open_question_come_before_what_only_helps() -> None:
    situation = order(lamps((2, 10), instead=(Instead("LAMP-2", "Lamp 2", day(2), Decimal(60)),)))
    asked = replace(situation, is_unpaid=True, answer_by=day(3), offered_on=day(9))
    assert [one.choice for one in remedies(asked)[:3]] == [Choice.RETRY_PAYMENT, Choice.WAIT, Choice.SUBSTITUTE]
    assert (of(asked, Choice.WAIT).answer_by, of(asked, Choice.WAIT).comes_on) == (day(3), day(9))


def test_a_substitute_costs_the_difference_of_what_the_house_pays_and_never_the_customer() -> None:
    """Two lamps in ten days; another lamp tomorrow costs 63 instead of 60: 2 x 9 x 1.00 for 6."""
    found = of(order(lamps((2, 10), instead=(Instead("LAMP-2", "Lamp 2", day(1), Decimal(63)),))), Choice.SUBSTITUTE)
    assert (found.cost, found.refund, found.unit_days, found.worth) == (Decimal(6), Decimal(0), 18, Decimal(12))
    assert found.band is Band.HELPS


def test_a_substitute_that_loses_more_than_the_days_are_worth_is_not_proposed_first() -> None:
    found = of(order(lamps((2, 10), instead=(Instead("GOLD", "Gilt lamp", day(1), Decimal(90)),))), Choice.SUBSTITUTE)
    assert found.band is Band.COSTLY


def test_where_costs_are_not_known_the_difference_of_the_prices_counts() -> None:
    other = Instead("LAMP-2", "Lamp 2", day(1), None, Decimal(108))
    assert of(order(lamps((2, 10), instead=(other,))), Choice.SUBSTITUTE).cost == Decimal(16)


def test_a_substitute_that_comes_later_is_none() -> None:
    other = Instead("LAMP-2", "Lamp 2", day(12), Decimal(60))
    assert not has(order(lamps((2, 10), instead=(other,))), Choice.SUBSTITUTE)


def test_units_of_somebody_behind_are_weighed_against_that_customer() -> None:
    """Of equals nobody wins: taking from a standard customer for a standard one is worth nothing; for gold it is."""
    situation = order(lamps((2, 10), lenders=(Lender("SO-9", 5, day(3)),)))
    assert of(situation, Choice.MOVE_UNITS).band is Band.COSTLY
    gold = of(replace(situation, tier="gold"), Choice.MOVE_UNITS)
    assert gold.band is Band.HELPS
    assert (gold.units, gold.unit_days, gold.others_unit_days) == (2, 14, 14)


def test_the_units_that_wait_longest_are_the_ones_that_are_lent() -> None:
    found = of(order(lamps((3, 5), (1, None), lenders=(Lender("SO-9", 1, day(3)),))), Choice.MOVE_UNITS)
    assert found.unit_days == 5 + 30 - 3


def test_units_that_would_come_no_sooner_are_not_asked_for() -> None:
    for days in (10, 12):
        assert not has(order(lamps((2, 10), lenders=(Lender("SO-9", 5, day(days)),))), Choice.MOVE_UNITS)


def test_each_parcel_less_is_saved() -> None:
    """Three days of arrival: two parcels less."""
    assert of(order(lamps((1, 3), (1, 4), (1, 5))), Choice.SHIP_TOGETHER).cost == Decimal(-10)


def test_of_one_line_there_is_nothing_to_cancel_but_the_order() -> None:
    assert not has(order(lamps((2, 10))), Choice.CANCEL_LINE)
    assert has(order(lamps((2, 10)), mugs(waiting=(Waiting(1, day(3)),))), Choice.CANCEL_LINE)


def test_one_parcel_for_all_saves_parcels_and_costs_days() -> None:
    found = of(order(mugs(moving=2), lamps((2, 6))), Choice.SHIP_TOGETHER)
    assert (found.cost, found.unit_days, found.comes_on) == (Decimal(-5), -10, day(6))


def test_what_all_comes_on_one_day_need_not_be_put_together() -> None:
    assert not has(order(lamps((2, 6)), mugs(waiting=(Waiting(1, day(6)),))), Choice.SHIP_TOGETHER)


def test_a_broken_promise_suggests_what_its_days_are_worth() -> None:
    """Two lamps five days after the day told: 2 x 5 x 1.00, if so much was paid for what they have."""
    situation = order(lamps((2, 10), told_on=day(5)), paid=Decimal(300))
    assert goodwill_of(situation) == Decimal("10.00")
    assert goodwill_of(replace(situation, paid=Decimal(4))) == Decimal("4.00")
    assert not has(replace(situation, paid=Decimal(0)), Choice.GOODWILL)


def test_goodwill_is_suggested_in_whole_coins_of_the_currency() -> None:
    """Three lamps a day late: 3.00 in dollars; 1.2 of a yen is one yen."""
    late = order(lamps((3, 6), told_on=day(5)), paid=Decimal(300))
    yen = replace(late, rates=replace(RATES, decimals=0, waiting_percent=Decimal("0.4")))
    assert (str(goodwill_of(late)), str(goodwill_of(yen))) == ("3.00", "1")


def test_goodwill_never_exceeds_the_margin_of_what_is_late() -> None:
    situation = order(lamps((2, 400), told_on=day(5)), paid=Decimal(5000))
    assert goodwill_of(situation) == Decimal("80.00")


def test_lateness_that_nobody_knows_yet_is_not_paid_for_beforehand() -> None:
    """Told for four days ago, and no date: 2 x 4 x 1.00."""
    assert goodwill_of(order(lamps((2, None), told_on=day(-4)), paid=Decimal(300))) == Decimal("8.00")


def test_a_kept_promise_suggests_nothing() -> None:
    assert goodwill_of(order(lamps((2, 10), told_on=day(10)), paid=Decimal(300))) == 0


def test_a_gold_customer_s_days_are_worth_twice_as_much_to_give_back() -> None:
    situation = order(lamps((2, 10), told_on=day(5)), paid=Decimal(300), tier="gold")
    assert goodwill_of(situation) == Decimal("20.00")


def test_goodwill_is_proposed_for_a_broken_promise_and_can_be_given_for_none() -> None:
    assert of(order(lamps((2, 10), told_on=day(5)), paid=Decimal(300)), Choice.GOODWILL).band is Band.ASK
    assert of(order(lamps((2, 10), told_on=day(10)), paid=Decimal("0.50")), Choice.GOODWILL).band is Band.COSTLY


def test_sending_ahead_what_would_leave_on_the_same_day_gains_nothing() -> None:
    assert of(order(lamps(kept_back=4), mugs(waiting=(Waiting(1, day(1)),))), Choice.SHIP_NOW).unit_days == 0


def test_what_waits_for_the_rest_already_need_not_be_put_together() -> None:
    assert not has(order(lamps((1, 3), kept_back=1), mugs(waiting=(Waiting(1, day(5)),))), Choice.SHIP_TOGETHER)


def test_cancelling_says_what_margin_is_lost_what_is_given_back_and_what_others_get() -> None:
    situation = order(lamps((2, 10), kept_back=1, comes_back=Decimal(300)), mugs(moving=3), comes_back=Decimal(305))
    line = next(one for one in remedies(situation) if one.choice is Choice.CANCEL_LINE and one.sku == "LAMP")
    assert (line.units, line.cost, line.refund, line.freed) == (3, Decimal(120), Decimal(300), 1)
    whole = of(situation, Choice.CANCEL_ORDER)
    assert (whole.units, whole.cost, whole.refund, whole.freed) == (6, Decimal(138), Decimal(305), 4)
    assert whole.band is Band.GIVE_UP


def test_what_the_floor_has_in_hand_goes_where_it_was_going() -> None:
    situation = order(mugs(moving=2), lamps((1, 5), instead=(Instead("L2", "L2", day(1), Decimal(60)),)), on_floor=True)
    found = {one.choice for one in remedies(situation)}
    assert found.isdisjoint({Choice.CHANGE_ADDRESS, Choice.SUBSTITUTE, Choice.SHIP_TOGETHER})


def test_somebody_without_an_address_is_sent_no_link() -> None:
    assert not has(order(lamps((1, 5)), can_write=False), Choice.SEND_LINK)


def test_of_an_order_with_nothing_open_one_can_still_call_back_and_be_generous() -> None:
    situation = order(mugs(), paid=Decimal(20))
    assert [one.choice for one in remedies(situation)] == [Choice.GOODWILL, Choice.CALL_BACK]


days = st.none() | st.integers(0, 60)
open_lines = st.builds(
    lambda sku, price, cost, kept, moving, waiting, told, lent, other: OpenLine(
        sku,
        sku,
        Decimal(price),
        cost,
        kept,
        moving,
        tuple(Waiting(units, None if on is None else day(on)) for units, on in waiting),
        None if told is None else day(told),
        instead=(Instead("X", "X", None if other is None else day(other), Decimal(5)),),
        lenders=(Lender("SO-9", lent, day(2)),),
    ),
    st.sampled_from(["A", "B", "C"]),
    st.integers(1, 500),
    st.none() | st.integers(0, 600).map(Decimal),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(1, 5), days), max_size=3),
    days,
    st.integers(1, 9),
    days,
)
situations = st.builds(
    lambda lines, state, tier, paid: replace(order(*lines, paid=Decimal(paid), tier=tier), state=state),
    st.lists(open_lines, min_size=1, max_size=3, unique_by=lambda line: line.sku),
    st.sampled_from(["open", "held", "cancel_requested"]),
    st.sampled_from(["", "standard", "silver", "gold"]),
    st.integers(0, 500),
)


@given(situations)
def test_whatever_is_open_the_choices_are_named_once_and_in_order(situation: Situation) -> None:
    found = remedies(situation)
    assert len({one.key for one in found}) == len(found)
    assert [one.band for one in found] == sorted(one.band for one in found)
    for before, after in itertools.pairwise(found):
        assert before.band < after.band or before.worth >= after.worth
    assert remedies(replace(situation, lines=situation.lines[::-1])) == found


@given(situations)
def test_what_is_said_to_help_is_worth_more_than_it_costs_and_moves_no_more_than_is_open(situation: Situation) -> None:
    for one in remedies(situation):
        assert one.units <= situation.open_units
        assert one.refund >= 0
        if one.band is Band.HELPS:
            assert one.worth > 0
            assert one.unit_days > 0


def test_the_last_day_of_a_line_is_known_only_if_something_waits_and_all_of_it_has_a_day() -> None:
    assert lamps((1, 3), (2, 9)).last_on == day(9)
    assert lamps((1, 3), (2, None)).last_on is None
    assert lamps(kept_back=2).last_on is None


def test_a_supplier_is_asked_to_hurry_before_anything_else_only_where_the_customer_waits_too_long() -> None:
    in_time = lamps((2, 9), told_on=day(9), coming=("P1",))
    late, undated = replace(in_time, told_on=day(8)), lamps((2, None), coming=("P1",))
    assert [of(order(line), Choice.EXPEDITE).band for line in (in_time, late, undated)] == [
        Band.KEEP, Band.ASK, Band.ASK,
    ]  # fmt: skip
    assert (of(order(late), Choice.EXPEDITE).other, of(order(late), Choice.EXPEDITE).units) == ("P1", 2)
    bought = of(order(lamps((2, 9), to_buy=1)), Choice.EXPEDITE)
    assert (bought.other, bought.units) == ("", 1)


def test_what_can_be_done_whatever_happens_stands_there_where_it_can_be_done() -> None:
    situation = order(lamps((2, 10), told_on=day(5)))
    for choice in (Choice.SEND_LINK, Choice.CHANGE_ADDRESS, Choice.HOLD, Choice.CALL_BACK, Choice.WAIT):
        assert has(situation, choice), choice
    assert not has(replace(situation, can_write=False), Choice.SEND_LINK)
    assert not has(replace(situation, on_floor=True), Choice.CHANGE_ADDRESS)
    assert not has(replace(situation, state="cancel_requested"), Choice.HOLD)


def test_who_is_late_may_be_asked_to_wait_and_who_is_in_time_need_not_be() -> None:
    late = of(order(lamps((2, 10), told_on=day(5))), Choice.WAIT)
    assert (late.band, late.units, late.comes_on) == (Band.ASK, 2, day(10))
    assert not has(order(lamps((2, 10), told_on=day(10))), Choice.WAIT)


def test_nothing_is_sent_ahead_where_nothing_waits_for_the_rest() -> None:
    assert not has(order(lamps(kept_back=2)), Choice.SHIP_NOW)
    assert not has(order(lamps((2, 10))), Choice.SHIP_NOW)


def test_three_lenders_and_three_other_products_are_enough_to_choose_from() -> None:
    lenders = tuple(Lender(f"O{n}", 2, day(1)) for n in range(5))
    instead = tuple(Instead(f"LAMP-{n}", "Lamp", day(2), Decimal(60)) for n in range(5))
    found = [one.choice for one in remedies(order(lamps((2, 10), lenders=lenders, instead=instead)))]
    assert found.count(Choice.MOVE_UNITS) == 3
    assert found.count(Choice.SUBSTITUTE) == 3
