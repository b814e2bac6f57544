"""10,000 stories of dates, answers and shipments end as the law, stated by itself (law_statement), says."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from tests.core.law_statement import Happening, Verdict, judge, shipping_time

from raincheck.core.consent import Clock, consent, give_option, must_cancel, start, told, why_cancelled
from raincheck.core.law_rules import US_FTC_435, rule

PLACED_ON = date(2026, 3, 2)
DAYS = 130
STORIES = 10_000
CHANCES = ("late", "late", "news", "wait", "wait", "further", "cancel", "ship")


def story_of(chance: Random, further_days: int | None = None) -> tuple[date | None, list[Happening]]:
    """The day told at placing (if any) and what happened then, in order; a shop that tells late days as late.

    With `further_days` its options also ask to agree to an unforeseen further delay.
    """
    promised = PLACED_ON + timedelta(days=chance.randint(0, 45)) if chance.random() < 0.7 else None
    known = promised
    story: list[Happening] = []
    on = PLACED_ON
    for _ in range(chance.randint(0, 7)):
        on += timedelta(days=chance.choice([0, 0, 1, 2, 5, 9, 16, 30]))
        what = chance.choice(CHANCES)
        day = None if chance.random() < 0.3 else on + timedelta(days=chance.randint(0, 70))
        if what == "late" and known is not None and day is not None and day <= known:
            continue
        if what == "late" and known is None and story:
            continue
        if what == "news" and (day is None or (known is not None and day >= known)):
            continue
        if what in ("late", "news"):
            known = day
        told = day if what in ("late", "news") else None
        asked_until = None
        if what == "late" and told is not None and further_days is not None:
            asked_until = told + timedelta(days=further_days)
        story.append(Happening(on, what, told, asked_until))
        if what in ("cancel", "ship"):
            break
    return promised, story


def played(clock: Clock, story: list[Happening], today: date) -> Verdict:
    """The same story through the clock that the product runs on."""
    notices: list[str] = []
    for happening in story:
        if must_cancel(clock, happening.on):
            assert clock.cancels_on is not None
            return Verdict("lapsed", clock.cancels_on, tuple(notices), why_cancelled(clock))
        if happening.what == "ship":
            return Verdict("shipped", happening.on, tuple(notices))
        if happening.what == "cancel":
            return Verdict("cancelled", happening.on, tuple(notices))
        if happening.what == "late":
            further = happening.asked_until - happening.day if happening.asked_until and happening.day else None
            option = give_option(clock, happening.day, happening.on, further.days if further else None)
            assert option is not None, "an option in time is never too late"
            notices.append(option.notice.value)
            clock = option.clock
        elif happening.what == "news":
            clock = told(clock, happening.day)
        else:
            clock = consent(clock, further=happening.what == "further")
    if must_cancel(clock, today):
        assert clock.cancels_on is not None
        assert rule(clock.regime, why_cancelled(clock)).source, "a cancel names its rule"
        return Verdict("lapsed", clock.cancels_on, tuple(notices), why_cancelled(clock))
    return Verdict("open", None, tuple(notices))


def test_every_story_ends_as_the_law_says() -> None:
    ends: Counter[str] = Counter()
    notices: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    further = 0
    for seed in range(STORIES):
        chance = Random(seed)
        promised, story = story_of(chance, chance.choice([None, 12, 40]))
        on_credit = chance.random() < 0.2
        clock = start(US_FTC_435, PLACED_ON, promised, seller_credit=on_credit)
        assert clock.due_on == shipping_time(PLACED_ON, promised, seller_credit=on_credit)
        today = PLACED_ON + timedelta(days=DAYS)
        verdict = judge(clock.due_on, story, today)
        ended = played(clock, story, today)
        assert ended == verdict, f"story {seed}: due {clock.due_on}, {story}"
        if verdict.why:
            reasons[verdict.why] += 1
        ends[verdict.end] += 1
        notices.update(verdict.notices)
        further += any(happening.what == "further" for happening in story)
    assert further > STORIES // 10, f"hardly anybody agrees to a further delay: {further}"
    assert set(reasons) == {"no_notice", "long_delay", "renewed_option", "renewed_silence"}, reasons
    assert min(reasons.values()) > STORIES // 100, f"a reason to cancel is hardly tried: {reasons}"
    assert set(ends) == {"shipped", "cancelled", "lapsed", "open"}, ends
    assert min(ends.values()) > STORIES // 100, f"a kind of end is hardly tried: {ends}"
    assert min(notices["option_notice"], notices["renewed_option_notice"]) > STORIES // 50, notices
