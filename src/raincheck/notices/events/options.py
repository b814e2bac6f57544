"""Options that a law wants customers to be given: wait or cancel, with what happens if they say nothing.

What has to be in them: 16 CFR 435.2(b) for shipment, Directive 2011/83, Art. 18 for delivery (core.law_rules `content`,
`short_delay`, `long_delay`, `renewed_silence`, `indefinite`, `end`).
"""

from datetime import date

from raincheck.notices.events.phrases import merged, money_back, units_of
from raincheck.notices.letter import Item, Letter, Listing
from raincheck.notices.voice import Voice, one_line, plural
from raincheck.store.outbox_read import NoticeFacts, SaidLine

_WHY = {
    "no_date": "our supplier has given us no date",
    "lead_time": "it has to be ordered from our supplier first",
    "pegged_to_inbound": "our supplier delivers it to us later than agreed",
    "pegged_to_transfer": "it comes to us from another warehouse later than planned",
    "waits_for_order": "another part of your order is not here yet",
    "held": "your order is on hold with us",
    "payment_failed": "the payment for it did not go through",
    "not_yet_available": "it is not on sale yet",
}
_ANY_OTHER_WHY = "it has not come in as we expected"


def option_notice(facts: NoticeFacts, voice: Voice) -> Letter:
    """The first option; or, where delivery counts, that the agreed day has passed."""
    if any(line.stage == "passed" for line in facts.said):
        return _passed(facts, voice)
    return _option(facts, voice, "Your order is delayed: please tell us what you want")


def renewed_option_notice(facts: NoticeFacts, voice: Voice) -> Letter:
    """The next option: the day that was told cannot be met either, and silence is a no."""
    return _option(facts, voice, "Your order is delayed again: please tell us what you want")


def _option(facts: NoticeFacts, voice: Voice, heading: str) -> Letter:
    lines = list(facts.said)
    units = units_of(lines)
    it, them = plural(units, "it", "them"), plural(units, "this item", "these items")
    cancel = f"You can cancel {it} and {money_back(facts, it)}: reply to this message with the word CANCEL"
    never_dated = all(line.was_on is None and line.ships_on is None for line in lines)
    subject = f"We have no date for your order {facts.order_ref}" if never_dated else ""
    return Letter(
        subject=f"{subject or f'Your order {facts.order_ref} is delayed'}: wait or cancel?",
        heading="We have no date yet: please tell us what you want" if never_dated else heading,
        lead=(f"We are sorry: we cannot say yet when we can ship {them}.",)
        if never_dated
        else (f"We are sorry: we cannot ship {them} when we said.",),
        listings=(Listing(tuple(Item(line.units, one_line(line.name), _when(line, voice)) for line in lines)),),
        closing=(
            f"{cancel}, at no cost to you.",
            f"If you agree to wait, reply with the word WAIT{_until(lines, voice)}.",
            *dict.fromkeys(_silence(line, voice, several=len(merged(lines)) > 1) for line in lines),
        ),
    )


def _when(line: SaidLine, voice: Voice) -> str:
    if line.ships_on is not None:
        arrives = f", to be with you {voice.day(line.on)}" if line.on and line.on != line.ships_on else ""
        return f"we will ship it by {voice.day(line.ships_on)}{arrives}"
    return f"we cannot say when we will ship it, because {_WHY.get(line.why, _ANY_OTHER_WHY)}"


def _until(lines: list[SaidLine], voice: Voice) -> str:
    """What agreeing to wait means."""
    days = {line.ships_on for line in lines}
    if days == {None}:
        return "; you can still change your mind and cancel at any time until it ships"
    day = days.pop() if len(days) == 1 else None
    return f" until {voice.day(day)}" if day else ""


def _silence(line: SaidLine, voice: Voice, *, several: bool) -> str:
    """What happens if we hear nothing."""
    what = one_line(line.name) if several else "your order"
    if line.stage == "answer_needed":
        return (
            f"If we do not hear from you, and have not shipped by {_day(line.by_on, voice)}, we cancel {what} by"
            " ourselves and you get back what you have paid."
        )
    if line.stage == "silence_consents":
        return (
            f"If we do not hear from you, we take it that you agree to wait for {what} until {_day(line.by_on, voice)}."
        )
    return f"If we do not hear from you, we go on; you can cancel {what} at any time until it ships."


def _passed(facts: NoticeFacts, voice: Voice) -> Letter:
    """The agreed day of delivery has passed (Directive 2011/83, Art. 18)."""
    lines = list(facts.said)
    units = units_of(lines)
    it = plural(units, "it", "them")
    end = f"You can end the contract for {it} now and {money_back(facts, it)}"
    return Letter(
        subject=f"Your order {facts.order_ref} is late: you can end it",
        heading="Your order is late",
        lead=("We are sorry: we have not delivered on the day that we agreed.",),
        listings=(Listing(tuple(Item(line.units, one_line(line.name), _late(line, voice)) for line in lines)),),
        closing=(
            f"{end}: reply to this message with the word CANCEL.",
            "If we do not hear from you, we deliver as soon as we can; you keep the right to end it until then.",
        ),
    )


def _late(line: SaidLine, voice: Voice) -> str:
    agreed = f"agreed for {_day(line.was_on, voice)}"
    return f"{agreed}; now expected {voice.day(line.on)}" if line.on else f"{agreed}; we have no new date yet"


def _day(day: date | None, voice: Voice) -> str:
    return voice.day(day) if day else "that day"
