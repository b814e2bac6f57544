"""16 CFR Part 435 as a reader of its text would judge a finished story: written from the rules, not from the code.

A story is what happened to one line, day by day. The judge looks at the whole story again for every day and asks one
question: on this day, until when may it ship? Rule numbers are those of the rules that the product is built from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FOR_EVER = date.max


@dataclass(frozen=True)
class Happening:
    """One thing on one day: `late`, `news` (a day told that is no delay), `wait`, `further`, `cancel` or `ship`.

    `day` is the day of shipment told; None: no day can be given. `asked_until` is the day until which a `late` asked
    besides to agree to an unforeseen further delay; `further` is the yes to that.
    """

    on: date
    what: str
    day: date | None = None
    asked_until: date | None = None


@dataclass(frozen=True)
class Verdict:
    """How it ended (shipped, cancelled, lapsed or open), on which day, and how each `late` was to be told.

    Of what lapsed `why` names the rule that says so.
    """

    end: str
    on: date | None
    notices: tuple[str, ...]
    why: str = ""


def judge(shipping_time: date, story: Sequence[Happening], today: date) -> Verdict:
    """The end of a story as of the end of a day."""
    notices: list[str] = []
    told: list[Happening] = []
    for number, happening in enumerate(story):
        last_day = may_ship_until(shipping_time, story[:number])
        if happening.on > last_day:
            why = why_lapsed(shipping_time, story[:number])
            return Verdict("lapsed", last_day + timedelta(days=1), tuple(notices), why)
        if happening.what == "ship":
            return Verdict("shipped", happening.on, tuple(notices))
        if happening.what == "cancel":
            return Verdict("cancelled", happening.on, tuple(notices))  # Rule 14.
        if happening.what == "late":
            notices.append(_notice(shipping_time, told, happening, last_day))
        told.append(happening)
    last_day = may_ship_until(shipping_time, story)
    if today > last_day:
        why = why_lapsed(shipping_time, story)
        return Verdict("lapsed", last_day + timedelta(days=1), tuple(notices), why)  # Rules 13, 15, 20.
    return Verdict("open", None, tuple(notices))


def shipping_time(placed: date, stated: date | None, *, seller_credit: bool) -> date:
    """Rule 3: the time stated at placing; else 30 days, or 50 where the buyer applied to the seller for credit."""
    return stated if stated is not None else placed + timedelta(days=50 if seller_credit else 30)


def refund_by(vested: date, holidays: frozenset[date] = frozenset()) -> date:
    """Rule 17: the seventh working day after the right arose (Monday to Friday, the seller's holidays left out)."""
    day, left = vested, 7
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in holidays
    return day


def may_ship_until(shipping_time: date, so_far: Sequence[Happening]) -> date:
    """The last day on which the goods may lawfully go, by what was said and answered so far."""
    first = next((i for i, h in enumerate(so_far) if _is_first_option(shipping_time, h)), None)
    if first is None:
        return shipping_time  # Rule 3: nothing else was offered.
    offered = so_far[first].day
    a_month_on = shipping_time + timedelta(days=30)
    until = offered if offered is not None and offered <= a_month_on else a_month_on  # Rule 8; rule 9.
    for i in range(first + 1, len(so_far)):
        if so_far[i].what in ("wait", "further") and so_far[i].on <= until:  # Rules 9, 12: express consent in time.
            day = next(h.day for h in reversed(so_far[:i]) if h.what in ("late", "news"))
            until = FOR_EVER if day is None or until == FOR_EVER else max(until, day)  # Rule 10; rule 55: one date.
            asked_until = next(h.asked_until for h in reversed(so_far[:i]) if h.what == "late")
            if so_far[i].what == "further" and asked_until is not None and until != FOR_EVER:
                until = max(until, asked_until)  # Rule 11: the day agreed to in advance supersedes the revised one.
    return until


def why_lapsed(shipping_time: date, so_far: Sequence[Happening]) -> str:
    """Which rule ends a line that did not go by its last day."""
    first = next((i for i, h in enumerate(so_far) if _is_first_option(shipping_time, h)), None)
    if first is None:
        return "no_notice"  # Rule 15.
    a_month_on = shipping_time + timedelta(days=30)
    offered = so_far[first].day
    has_agreed = offered is not None and offered <= a_month_on  # Rule 8: by silence.
    waits_for_word = not has_agreed
    for i in range(first + 1, len(so_far)):
        until = may_ship_until(shipping_time, so_far[:i])
        what, day = so_far[i].what, so_far[i].day
        if what == "late" and (day is None or day > until):
            waits_for_word = True
        elif what in ("wait", "further") and so_far[i].on <= until:
            has_agreed, waits_for_word = True, False
    if not waits_for_word:
        return "renewed_option"  # Rule 12: the day agreed passed, and nobody was asked again.
    return "renewed_silence" if has_agreed else "long_delay"  # Rule 13; rule 9.


def _is_first_option(shipping_time: date, happening: Happening) -> bool:
    """Rule 6: a delay beyond the shipping time, told not later than that time."""
    beyond = happening.day is None or happening.day > shipping_time
    return happening.what == "late" and beyond and happening.on <= shipping_time


def _notice(shipping_time: date, told: Sequence[Happening], happening: Happening, last_day: date) -> str:
    """Rule 12: renewed where a revised day had been told or agreed that can now not be met."""
    if (happening.day is not None and happening.day <= last_day) or last_day == FOR_EVER:
        return "option_notice"  # It stays within what holds.
    options = [i for i, h in enumerate(told) if _is_first_option(shipping_time, h)]
    if not options:
        return "option_notice"
    first = told[options[0]].day
    by_silence = first is not None and first <= shipping_time + timedelta(days=30)
    by_word = any(h.what in ("wait", "further") for h in told[options[0] :])
    revised = [h.day for h in told[options[0] :] if h.what in ("late", "news")][-1]
    is_revised = revised is not None and revised > shipping_time
    return "renewed_option_notice" if by_silence or by_word or is_revised else "option_notice"
