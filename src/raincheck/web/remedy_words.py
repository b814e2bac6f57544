"""What can be done for a customer, in words: a title, and one short fact for each consequence in units, days, money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from raincheck.actions.next_best import PERMISSION, is_asked_for
from raincheck.core.remedy import Band, Choice, Remedy
from raincheck.notices.amounts import money_text
from raincheck.web.person import Person
from raincheck.web.quantities import counted
from raincheck.words.moments import day_text


@dataclass(frozen=True, slots=True)
class RemedyWords:
    """A remedy as a row. `ask` is what is asked for its preview; `is_best`: the one that is proposed."""

    title: str
    icon: str
    tone: str
    points: tuple[str, ...]
    ask: str
    is_best: bool = False
    is_request: bool = False


ICONS: Final = {
    Choice.RELEASE: "player-play",
    Choice.RETRY_PAYMENT: "currency-dollar",
    Choice.WAIT: "hourglass",
    Choice.SHIP_NOW: "truck-delivery",
    Choice.SUBSTITUTE: "box",
    Choice.MOVE_UNITS: "arrows-exchange",
    Choice.SHIP_TOGETHER: "package",
    Choice.EXPEDITE: "file-invoice",
    Choice.GOODWILL: "currency-dollar",
    Choice.CALL_BACK: "phone",
    Choice.SEND_LINK: "mail",
    Choice.CHANGE_ADDRESS: "pencil",
    Choice.HOLD: "player-pause",
    Choice.CANCEL_LINE: "ban",
    Choice.CANCEL_ORDER: "ban",
}
_TONES: Final = {Band.FIRST: "late", Band.HELPS: "accent", Band.GIVE_UP: "", Band.COSTLY: "wait"}


def remedy_rows(remedies: tuple[Remedy, ...], person: Person, today: date, currency: str) -> list[RemedyWords]:
    """The rows, the best first; the first of those that press or help is the one proposed."""
    rows: list[RemedyWords] = []
    for remedy in remedies:
        asked = is_asked_for(remedy.choice) and not person.may(PERMISSION[remedy.choice])
        rows.append(
            RemedyWords(
                title_of(remedy, asked=asked),
                ICONS[remedy.choice],
                _TONES.get(remedy.band, ""),
                points_of(remedy, today, currency),
                asked_query(remedy.choice, remedy.sku, remedy.other, remedy.units),
                is_best=not rows and remedy.band in (Band.FIRST, Band.HELPS),
                is_request=asked,
            )
        )
    return rows


def asked_query(choice: Choice, sku: str = "", other: str = "", units: int = 0) -> str:
    """What names a choice in an address."""
    named = {"choice": choice.value, "sku": sku, "other": other, "units": str(units or "")}
    return urlencode({name: value for name, value in named.items() if value})


def title_of(remedy: Remedy, *, asked: bool = False) -> str:
    """What is done, as one would say it."""
    units, name, other = counted(remedy.units, "unit"), remedy.name, remedy.other
    match remedy.choice:
        case Choice.SHIP_NOW:
            return f"Send what is here now: {units}"
        case Choice.SUBSTITUTE:
            return f"Take {other} instead of {name}"
        case Choice.MOVE_UNITS:
            return f"{'Ask for' if asked else 'Take'} {units} of {name} from {other}"
        case Choice.EXPEDITE:
            return f"Ask the buyers to have {other} sooner" if other else f"Ask the buyers to order {name}"
        case Choice.CANCEL_LINE:
            return f"Cancel {name}"
        case _:
            return _TITLES[remedy.choice]


_TITLES: Final = {
    Choice.RELEASE: "Release the order",
    Choice.RETRY_PAYMENT: "Try the charge again, on another card if they give one",
    Choice.WAIT: "They agree to wait",
    Choice.SHIP_TOGETHER: "Send all of it in one parcel",
    Choice.GOODWILL: "Give something back for the trouble",
    Choice.CALL_BACK: "Call back later",
    Choice.SEND_LINK: "Send the link to their page again",
    Choice.CHANGE_ADDRESS: "Send it to another address",
    Choice.HOLD: "Put the order on hold",
    Choice.CANCEL_ORDER: "Cancel what is open",
}


def points_of(remedy: Remedy, today: date, currency: str) -> tuple[str, ...]:
    """Its consequences, a few words each."""
    return tuple(_points(remedy, today, currency))


def _points(remedy: Remedy, today: date, currency: str) -> Iterator[str]:
    yield from _about_units(remedy, today)
    if remedy.choice is Choice.MOVE_UNITS:
        yield f"{remedy.other} waits {counted(remedy.others_unit_days, 'unit-day')} longer"
    if remedy.freed and remedy.choice is not Choice.SUBSTITUTE:
        yield f"{counted(remedy.freed, 'unit')} for whoever is next"
    yield from _about_money(remedy, currency)


def _about_units(remedy: Remedy, today: date) -> Iterator[str]:
    units = counted(remedy.units, "unit")
    match remedy.choice:
        case Choice.RELEASE:
            yield f"{units} here can go" if remedy.units else "nothing is here yet"
        case Choice.RETRY_PAYMENT:
            yield f"{units} here can go once it is paid"
        case Choice.WAIT:
            yield from _about_consent(remedy, today)
        case Choice.SHIP_NOW | Choice.SUBSTITUTE | Choice.MOVE_UNITS | Choice.SHIP_TOGETHER:
            yield from _about_days(remedy, today)
        case Choice.EXPEDITE:
            yield from (f"for {units}", "a task for the buyers")
        case Choice.CALL_BACK:
            yield "a task for you, with a time"
        case Choice.CANCEL_LINE | Choice.CANCEL_ORDER:
            yield units


def _about_consent(remedy: Remedy, today: date) -> Iterator[str]:
    yield f"consent to {day_text(remedy.comes_on, today)}" if remedy.comes_on else "consent without a day"
    if remedy.answer_by:
        yield f"answer needed by {day_text(remedy.answer_by, today)}"


def _about_days(remedy: Remedy, today: date) -> Iterator[str]:
    if remedy.comes_on:
        yield f"there {day_text(remedy.comes_on, today)}"
    if remedy.unit_days < 0:
        yield f"{counted(-remedy.unit_days, 'unit-day')} later"
    elif remedy.days is None:
        yield "instead of no date"
    elif remedy.days:
        yield f"{counted(remedy.days, 'day')} sooner"


def _about_money(remedy: Remedy, currency: str) -> Iterator[str]:
    if remedy.choice is Choice.GOODWILL:
        yield f"{_money(remedy.refund, currency)} suggested" if remedy.refund else "nothing that is open is late"
        return
    if remedy.refund:
        yield f"{_money(remedy.refund, currency)} given back"
    if not remedy.cost:
        return
    word = {
        Choice.SHIP_NOW: "for one more parcel",
        Choice.SHIP_TOGETHER: "saved",
        Choice.SUBSTITUTE: "of margin",
        Choice.CANCEL_LINE: "of margin lost",
        Choice.CANCEL_ORDER: "of margin lost",
    }[remedy.choice]
    if remedy.choice is Choice.SUBSTITUTE:
        word += " lost" if remedy.cost > 0 else " won"
    yield f"{_money(abs(remedy.cost), currency)} {word}"


def _money(amount: Decimal, currency: str) -> str:
    return money_text(amount, currency)
