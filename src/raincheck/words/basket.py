"""A basket's split in a shopper's words: "5 now, 2 on Thursday 12 March". English, German, Spanish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date


@dataclass(frozen=True, slots=True)
class _Words:
    locale: str
    pattern: str
    another_year: str
    now: str
    on: str
    undated: str
    refused: str
    one_delivery: str
    deliveries: str
    last: str
    unknown_last: str
    only: str
    unknown_only: str
    all_now: str
    some_now: str


_ALL: Final = {
    "en": _Words(
        "en_GB", "EEEE d MMMM", "EEEE d MMMM y", "{units} now", "{units} on {day}", "{units} without a date yet",
        "{units} not available",
        "One delivery", "{count} deliveries", "the last on {day}", "the last without a date yet",
        "on {day}", "without a date yet", "all of it now", "now",
    ),
    "de": _Words(
        "de", "EEEE, d. MMMM", "EEEE, d. MMMM y", "{units} sofort", "{units} am {day}", "{units} noch ohne Termin",
        "{units} nicht lieferbar", "Eine Lieferung", "{count} Lieferungen", "die letzte am {day}",
        "die letzte noch ohne Termin", "am {day}", "noch ohne Termin", "alles sofort", "sofort",
    ),
    "es": _Words(
        "es", "EEEE d 'de' MMMM", "EEEE d 'de' MMMM 'de' y", "{units} ahora", "{units} el {day}",
        "{units} aún sin fecha", "{units} no disponibles", "Una entrega", "{count} entregas",
        "la última el {day}", "la última aún sin fecha",
        "el {day}", "aún sin fecha", "todo ahora", "ahora",
    ),
}  # fmt: skip


def pieces_said(pieces: Sequence[tuple[int, date | None]], refused: int, now_on: date, language: str) -> str:
    """A line: units and days of delivery, the earliest first; what arrives on `now_on` goes now."""
    words = _ALL.get(language, _ALL["en"])
    said: list[str] = []
    for on, units in _by_day(pieces):
        if on is None:
            said.append(words.undated.format(units=units))
        elif on <= now_on:
            said.append(words.now.format(units=units))
        else:
            said.append(words.on.format(units=units, day=_day(on, words, now_on)))
    if refused:
        said.append(words.refused.format(units=refused))
    return ", ".join(said)


def choice_said(days: Sequence[date | None], now_on: date, language: str, refused: int = 0) -> str:
    """A way of shipping: how many deliveries, when the last one comes, and how many units cannot be had.

    Where nothing is delivered that is all there is to say.
    """
    words = _ALL.get(language, _ALL["en"])
    if not days:
        return words.refused.format(units=refused) if refused else ""
    said = _deliveries(days, now_on, words, is_whole=not refused)
    return f"{said}, {words.refused.format(units=refused)}" if refused else said


def _deliveries(days: Sequence[date | None], now_on: date, words: _Words, *, is_whole: bool) -> str:
    last = days[-1]
    if len(days) > 1:
        end = words.unknown_last if last is None else words.last.format(day=_day(last, words, now_on))
        return f"{words.deliveries.format(count=len(days))}, {end}"
    if last is None:
        return f"{words.one_delivery}, {words.unknown_only}"
    if last <= now_on:
        return f"{words.one_delivery}, {words.all_now if is_whole else words.some_now}"
    return f"{words.one_delivery} {words.only.format(day=_day(last, words, now_on))}"


def _by_day(pieces: Sequence[tuple[int, date | None]]) -> list[tuple[date | None, int]]:
    total: dict[date | None, int] = {}
    for units, on in pieces:
        total[on] = total.get(on, 0) + units
    return sorted(total.items(), key=lambda item: item[0] or date.max)


def _day(day: date, words: _Words, now_on: date) -> str:
    """A day, with the year where it is not this one."""
    return format_date(day, words.pattern if day.year == now_on.year else words.another_year, locale=words.locale)
