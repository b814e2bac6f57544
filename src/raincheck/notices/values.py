"""What templates speak of, as frozen values: days, products, orders. notices.vocabulary says what each means."""

from dataclasses import dataclass
from datetime import date

from raincheck.notices.voice import Voice


@dataclass(frozen=True, slots=True)
class Day:
    """A day as the customer's language writes it: `Thursday 12 March`, and `short` `12 Mar`."""

    text: str
    short: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Item:
    """A product that the message is about, with what there is to say of it."""

    units: int
    name: str
    price: str = ""
    day: Day | None = None
    was_day: Day | None = None
    ready_units: int = 0
    waiting_units: int = 0
    refused_units: int = 0
    sent_units: int = 0
    until: Day | None = None
    expected: str = ""
    revised: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """The order that the message is about, as it stands now."""

    ref: str
    day: Day
    open_units: int
    stopping_units: int
    is_together: bool
    most_parcels: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Another product that is offered instead."""

    name: str
    units: int
    price: str = ""
    day: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Tracked:
    """A parcel that has a carrier's number. `url` is the carrier's page for it, empty where there is none."""

    carrier: str
    number: str
    url: str = ""


def the_day(day: date, voice: Voice) -> Day:
    """A day in a voice."""
    return Day(voice.day(day), voice.short_day(day))


def day_of(day: date | None, voice: Voice) -> Day | None:
    """A day in a voice; None for none."""
    return None if day is None else the_day(day, voice)
