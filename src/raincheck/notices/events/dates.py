"""Dates: the first one after none, a later one, none any more, an earlier one."""

from raincheck.notices.events.phrases import NO_DATE_YET, expected, merged, units_of, wait_or_cancel
from raincheck.notices.letter import Item, Letter, Listing
from raincheck.notices.voice import Voice, one_line, plural
from raincheck.store.outbox_read import NoticeFacts, SaidLine


def date_expected(facts: NoticeFacts, voice: Voice) -> Letter:
    """A date at last."""
    lines = merged(facts.said)
    return Letter(
        subject=f"We have a date for your order {facts.order_ref}{_colon_day(lines, voice)}",
        heading="We have a date",
        lead=(f"Now we know when {_what(facts, lines)} will be with you.",),
        listings=(Listing(tuple(_item(line, expected(line.on, voice)) for line in lines)),),
    )


def delayed(facts: NoticeFacts, voice: Voice) -> Letter:
    """A told date is kept no longer: when instead, or that we do not know yet."""
    lines = merged(facts.said)
    units = units_of(lines)
    day = _colon_day(lines, voice)
    if any(line.on is None for line in lines):
        next_step = "We write again as soon as we know the new date."
    else:
        next_step = f"You need to do nothing: we send {plural(units, 'it', 'them')} as soon as we can."
    return Letter(
        subject=f"Your order {facts.order_ref} comes later{day}" if day else f"Your order {facts.order_ref} is delayed",
        heading="Later than we told you",
        lead=(f"We are sorry: {_what(facts, lines)} will be later than we told you.",),
        listings=(Listing(tuple(_item(line, _instead(line, voice)) for line in lines)),),
        closing=(next_step, wait_or_cancel(facts, units)),
    )


def brought_forward(facts: NoticeFacts, voice: Voice) -> Letter:
    """Good news."""
    lines = merged(facts.said)
    return Letter(
        subject=f"Your order {facts.order_ref} comes sooner{_colon_day(lines, voice)}",
        heading="Sooner than we told you",
        lead=(f"Good news: {_what(facts, lines)} will be with you sooner than we told you.",),
        listings=(Listing(tuple(_item(line, _instead(line, voice)) for line in lines)),),
    )


def _item(line: SaidLine, note: str) -> Item:
    return Item(line.units, one_line(line.name), note)


def _instead(line: SaidLine, voice: Voice) -> str:
    """The new day beside the one that was told."""
    if line.was_on is None:
        return expected(line.on, voice)
    if line.on is None:
        return f"not on {voice.day(line.was_on)}; {NO_DATE_YET}"
    return f"now expected {voice.day(line.on)} instead of {voice.day(line.was_on)}"


def _colon_day(lines: list[SaidLine], voice: Voice) -> str:
    """The one day that all of it has, for a subject; empty where there are several or none."""
    days = {line.on for line in lines}
    day = days.pop() if len(days) == 1 else None
    return f": {voice.day(day)}" if day else ""


def _what(facts: NoticeFacts, lines: list[SaidLine]) -> str:
    """How much of the order it is about."""
    if units_of(lines) < sum(line.open_units for line in facts.order):
        return "a part of your order"
    return "the rest of your order" if any(line.shipped_units for line in facts.order) else "your order"
