"""Which words there are: the events, the parts of each, and the words that we ship in every language.

The shipped words are files, `texts/LANGUAGE/EVENT.txt`: parts under their name in brackets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from raincheck.core.settings import LANGUAGES

_FOLDER: Final = Path(__file__).parent / "texts"
_PART: Final = re.compile(r"^\[([a-z_]+)\]\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message: its name, how the console calls it, and whether it must say something."""

    name: str
    label: str
    meaning: str
    is_needed: bool = False


LETTER: Final = (
    Part("subject", "Subject", "one line, at most 200 signs", is_needed=True),
    Part("heading", "Heading", "one line", is_needed=True),
    Part("lead", "Text", "what happened; an empty line begins a new paragraph", is_needed=True),
    Part("title", "Title of the list", "above the products; may be empty"),
    Part("item", "Note", "behind each product, here called item; each line says one thing"),
    Part("closing", "What the customer can do", "below the products"),
    Part("sms", "Text message", "at most two SMS with the link; empty: none is sent"),
)
PHRASES: Final = (
    Part("greeting", "Greeting", "first line", is_needed=True),
    Part("expected", "Expected", "the day of a product, here called item, or that there is none", is_needed=True),
    Part("money_back", "Money back", "what becomes of the money; ends a sentence", is_needed=True),
    Part("ways_out", "Ways out", "what a customer who waits can do", is_needed=True),
    Part("how_sure", "How sure", "how many of ten such dates are kept"),
)
FRAME: Final = (
    Part("total", "Total", "before the sum", is_needed=True),
    Part("rest_title", "Still to come", "above what is still to come", is_needed=True),
    Part("track", "Tracking", "before the carrier and the number of parcels", is_needed=True),
    Part("page_link", "Link", "what the link to the customer’s page says", is_needed=True),
    Part("about", "About", "which order it is about"),
    Part("reason", "Reason", "why the customer gets this", is_needed=True),
    Part("preferences", "Preferences", "what the link to the customer’s choices says", is_needed=True),
)
SHARED: Final = PHRASES + FRAME
DIGEST: Final = LETTER[:3]
LAW: Final = (
    Part("right_to_cancel", "Right to cancel", "16 CFR 435.2(b)(1), Directive 2011/83 Art. 18"),
    Part("how_to_wait", "How to wait", "16 CFR 435.2(b)(1)"),
    Part("if_silent", "Silence", "16 CFR 435.2(b)(1), (2)"),
    Part("revised", "Revised day", "16 CFR 435.2(b)(1)"),
    Part("refund_note", "Refund", "16 CFR 435.2(c), (d)"),
)
"""What a law wants said. These words are not edited: what must be there must say what it must."""

EVENTS: Final[Mapping[str, str]] = {
    "order_confirmed": "An order was accepted",
    "backordered": "Some of it has to wait",
    "date_expected": "A first date, after none",
    "delayed": "A told date is later, or lost",
    "brought_forward": "A told date is earlier",
    "option_notice": "Wait or cancel (by law)",
    "renewed_option_notice": "Wait or cancel, once more (by law)",
    "answer_received": "The customer asked us to wait",
    "withdrawal_received": "The customer withdrew (by law)",
    "order_changed": "Quantities were changed",
    "address_changed": "The address was changed",
    "link_sent": "A link to the page of the order",
    "substitute_offered": "Another product is offered",
    "cancelled": "Units were cancelled",
    "shipped": "A parcel left",
    "tracking_changed": "The carrier’s number of a parcel, later than the parcel",
    "delivered": "A parcel arrived",
    "charged": "Money was charged",
    "payment_failed": "A payment did not go through",
    "refunded": "Money was given back",
    "feedback_asked": "How did it go?",
    "confirm_interest": "“Tell me when it is back”: was it you?",
    "back_in_stock": "A product is back",
}
"""Everything that customers hear of, with what the console calls it."""

WITHOUT_ORDER: Final = frozenset({"confirm_interest", "back_in_stock"})
"""Events of a product alone: they go to an address that may have no order."""

TEMPLATES: Final[Mapping[str, str]] = {
    **EVENTS,
    "digest": "Several messages of an order in one",
    "shared": "Shared words",
}
"""All that can be edited."""


def parts_of(template: str) -> tuple[Part, ...]:
    """The parts of a template. Raises KeyError for one that does not exist."""
    if template in ("shared", "digest", "law"):
        return {"shared": SHARED, "digest": DIGEST, "law": LAW}[template]
    if template not in EVENTS:
        raise KeyError(template)
    return LETTER


@cache
def shipped_words(template: str, language: str) -> Mapping[str, str]:
    """The words that we ship: {part: source}, empty for a part that says nothing. Raises KeyError for none such."""
    known = parts_of(template)
    if language not in LANGUAGES:
        raise KeyError(language)
    text = (_FOLDER / language / f"{template}.txt").read_text(encoding="utf-8")
    _, *pieces = _PART.split(text)
    found = {name: source.strip() for name, source in zip(pieces[::2], pieces[1::2], strict=True)}
    if unknown := found.keys() - {part.name for part in known}:
        raise KeyError(f"{language}/{template}.txt: {', '.join(sorted(unknown))}")
    return {part.name: found.get(part.name, "") for part in known}
