"""The date told: what today's estimate is, and when a change of it must be told (contract, "Dates").

The estimate follows the facts at once. The date told is a promise: the first is told at once, a later or lost one
when it has stood for the settling time, an earlier one only where the company tightens promises.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from raincheck.core.calendar import Road
from raincheck.core.consent import Window
from raincheck.core.peg import Peg, PegKind


@dataclass(frozen=True, slots=True)
class Estimate:
    """When the last unit of a claim (or of its whole group) is delivered.

    `slips` says that the day is only the earliest still possible and moves on with every day that passes without
    shipping; `lead_time_units` are those that rest on a purchase yet to be made.
    """

    delivers_on: date | None
    slips: bool
    lead_time_units: int


def estimate(road: Road, pegs: Iterable[Peg]) -> Estimate:
    """The estimate of units that stand and fall together: of one plain claim, or of one group."""
    last_on: date | None = None
    slips = True
    lead_time_units = 0
    for peg in pegs:
        if peg.ships_on is None:
            return Estimate(None, False, 0)
        if peg.kind is PegKind.LEAD_TIME:
            lead_time_units += peg.units
        # Units that wait for a wanted day do not slip with their supply.
        peg_slips = peg.supply is not None and peg.supply.slips and peg.ships_on == peg.supply.ships_on
        if last_on is None or peg.ships_on > last_on:
            last_on, slips = peg.ships_on, peg_slips
        elif peg.ships_on == last_on:
            slips = slips and peg_slips
    return Estimate(None if last_on is None else road.delivers_on(last_on), slips, lead_time_units)


def latest(estimates: Iterable[Estimate]) -> Estimate:
    """The estimate of the last of several that there are; without a date if one has none."""
    found = list(estimates)
    days = [one.delivers_on for one in found if one.delivers_on is not None]
    if len(days) < len(found):
        return Estimate(None, slips=False, lead_time_units=0)
    last = [one for one in found if one.delivers_on == max(days)]
    return Estimate(max(days), all(one.slips for one in last), sum(one.lead_time_units for one in found))


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer has been told of a claim, and what is about to be told.

    `told_on` is the date that binds, for `told_units`, of which `told_by_lead_time` rest on a purchase yet to be made.
    Without it, `lost_by_waiting` says that the last word was "no date any more" because only days went by.
    `pending_since` is the instant since which another day, `pending_on` (None: no date), has stood untold.
    """

    told_on: date | None = None
    told_units: int = 0
    told_by_lead_time: int = 0
    lost_by_waiting: bool = False
    pending_on: date | None = None
    pending_since: datetime | None = None


class Word(StrEnum):
    """What there is to say."""

    FIRST_DATE = "first_date"
    DELAYED = "delayed"
    BROUGHT_FORWARD = "brought_forward"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told now (None: nothing), what is known to the customer after it, and when to look again."""

    word: Word | None
    told: Told
    look_again_at: datetime | None


def tell(
    told: Told,
    now_known: Estimate,
    units: int,
    at: datetime,
    settle_minutes: int,
    *,
    tighten: bool,
    window: Window | None = None,
) -> Telling:
    """Decides what the customer of a claim with `units` open units (at least one) is told at an instant.

    Asked again with the same facts it says nothing new. A day told is replaced only by a later one or by none, or
    with `tighten` by an earlier one, and only after the other has stood for `settle_minutes`; a delay within the
    `window` in which the law wants it told.
    """
    day = now_known.delivers_on
    if told.told_on is None:
        if day is None or (told.lost_by_waiting and now_known.slips):
            return Telling(None, _settled(told), None)
        return Telling(Word.FIRST_DATE, _binding(day, units, now_known), None)
    late = day is None or day > told.told_on
    if not late and not (tighten and day != told.told_on):
        return Telling(None, _still_binding(told, units, now_known), None)
    to_tell = None if late and now_known.slips else day
    since = told.pending_since if told.pending_since is not None and told.pending_on == to_tell else at
    settled_at = since + timedelta(minutes=settle_minutes)
    if late and window is not None:
        settled_at = window.settled_at(since, settled_at)
    if at < settled_at:
        return Telling(None, replace(told, pending_on=to_tell, pending_since=since), settled_at)
    word = Word.DELAYED if late else Word.BROUGHT_FORWARD
    if to_tell is None:
        return Telling(word, Told(lost_by_waiting=now_known.slips), None)
    return Telling(word, _binding(to_tell, units, now_known), None)


def _settled(told: Told) -> Told:
    return told if told.pending_since is None else replace(told, pending_on=None, pending_since=None)


def _still_binding(told: Told, units: int, now_known: Estimate) -> Told:
    """The day told is met, also by units that joined since; those whose purchase was made rest on their supply now."""
    return replace(_settled(told), told_units=units, told_by_lead_time=now_known.lead_time_units)


def _binding(day: date, units: int, now_known: Estimate) -> Told:
    return Told(told_on=day, told_units=units, told_by_lead_time=now_known.lead_time_units)
