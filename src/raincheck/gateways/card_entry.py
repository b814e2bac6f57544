"""How a customer gives a card without its number ever coming here.

With the local test processor one of its cards is chosen by name. Any other processor has a page of its own: whoever
enters a card is handed over to it, and comes back; what was entered is asked for afterwards, as a token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings

from raincheck.actions.card_handover import (
    begin_handover,
    card_was_entered,
    nothing_entered,
    take_handover,
)
from raincheck.actions.give_card import check_takes_card
from raincheck.gateways.cards import ProcessorAway
from raincheck.gateways.cards_tokens import TEST_CARDS, said_of


@dataclass(frozen=True, slots=True)
class Visit:
    """What a processor's page is opened for. `once` is the same for the same form: sent twice it is one visit.

    The person comes back to `done_url`, or to `back_url` without having entered anything. `card` is the card so far.
    """

    order_ref: str
    once: str
    currency: str
    email: str
    card: str
    done_url: str
    back_url: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Page:
    """A processor's page: its address, the processor's name for the visit, and when it closes."""

    url: str
    reference: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a visit: the card's token (empty: none yet), and whether the page has closed."""

    card: str = ""
    is_over: bool = False


class CardPages(Protocol):
    """A processor's own pages for entering a card."""

    name: str

    def open_page(self, visit: Visit) -> Page:
        """A page for a visit. Raises ProcessorAway."""

    def entered(self, reference: str) -> Entered:
        """What came of a visit. Raises ProcessorAway."""

    def close(self) -> None:
        """Ends its connections."""


TEST_CHOICES: Final[Sequence[tuple[str, str]]] = tuple((token, said_of(token)) for token in TEST_CARDS)
"""The test processor's cards: token, and in words what it does."""


def card_choices() -> Sequence[tuple[str, str]]:
    """The cards that can be chosen by name: those of the test processor; with a real one none."""
    return () if settings.STRIPE_KEY else TEST_CHOICES


def card_pages() -> CardPages | None:
    """The pages of the processor that the deployment's settings name; None: cards are chosen by name."""
    if not settings.STRIPE_KEY:
        return None
    from raincheck.gateways.stripe_checkout import StripePages

    return StripePages(settings.STRIPE_KEY, settings.STRIPE_API)


def open_card_page(visit: Visit, actor: str) -> str:
    """The address of the processor's page, its visit noted. Raises Refused, NotFound, ProcessorAway."""
    check_takes_card(visit.order_ref)
    pages = card_pages()
    if pages is None:
        raise ProcessorAway("the test processor has no page: its cards are chosen by name")
    try:
        page = pages.open_page(visit)
    finally:
        pages.close()
    begin_handover(visit.order_ref, pages.name, page.reference, page.expires_at, actor)
    return page.url


def ask_after_next(pages: CardPages) -> bool:
    """Asks what came of the next visit that is due; False if none is."""
    visit = take_handover()
    if visit is None:
        return False
    try:
        entered = pages.entered(visit.reference)
    except ProcessorAway:
        nothing_entered(visit, is_over=False)
        return True
    if entered.card:
        card_was_entered(visit, entered.card)
    else:
        nothing_entered(visit, is_over=entered.is_over or visit.has_closed)
    return True


def ask_after_all(pages: CardPages | None) -> int:
    """Asks what came of every visit that is due; how many. None: nobody was handed over."""
    asked = 0
    while pages is not None and ask_after_next(pages):
        asked += 1
    return asked
