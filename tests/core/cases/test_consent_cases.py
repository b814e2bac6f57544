"""The law's clock in cases: when an option is due, what an answer does, what is cancelled, and under which rule."""

from datetime import UTC, date, datetime, timedelta

import pytest

from raincheck.core.consent import (
    Clock,
    Evidence,
    OptionNotice,
    Stage,
    Window,
    clock_after,
    consent,
    give_option,
    must_cancel,
    needs_option,
    pass_day,
    start,
    told,
    why_cancelled,
    withdrawal_until,
)
from raincheck.core.law_rules import EU_2011_83, REGIMES, US_FTC_435, Regime, rule

PLACED_ON = date(2026, 3, 2)
T = PLACED_ON + timedelta(days=10)
"""The shipping time told at placing."""


def after(days: int) -> date:
    """So many days after T."""
    return T + timedelta(days=days)


def us_clock() -> Clock:
    return start(US_FTC_435, PLACED_ON, T)


def eu_clock() -> Clock:
    return start(EU_2011_83, PLACED_ON, T)


def offered(clock: Clock, goes_on: date | None, on: date, further_days: int | None = None) -> Clock:
    option = give_option(clock, goes_on, on, further_days)
    assert option is not None
    return option.clock


@pytest.mark.parametrize(
    ("law", "seller_credit", "days"),
    [(US_FTC_435, False, 30), (US_FTC_435, True, 50), (EU_2011_83, False, 30), (EU_2011_83, True, 30)],
)
def test_without_a_day_told_at_placing_the_law_allows_its_own_time(law: Regime, seller_credit: bool, days: int) -> None:
    assert start(law, PLACED_ON, None, seller_credit=seller_credit).due_on == PLACED_ON + timedelta(days=days)
    assert start(law, PLACED_ON, T, seller_credit=seller_credit).due_on == T, "the day told comes first"


def test_an_option_is_due_once_the_shipping_time_cannot_be_met() -> None:
    clock = us_clock()
    assert not needs_option(clock, T)
    assert needs_option(clock, after(1))
    assert needs_option(clock, None)
    asked = offered(clock, after(31), T)
    assert asked.stage is Stage.ANSWER_NEEDED
    assert not needs_option(asked, after(40)), "who was asked already is not asked again"


def test_an_option_counts_on_the_last_day_and_not_after_it() -> None:
    assert give_option(us_clock(), after(5), T) is not None
    assert give_option(us_clock(), after(5), after(1)) is None


@pytest.mark.parametrize(
    ("goes_on", "stage", "by_on"),
    [
        (after(30), Stage.SILENCE_CONSENTS, after(30)),
        (after(31), Stage.ANSWER_NEEDED, after(30)),
        (None, Stage.ANSWER_NEEDED, after(30)),
    ],
)
def test_silence_consents_to_thirty_days_and_to_no_more(goes_on: date | None, stage: Stage, by_on: date) -> None:
    clock = offered(us_clock(), goes_on, T)
    assert (clock.stage, clock.by_on, clock.offered_on) == (stage, by_on, goes_on)


def test_a_line_goes_on_its_last_day_and_is_cancelled_on_the_next() -> None:
    clock = us_clock()
    assert clock.cancels_on == after(1)
    assert not must_cancel(clock, T)
    assert must_cancel(clock, after(1))


def test_consent_holds_until_the_day_last_told_and_without_one_until_it_ships() -> None:
    dated, undated = consent(offered(us_clock(), after(40), T)), consent(offered(us_clock(), None, T))
    assert (dated.stage, dated.by_on) == (Stage.CONSENTED, after(40))
    assert (undated.stage, undated.cancels_on) == (Stage.CONSENTED, None)
    assert not must_cancel(undated, after(1000))


def test_consent_never_shortens_what_holds() -> None:
    clock = told(offered(us_clock(), after(31), T), after(5))
    assert consent(clock).by_on == after(30), "the thirty days of the law, though five were told last"


def test_a_yes_to_a_further_delay_counts_only_where_it_was_asked_for() -> None:
    asked = offered(us_clock(), after(10), T, further_days=20)
    assert asked.further_on == after(30)
    assert consent(asked, further=True).by_on == after(30)
    assert consent(asked).by_on == after(10)
    assert consent(offered(us_clock(), after(10), T), further=True).by_on == after(10)
    assert offered(us_clock(), None, T, further_days=20).further_on is None, "without a definite day it is not asked"


def test_who_was_asked_nothing_has_nothing_to_answer() -> None:
    assert consent(us_clock()) == us_clock()
    assert told(us_clock(), after(3)) == us_clock()


def test_a_day_within_what_holds_starts_no_clock() -> None:
    option = give_option(us_clock(), T, T)
    assert option is not None
    assert (option.notice, option.clock.stage, option.clock.by_on) == (OptionNotice.FIRST, Stage.RUNNING, T)


@pytest.mark.parametrize(
    ("first", "notice"),
    [
        (after(20), OptionNotice.RENEWED),  # a short delay was offered and cannot be met
        (after(40), OptionNotice.RENEWED),  # a revised day was told and cannot be met
        (None, OptionNotice.FIRST),  # no day was ever told in place of T
    ],
)
def test_a_second_option_is_a_renewed_one_where_a_revised_day_was_told(
    first: date | None, notice: OptionNotice
) -> None:
    option = give_option(offered(us_clock(), first, T), after(60), after(10))
    assert option is not None
    assert (option.notice, option.clock.stage, option.clock.offered_on) == (notice, Stage.ANSWER_NEEDED, after(60))


def test_a_cancel_names_its_rule() -> None:
    short, long = offered(us_clock(), after(10), T), offered(us_clock(), None, T)
    renewed = offered(short, after(60), after(10))
    rules = [why_cancelled(clock) for clock in (us_clock(), short, long, renewed, consent(renewed))]
    assert rules == ["no_notice", "renewed_option", "long_delay", "renewed_silence", "renewed_option"]
    assert all(rule("us-ftc-435", name).source for name in rules)


def test_silence_to_a_renewed_option_ends_a_line_whose_agreed_day_is_the_thirtieth() -> None:
    agreed = offered(us_clock(), after(30), T)
    assert why_cancelled(offered(agreed, after(60), after(30))) == "renewed_silence", "it had agreed to that very day"


def test_under_european_law_the_agreed_day_passes_and_nothing_is_cancelled_by_silence() -> None:
    clock = eu_clock()
    assert clock.cancels_on is None
    assert not needs_option(clock, after(9))
    assert pass_day(clock, T) == clock, "delivered on the day itself is in time"
    passed = pass_day(clock, after(1))
    assert passed.stage is Stage.PASSED
    assert not must_cancel(passed, after(1000))
    assert consent(passed) == passed, "the right to end the contract stays"
    assert pass_day(us_clock(), after(1)) == us_clock(), "a law that counts shipment knows no such day"


def test_a_withdrawal_counts_from_the_last_part_that_arrived() -> None:
    assert withdrawal_until(EU_2011_83, T) == after(14)
    assert withdrawal_until(EU_2011_83, None) is None, "its time has not begun"
    assert withdrawal_until(US_FTC_435, T) is None, "this law knows none"


def test_a_record_leads_to_the_clock_that_the_facts_gave() -> None:
    asked = Evidence("option", T, after(10), further_days=20)
    assert clock_after(us_clock(), [asked]).further_on == after(30)
    assert clock_after(us_clock(), [asked, Evidence("consent", T, further=True)]).by_on == after(30)
    assert clock_after(us_clock(), [asked, Evidence("told", T, after(5)), Evidence("consent", T)]).offered_on == after(
        5
    )
    late = Evidence("option", after(1), after(10))
    assert clock_after(us_clock(), [late]) == us_clock(), "given too late it was no option"
    assert clock_after(eu_clock(), [Evidence("passed", after(1))]).stage is Stage.PASSED


def test_a_held_order_is_asked_at_noon_of_its_last_day_or_at_once_after() -> None:
    begins_at = datetime(2026, 3, 7, tzinfo=UTC)
    window = Window(begins_at, begins_at + timedelta(days=1))
    noon, evening = begins_at.replace(hour=12), begins_at.replace(hour=20)
    assert [window.held_until(since) for since in (begins_at - timedelta(days=3), evening)] == [noon, evening]


def test_a_change_is_told_once_settled_and_at_the_latest_on_the_last_day_that_counts() -> None:
    opens = datetime(2026, 3, 12, tzinfo=UTC)
    window = Window(opens, opens + timedelta(days=1))
    hour = timedelta(hours=1)
    assert window.settled_at(opens - 9 * hour, opens - hour) == opens - hour
    assert window.settled_at(opens + 2 * hour, opens + 3 * hour) == opens + 3 * hour
    assert window.settled_at(opens - 9 * hour, window.ends_at) == opens, "it would settle after the day: at its start"
    assert window.settled_at(opens + 20 * hour, opens + 40 * hour) == opens + 20 * hour, "it came up on the day itself"


def test_every_rule_that_the_law_asks_for_is_on_record_with_its_source() -> None:
    assert [one.name for one in US_FTC_435.rules] == [
        "scope", "start", "shipping_time", "seller_credit", "basis", "shipment", "first_option", "content",
        "short_delay", "long_delay", "indefinite", "advance_consent", "renewed_option", "renewed_silence", "cancel",
        "tie", "no_notice", "refusal", "refund", "same_method", "never_charged", "vesting", "records", "per_line",
    ]  # fmt: skip
    assert [one.name for one in EU_2011_83.rules] == [
        "delivery_time", "end", "fitting_period", "refund", "withdrawal", "withdrawal_refund",
    ]  # fmt: skip
    assert all(one.source and one.says for regime in REGIMES.values() for one in regime.rules)
    with pytest.raises(LookupError, match="no rule 'nothing'"):
        rule("eu-2011-83", "nothing")


def test_the_figures_of_the_laws() -> None:
    """16 CFR 435.2(a)(1), (b)(1); 435.1(d); Directive 2011/83, Art. 9(1), 13(1), 18(1)."""
    us, eu = US_FTC_435, EU_2011_83
    assert (us.counts, us.default_days, us.credit_days, us.extension_days) == ("shipment", 30, 50, 30)
    assert (us.refund_working_days, us.withdrawal_days, us.cancels_by_silence) == (7, None, True)
    assert (eu.counts, eu.default_days, eu.extension_days, eu.cancels_by_silence) == ("delivery", 30, None, False)
    assert (eu.withdrawal_days, eu.withdrawal_refund_days, eu.credit_days) == (14, 14, None)


def test_a_day_that_was_the_time_told_at_placing_is_no_revised_day() -> None:
    """Asked without a day, then told the old day again, then a later one: no revised day was ever missed."""
    clock = start(US_FTC_435, date(2026, 3, 2), date(2026, 3, 12))
    asked = give_option(clock, None, date(2026, 3, 5))
    assert asked is not None
    again = give_option(told(asked.clock, date(2026, 3, 12)), date(2026, 5, 1), date(2026, 3, 8))
    assert again is not None
    assert again.notice.value == "option_notice"
    revised = give_option(told(asked.clock, date(2026, 3, 13)), date(2026, 5, 1), date(2026, 3, 8))
    assert revised is not None
    assert revised.notice.value == "renewed_option_notice"
