"""The date told (semantics 6 to 9; contract, "Dates" and "Money and messages")."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.core.company import LAMP, claim, day, purchase, road, serve, stock

from raincheck.core.book import ProductFacts
from raincheck.core.consent import Window
from raincheck.core.peg import Peg
from raincheck.core.promise import Estimate, Telling, Told, Word, estimate, latest, tell

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TWELFTH, FOURTEENTH, FIFTEENTH = date(2026, 3, 12), date(2026, 3, 14), date(2026, 3, 15)
NOBODY = Told()
TOLD_12TH = Told(told_on=TWELFTH, told_units=3)


def known(day_: date | None, *, slips: bool = False, lead_time_units: int = 0) -> Estimate:
    return Estimate(day_, slips, lead_time_units)


def hear(
    told: Told,
    estimate_: Estimate,
    minutes: int = 0,
    units: int = 3,
    settle_minutes: int = 60,
    *,
    tighten: bool = False,
) -> Telling:
    """What is said so many minutes after noon."""
    return tell(told, estimate_, units, NOON + timedelta(minutes=minutes), settle_minutes, tighten=tighten)


def test_the_first_day_is_told_at_once() -> None:
    telling = hear(NOBODY, known(TWELFTH))
    assert telling == Telling(Word.FIRST_DATE, TOLD_12TH, None)


def test_the_first_day_is_told_even_if_it_may_slip() -> None:
    """Goods lie here: the first promise is the day on which they would arrive if they shipped now."""
    assert hear(NOBODY, known(TWELFTH, slips=True)).word is Word.FIRST_DATE


def test_without_a_day_nothing_is_told() -> None:
    assert hear(NOBODY, known(None)) == Telling(None, NOBODY, None)


def test_a_first_day_after_none_is_told_at_once() -> None:
    """Supply fell away and there is some again."""
    assert hear(Told(lost_by_waiting=False), known(FOURTEENTH)).word is Word.FIRST_DATE


def test_07_a_date_that_moves_within_the_promise_is_no_news() -> None:
    assert hear(TOLD_12TH, known(date(2026, 3, 11))) == Telling(None, TOLD_12TH, None)
    assert hear(TOLD_12TH, known(TWELFTH)) == Telling(None, TOLD_12TH, None)


def test_06_an_earlier_date_is_told_only_by_a_company_that_tightens() -> None:
    earlier = known(date(2026, 3, 9))
    assert hear(TOLD_12TH, earlier, 600).word is None
    pending = hear(TOLD_12TH, earlier, tighten=True)
    assert (pending.word, pending.look_again_at) == (None, NOON + timedelta(hours=1))
    telling = hear(pending.told, earlier, 60, tighten=True)
    assert telling == Telling(Word.BROUGHT_FORWARD, Told(told_on=date(2026, 3, 9), told_units=3), None)


def test_06_goods_that_lie_here_early_are_told_by_a_company_that_tightens() -> None:
    """The day may slip tomorrow; it is good news all the same, not a loss of the date."""
    telling = hear(TOLD_12TH, known(date(2026, 3, 9), slips=True), settle_minutes=0, tighten=True)
    assert telling == Telling(Word.BROUGHT_FORWARD, Told(told_on=date(2026, 3, 9), told_units=3), None)


def test_06_the_same_day_is_no_news_for_a_company_that_tightens() -> None:
    assert hear(TOLD_12TH, known(TWELFTH), 600, settle_minutes=0, tighten=True).word is None


def test_a_later_day_is_told_when_it_has_stood_for_the_settling_time() -> None:
    pending = hear(TOLD_12TH, known(FOURTEENTH))
    assert pending.word is None
    assert pending.told == replace(TOLD_12TH, pending_on=FOURTEENTH, pending_since=NOON)
    assert pending.look_again_at == NOON + timedelta(minutes=60)
    assert hear(pending.told, known(FOURTEENTH), 59) == pending
    told = hear(pending.told, known(FOURTEENTH), 60)
    assert told == Telling(Word.DELAYED, Told(told_on=FOURTEENTH, told_units=3), None)


def test_without_a_settling_time_it_is_told_at_once() -> None:
    assert hear(TOLD_12TH, known(FOURTEENTH), settle_minutes=0).word is Word.DELAYED


def test_08_a_date_that_flaps_within_the_hour_is_no_news() -> None:
    """The 12th, the 14th, the 12th: nothing is said."""
    pending = hear(TOLD_12TH, known(FOURTEENTH))
    back = hear(pending.told, known(TWELFTH), 30)
    assert back == Telling(None, TOLD_12TH, None)
    assert hear(back.told, known(FOURTEENTH), 70).look_again_at == NOON + timedelta(minutes=130)


def test_08_another_late_day_stands_for_its_own_hour() -> None:
    pending = hear(TOLD_12TH, known(FOURTEENTH))
    other = hear(pending.told, known(FIFTEENTH), 45)
    assert (other.word, other.look_again_at) == (None, NOON + timedelta(minutes=105))
    assert hear(other.told, known(FIFTEENTH), 60).word is None
    assert hear(other.told, known(FIFTEENTH), 105).told.told_on == FIFTEENTH


def test_a_date_that_is_lost_is_told_once_settled_without_a_date() -> None:
    pending = hear(TOLD_12TH, known(None))
    assert (pending.word, pending.told.told_on, pending.told.pending_on) == (None, TWELFTH, None)
    assert pending.told.pending_since == NOON
    assert hear(pending.told, known(None), 60) == Telling(Word.DELAYED, NOBODY, None)


def test_from_no_date_to_a_late_date_the_hour_begins_anew() -> None:
    pending = hear(TOLD_12TH, known(None))
    other = hear(pending.told, known(FOURTEENTH), 30)
    assert other.look_again_at == NOON + timedelta(minutes=90)


def test_a_day_that_goes_by_without_shipping_is_told_once_without_a_date() -> None:
    """Told the 12th; on the 13th it lies here still, on the 14th too: one notice, and no day in it."""
    telling = hear(TOLD_12TH, known(date(2026, 3, 13), slips=True), settle_minutes=0)
    assert telling == Telling(Word.DELAYED, Told(lost_by_waiting=True), None)
    for later in (FOURTEENTH, FIFTEENTH):
        assert hear(telling.told, known(later, slips=True), settle_minutes=0) == Telling(None, telling.told, None)


def test_after_that_a_day_that_somebody_named_is_news_again() -> None:
    telling = hear(Told(lost_by_waiting=True), known(FIFTEENTH))
    assert telling == Telling(Word.FIRST_DATE, Told(told_on=FIFTEENTH, told_units=3), None)


def test_the_settling_of_a_slipping_day_is_not_begun_anew_every_day() -> None:
    pending = hear(TOLD_12TH, known(date(2026, 3, 13), slips=True), settle_minutes=2880)
    assert hear(pending.told, known(FOURTEENTH, slips=True), 1440, settle_minutes=2880).look_again_at == (
        NOON + timedelta(minutes=2880)
    )


def test_units_that_join_under_a_told_day_that_is_met_are_told_too() -> None:
    telling = hear(TOLD_12TH, known(TWELFTH), units=5)
    assert telling == Telling(None, replace(TOLD_12TH, told_units=5), None)


def test_units_that_join_and_make_it_late_are_not_told_yet() -> None:
    assert hear(TOLD_12TH, known(FOURTEENTH), units=5).told.told_units == 3


def test_once_the_purchase_is_made_the_told_day_rests_on_it() -> None:
    """Told from a lead time, and a purchase order for it comes in time: from now on that supply is kept."""
    by_lead_time = replace(TOLD_12TH, told_by_lead_time=3)
    assert hear(by_lead_time, known(date(2026, 3, 10))).told == TOLD_12TH
    assert hear(TOLD_12TH, known(TWELFTH, lead_time_units=2)).told == replace(TOLD_12TH, told_by_lead_time=2)


def test_09_what_was_told_is_of_the_units_known_then() -> None:
    telling = hear(NOBODY, known(TWELFTH, lead_time_units=2), units=5)
    assert telling.told == Told(told_on=TWELFTH, told_units=5, told_by_lead_time=2)


# The estimate.


def pegs_of(*things: object, lead_time_days: int | None = None, transit_days: int = 0) -> tuple[Estimate, list[Peg]]:
    asked = claim("O1", 3)
    outcome = serve(asked, *things, facts={1: ProductFacts(lead_time_days)}, on_road=road(transit_days=transit_days))  # type: ignore[arg-type]
    pegs = outcome.pegs[asked.id]
    return estimate(outcome.book.road, pegs), pegs


def test_the_estimate_is_the_delivery_of_the_last_unit() -> None:
    assert pegs_of(stock(1), purchase(2, day(5)), transit_days=2)[0] == Estimate(day(7), slips=False, lead_time_units=0)


def test_one_unit_without_a_date_leaves_all_without() -> None:
    assert pegs_of(stock(2))[0] == Estimate(None, slips=False, lead_time_units=0)
    assert pegs_of(stock(1), purchase(2, None), lead_time_days=3)[0].delivers_on is None


def test_units_that_rest_on_a_purchase_to_be_made_are_counted() -> None:
    assert pegs_of(stock(1), lead_time_days=14)[0] == Estimate(day(14), slips=False, lead_time_units=2)


@pytest.mark.parametrize(
    ("days", "slipping", "expected"),
    [
        pytest.param((0,), (), True, id="on the shelf"),
        pytest.param((5,), (5,), True, id="an overdue truck"),
        pytest.param((5,), (), False, id="a truck with its day"),
        pytest.param((0, 5), (), False, id="a truck after the shelf"),
        pytest.param((0, 5), (5,), True, id="an overdue truck after the shelf"),
        pytest.param((0, 0), (), False, id="the shelf and a truck of the same day"),
    ],
)
def test_the_last_day_slips_if_only_time_moves_it(
    days: tuple[int, ...], slipping: tuple[int, ...], expected: bool
) -> None:
    """What lies here or is overdue moves with every day that nothing happens; a supplier's own day does not."""
    things = [
        stock(3 - len(days) + 1) if index == 0 and days[0] == 0 else purchase(3, day(after), slips=after in slipping)
        for index, after in enumerate(days)
    ]
    assert pegs_of(*things)[0].slips is expected


def test_a_pre_orders_stock_has_its_day() -> None:
    """Its first day on sale is a day that somebody named: moved, it is told with the new day."""
    asked = claim("O1", 1)
    outcome = serve(asked, stock(1), facts={LAMP: ProductFacts(available_from=day(9))})
    assert estimate(outcome.book.road, outcome.pegs[asked.id]) == Estimate(day(9), slips=False, lead_time_units=0)


def test_the_lines_of_a_group_may_come_in_any_order() -> None:
    """Only what comes last counts, and of one day a truck that somebody dated."""
    asked = claim("O1", 3)
    shelf, overdue, truck = stock(1), purchase(1, day(5), slips=True), purchase(1, day(5))
    outcome = serve(asked, shelf, overdue, truck)
    by_supply = {peg.supply.id: peg for peg in outcome.pegs[asked.id] if peg.supply is not None}
    first, late, dated = by_supply[shelf.id], by_supply[overdue.id], by_supply[truck.id]
    assert estimate(road(), [late, first]) == estimate(road(), [first, late]) == Estimate(day(5), True, 0)
    assert estimate(road(), [late, dated]) == estimate(road(), [dated, late]) == Estimate(day(5), False, 0)
    early = serve(asked, purchase(1, day(2)), purchase(2, day(5), slips=True)).pegs[asked.id]
    assert estimate(road(), early[::-1]) == Estimate(day(5), True, 0)


def test_of_no_units_there_is_no_day() -> None:
    assert estimate(road(), []).delivers_on is None


def test_of_several_estimates_the_last_counts_and_slips_only_if_all_of_its_day_do() -> None:
    soon, last, slipping = (
        known(TWELFTH, slips=True, lead_time_units=1),
        known(FOURTEENTH),
        known(FOURTEENTH, slips=True),
    )
    assert latest([soon, last]) == known(FOURTEENTH, lead_time_units=1)
    assert latest([last, slipping]) == known(FOURTEENTH)
    assert latest([soon, slipping]) == known(FOURTEENTH, slips=True, lead_time_units=1)
    assert latest([soon, known(None, slips=True)]) == known(None), "without a date if one has none"


def test_a_delay_is_told_before_it_has_settled_where_the_law_s_last_day_ends_sooner() -> None:
    window = Window(NOON + timedelta(minutes=10), NOON + timedelta(minutes=30))
    telling = tell(TOLD_12TH, known(FOURTEENTH), 3, NOON, 60, tighten=True, window=window)
    assert (telling.word, telling.look_again_at) == (None, window.opens_at)
    told = tell(telling.told, known(FOURTEENTH), 3, window.opens_at, 60, tighten=True, window=window)
    assert (told.word, told.told.told_on) == (Word.DELAYED, FOURTEENTH)
    sooner = tell(TOLD_12TH, known(date(2026, 3, 11)), 3, NOON, 60, tighten=True, window=window)
    assert sooner.look_again_at == NOON + timedelta(minutes=60), "good news has no such window"
