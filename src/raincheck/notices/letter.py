"""A message before it is laid out: what text and HTML both say."""

from dataclasses import dataclass

from raincheck.notices.values import Item, Tracked


@dataclass(frozen=True, slots=True)
class Entry:
    """A product in a message: how many, what there is to say of it, and its price as text where it matters."""

    item: Item
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Products under a title (empty where the sentence above them is title enough)."""

    entries: tuple[Entry, ...]
    title: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: `lead` says what happened, `listings` what it is about, `closing` what the customer can do.

    `tracked` are parcels to be followed.
    """

    subject: str
    heading: str
    lead: tuple[str, ...]
    listings: tuple[Listing, ...] = ()
    closing: tuple[str, ...] = ()
    sms: str = ""
    tracked: tuple[Tracked, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a message: to whom, from whom, why, and where to go. Empty: it is left out."""

    language: str
    company: str
    greeting: str
    reason: str
    about: str = ""
    total: str = ""
    track: str = ""
    page_link: str = ""
    page_url: str = ""
    preferences: str = ""
    preferences_url: str = ""
    contact: str = ""
    postal_address: tuple[str, ...] = ()
    brand_colour: str = ""
