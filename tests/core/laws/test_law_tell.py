"""What customers are told over time: random estimates, looked at whenever they change and whenever it is time to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.core.laws.profile import law

from raincheck.core.promise import Estimate, Telling, Told, Word, tell

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
SETTLE_MINUTES = 60


@dataclass(frozen=True)
class Moment:
    """An estimate becomes known so many minutes after the one before."""

    minutes: int
    known: Estimate
    units: int


@dataclass(frozen=True)
class Heard:
    """What was told, and when."""

    at: datetime
    known: Estimate
    before: Told
    telling: Telling


estimates = st.builds(
    Estimate,
    delivers_on=st.one_of(st.none(), st.integers(0, 6).map(lambda days: DAY + timedelta(days=days))),
    slips=st.booleans(),
    lead_time_units=st.integers(0, 3),
).map(lambda known: known if known.delivers_on is not None else Estimate(None, slips=False, lead_time_units=0))
moments = st.builds(Moment, minutes=st.sampled_from((1, 20, 59, 60, 61, 240)), known=estimates, units=st.integers(3, 5))
lives = st.lists(moments, min_size=1, max_size=12)


def play(life: list[Moment], *, tighten: bool) -> list[Heard]:
    """Every moment, and between moments whenever the last telling asks to be looked at again."""
    told, at, heard = Told(), START, list[Heard]()
    look_again_at: datetime | None = None
    known, units = Estimate(None, slips=False, lead_time_units=0), 3
    for moment in life:
        next_at = at + timedelta(minutes=moment.minutes)
        while look_again_at is not None and look_again_at < next_at:
            at = look_again_at
            told, look_again_at = _look(heard, told, known, units, at, tighten)
        at, known, units = next_at, moment.known, moment.units
        told, look_again_at = _look(heard, told, known, units, at, tighten)
    return heard


def _look(
    heard: list[Heard], told: Told, known: Estimate, units: int, at: datetime, tighten: bool
) -> tuple[Told, datetime | None]:
    telling = tell(told, known, units, at, SETTLE_MINUTES, tighten=tighten)
    heard.append(Heard(at, known, told, telling))
    assert telling.look_again_at is None or telling.look_again_at > at, "a timer that never ends"
    return telling.told, telling.look_again_at


def words(heard: list[Heard]) -> list[Heard]:
    return [one for one in heard if one.telling.word is not None]


@law
@given(lives, st.booleans())
def test_nobody_is_told_the_same_day_twice(life: list[Moment], tighten: bool) -> None:
    for one in words(play(life, tighten=tighten)):
        assert one.telling.told.told_on != one.before.told_on
    told = [one.telling.told.told_on for one in words(play(life, tighten=tighten))]
    assert all(now != before for before, now in pairwise(told))


@law
@given(lives, st.booleans())
def test_asked_again_at_once_there_is_nothing_to_say(life: list[Moment], tighten: bool) -> None:
    for one in play(life, tighten=tighten):
        told = one.telling.told
        again = tell(told, one.known, max(told.told_units, 3), one.at, SETTLE_MINUTES, tighten=tighten)
        assert again.word is None
        assert again.told.told_on == told.told_on
        assert (again.told.pending_on, again.told.pending_since) == (told.pending_on, told.pending_since)
        assert again.look_again_at == one.telling.look_again_at


@law
@given(lives, st.booleans())
def test_a_first_day_is_told_at_once(life: list[Moment], tighten: bool) -> None:
    for one in play(life, tighten=tighten):
        if one.before == Told() and one.known.delivers_on is not None:
            assert one.telling.word is Word.FIRST_DATE
            assert one.telling.told.told_on == one.known.delivers_on


@law
@given(lives, st.booleans())
def test_a_day_is_replaced_only_by_one_that_has_stood(life: list[Moment], tighten: bool) -> None:
    heard = play(life, tighten=tighten)
    for index, one in enumerate(heard):
        if one.telling.word in (Word.DELAYED, Word.BROUGHT_FORWARD):
            since = one.at - timedelta(minutes=SETTLE_MINUTES)
            lately = [other.known for other in heard[: index + 1] if other.at > since]
            known_then = [other.known for other in heard[: index + 1] if other.at <= since][-1]
            told = [_untold_day(one.before, known) for known in (known_then, *lately)]
            assert set(told) == {one.telling.told.told_on}


def _untold_day(told: Told, known: Estimate) -> date | None:
    """What would be told of an estimate: no day for one that moves on with every day."""
    late = known.delivers_on is None or (told.told_on is not None and known.delivers_on > told.told_on)
    return None if late and known.slips else known.delivers_on


@law
@given(lives)
def test_the_day_told_moves_only_later_unless_the_company_tightens(life: list[Moment]) -> None:
    for one in play(life, tighten=False):
        assert one.telling.word is not Word.BROUGHT_FORWARD
        before, after = one.before.told_on, one.telling.told.told_on
        if before is not None and after is not None:
            assert after >= before


@law
@given(lives)
def test_tightening_tells_the_earlier_day(life: list[Moment]) -> None:
    for one in play(life, tighten=True):
        if one.telling.word is Word.BROUGHT_FORWARD:
            assert one.before.told_on is not None
            assert one.telling.told.told_on == one.known.delivers_on
            assert one.telling.told.told_on is not None
            assert one.telling.told.told_on < one.before.told_on


@law
@given(lives, st.booleans())
def test_a_told_day_binds_until_another_word(life: list[Moment], tighten: bool) -> None:
    for one in play(life, tighten=tighten):
        if one.telling.word is None:
            assert one.telling.told.told_on == one.before.told_on


@law
@given(st.lists(st.sampled_from((0, 2, 4)), min_size=1, max_size=10), st.booleans())
def test_a_day_that_flaps_within_the_settling_time_makes_at_most_one_notice(days: list[int], tighten: bool) -> None:
    """The 12th, the 14th, the 12th … within an hour, then quiet."""
    told = Told(told_on=DAY + timedelta(days=2), told_units=3)
    heard: list[Heard] = []
    for index, later in enumerate(days):
        known = Estimate(DAY + timedelta(days=later), slips=False, lead_time_units=0)
        told, look_again_at = _look(heard, told, known, 3, START + timedelta(minutes=5 * index), tighten)
    while look_again_at is not None:
        told, look_again_at = _look(heard, told, known, 3, look_again_at, tighten)
    assert len(words(heard)) <= 1
    assert (len(words(heard)) == 1) == (days[-1] > 2 or (days[-1] < 2 and tighten))


@law
@given(st.integers(0, 3), st.integers(1, 9))
def test_days_that_only_go_by_are_told_once_and_without_a_day(first: int, days: int) -> None:
    """Goods lie there or are overdue: every day the estimate is a day later, and nobody hears it every day."""
    told = Told(told_on=DAY + timedelta(days=first), told_units=3)
    heard: list[Heard] = []
    for later in range(first, first + days + 1):
        known = Estimate(DAY + timedelta(days=later), slips=True, lead_time_units=0)
        at = START + timedelta(days=later)
        told, look_again_at = _look(heard, told, known, 3, at, False)
        while look_again_at is not None:
            told, look_again_at = _look(heard, told, known, 3, look_again_at, False)
    assert [(one.telling.word, one.telling.told.told_on) for one in words(heard)] == [(Word.DELAYED, None)]
