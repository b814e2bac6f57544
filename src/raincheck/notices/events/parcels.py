"""Parcels: on their way, and there."""

from raincheck.notices.events.phrases import merged, stays, still_to_come, units_of
from raincheck.notices.letter import Item, Letter, Listing
from raincheck.notices.voice import Voice, one_line, plural
from raincheck.store.outbox_read import NoticeFacts


def shipped(facts: NoticeFacts, voice: Voice) -> Letter:
    """What has left, when it should be there, and what is still to come."""
    lead = "Your parcel is on its way to you."
    if facts.parcels > 1:
        lead = f"{facts.parcels} parcels are on their way to you."
    if facts.arrives_on is not None:
        lead += f" We expect {plural(facts.parcels, 'it', 'them')} with you on {voice.day(facts.arrives_on)}."
    return Letter(
        subject=f"{_how_much(facts)} {facts.order_ref} is on its way",
        heading=f"{_how_much(facts)} is on its way",
        lead=(lead,),
        listings=(_in_the_parcel(facts), *still_to_come(facts, voice)),
        closing=("We write again when the rest leaves.",) if _is_something_left(facts) else (),
    )


def delivered(facts: NoticeFacts, voice: Voice) -> Letter:
    """What should be there now, and whom to ask if it is not."""
    return Letter(
        subject=f"Delivered: {_how_much(facts).lower()} {facts.order_ref}",
        heading=f"{_how_much(facts)} has arrived",
        lead=(f"Your {plural(facts.parcels, 'parcel', 'parcels')} should be with you now.",),
        listings=(_in_the_parcel(facts), *still_to_come(facts, voice)),
        closing=("Is something missing or damaged? Reply to this message and we put it right.",),
    )


def _in_the_parcel(facts: NoticeFacts) -> Listing:
    items = tuple(Item(line.units, one_line(line.name)) for line in merged(facts.said))
    return Listing(items, plural(facts.parcels, "In this parcel", "In these parcels"))


def _how_much(facts: NoticeFacts) -> str:
    """Whether this is the order, a part of it, or its rest."""
    units = units_of(facts.said)
    if units >= sum(stays(line) for line in facts.order):
        return "Your order"
    return "A part of your order" if _is_something_left(facts) else "The rest of your order"


def _is_something_left(facts: NoticeFacts) -> bool:
    return any(line.open_units for line in facts.order)
