"""Exactly what a choice does, in sentences: to the customer's own lines, to others, to money, and what is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from raincheck.actions.try_out import Effect, LineEffect
from raincheck.notices.amounts import money_text
from raincheck.web.quantities import counted
from raincheck.web.words import NOTICE_EVENTS, state_words
from raincheck.words.moments import day_text


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One consequence: whose, what, and whether it is good (`ok`), bad (`late`) or neither."""

    who: str
    text: str
    tone: str = ""


def effect_lines(effect: Effect, today: date, currency: str) -> tuple[list[EffectLine], list[EffectLine]]:
    """What it does to the customer on the telephone, and what to others."""
    mine = list(_mine(effect, today, currency))
    others = [_other(one, today) for one in effect.others if one.difference.gain or one.difference.breaks_promise]
    rest = len(effect.others) - len(others)
    if rest > 0:
        others.append(EffectLine("", f"{counted(rest, 'line')} of others change without coming sooner or later"))
    if unnamed := effect.others_changed - len(effect.others):
        others.append(EffectLine("", f"{counted(unnamed, 'more line')} of others change"))
    if effect.told_others:
        others.append(EffectLine("", f"{counted(effect.told_others, 'message')} to other customers"))
    return mine or [EffectLine("", "Nothing changes but the record: who agreed, and when.")], others


def _mine(effect: Effect, today: date, currency: str) -> Iterator[EffectLine]:
    if effect.state_before != effect.state_after:
        yield EffectLine("", f"The order is {state_words('order', effect.state_after)[0].lower()}")
    for one in effect.mine:
        for text, tone in _changes(one, today):
            yield EffectLine(one.after.name or one.after.sku, text, tone)
    if effect.refunded:
        yield EffectLine("", f"{money_text(effect.refunded, currency)} is given back", "ok")
    if effect.captured:
        yield EffectLine("", f"{money_text(effect.captured, currency)} is charged")
    if effect.told:
        said = ", ".join(NOTICE_EVENTS.get(event, event.replace("_", " ")) for event in effect.told)
        yield EffectLine("", f"They are told: {said}")


def _changes(one: LineEffect, today: date) -> Iterator[tuple[str, str]]:
    before, after = one.before, one.after
    if before is None:
        where = [
            f"{after.reserved} from the shelf" if after.reserved else "",
            f"{after.waiting} wait" if after.waiting else "",
        ]
        yield (
            f"joins the order, {' and '.join(filter(None, where)) or 'nothing open'}{_until(after.expected_on, today)}",
            "ok",
        )
        return
    if after.cancelled > before.cancelled:
        yield f"{counted(after.cancelled - before.cancelled, 'unit')} cancelled", "late"
    if after.shipped > before.shipped:
        yield f"{counted(after.shipped - before.shipped, 'unit')} with the carrier", "ok"
    if before.ship != after.ship:
        yield _SHIPS.get(after.ship, f"ships {after.ship}"), ""
    if after.reserved > before.reserved:
        yield f"{counted(after.reserved - before.reserved, 'unit')} more from the shelf", "ok"
    if not (after.reserved or after.waiting):
        return
    if one.difference.gain and before.expected_on != after.expected_on:
        yield f"{_when(before.expected_on, today)} becomes {_when(after.expected_on, today)}", _tone(one)


def _other(one: LineEffect, today: date) -> EffectLine:
    before, after = one.before or one.after, one.after
    who = f"{after.ref}{f', {after.customer}' if after.customer else ''}"
    if before.expected_on != after.expected_on:
        text = f"{_when(before.expected_on, today)} becomes {_when(after.expected_on, today)}"
    elif after.reserved > before.reserved:
        text = f"gets {counted(after.reserved - before.reserved, 'unit')} from the shelf"
    else:
        text = f"lends {counted(before.reserved - after.reserved, 'unit')} and still has them in time"
    if one.difference.breaks_promise:
        text += ": a promise is broken"
    return EffectLine(f"{who}: {after.name or after.sku}", text, _tone(one))


_SHIPS: Final = {"available": "goes as it comes", "complete": "goes all at once"}


def _tone(one: LineEffect) -> str:
    return {1: "ok", -1: "late"}.get(one.difference.gain, "")


def _when(day: date | None, today: date) -> str:
    return day_text(day, today) if day else "no date"


def _until(day: date | None, today: date) -> str:
    return f", there {day_text(day, today)}" if day else ""
