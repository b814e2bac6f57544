"""Sentences that several messages share."""

from collections.abc import Iterable
from datetime import date

from raincheck.notices.letter import Item, Listing
from raincheck.notices.voice import Voice, one_line
from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine

NO_DATE_YET = "no date yet, we will write as soon as we have one"


def expected(day: date | None, voice: Voice) -> str:
    """When something comes, as a note behind it."""
    return f"expected {voice.day(day)}" if day else NO_DATE_YET


def merged(lines: Iterable[SaidLine]) -> list[SaidLine]:
    """One line a product, its units added up: a product in two parcels, or claimed twice, is one thing to a customer.

    Of two dates the later counts, and no date counts as latest.
    """
    by_sku: dict[str, list[SaidLine]] = {}
    for line in lines:
        by_sku.setdefault(line.sku, []).append(line)
    return [_merged(same) for same in by_sku.values()]


def _merged(same: list[SaidLine]) -> SaidLine:
    last = max(same, key=lambda line: line.on or date.max)
    return SaidLine(
        sku=last.sku, name=last.name, units=sum(line.units for line in same), on=last.on, was_on=last.was_on
    )


def still_to_come(facts: NoticeFacts, voice: Voice) -> tuple[Listing, ...]:
    """What of the order has not left yet; empty where nothing is left."""
    items = tuple(
        Item(line.open_units, one_line(line.name), expected(line.promise_on, voice))
        for line in facts.order
        if line.open_units
    )
    return (Listing(items, "Still to come"),) if items else ()


def wait_or_cancel(facts: NoticeFacts, units: int) -> str:
    """How to get out of waiting, and what becomes of the money."""
    them = "it" if units == 1 else "them"
    return f"If you would rather not wait, reply to this message: we cancel {them} and {money_back(facts, them)}."


def money_back(facts: NoticeFacts, them: str) -> str:
    """What becomes of the money for units that are cancelled."""
    if facts.charge == "by_line":
        return f"what you have paid for {them} comes back"
    return f"you pay nothing for {them}" if facts.charge == "shipment" else "you get your money back"


def stays(line: LineNow) -> int:
    """Units of a line that are the customer's: neither cancelled nor refused."""
    return line.ordered_units - line.cancelled_units - line.refused_units


def units_of(lines: Iterable[SaidLine]) -> int:
    """Units in all."""
    return sum(line.units for line in lines)
