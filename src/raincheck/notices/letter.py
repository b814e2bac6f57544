"""A message before it is laid out: what text and HTML both say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A product in a message: how many, what there is to say of it, and its price as text where it matters."""

    units: int
    name: str
    note: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Items under a title (empty where the sentence above them is title enough)."""

    items: tuple[Item, ...]
    title: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: `lead` says what happened, `listings` what it is about, `closing` what the customer can do."""

    subject: str
    heading: str
    lead: tuple[str, ...]
    listings: tuple[Listing, ...] = ()
    closing: tuple[str, ...] = ()
