"""The cards of the local test processor: each token stands for a card that behaves in one way, always the same one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

VISA, MASTERCARD, AMEX = "visa", "mastercard", "amex"


@dataclass(frozen=True, slots=True)
class TestCard:
    """How a card behaves.

    `declines` is why its issuer says no: to every authorisation and direct charge, or for one order only to the `first`
    or to those `later` than the first that was approved. `away`: the processor does not answer the first time that it
    hears of a request, `before` acting on it or `after`. `ends_after_days` is when an authorisation really ends, before
    the day that was said. `callbacks` is how often each event is called back. `is_disputed`: each charge is, the day
    after.
    """

    __test__ = False

    scheme: str = VISA
    declines: str = ""
    when: Literal["always", "first", "later"] = "always"
    away: Literal["", "before", "after"] = ""
    ends_after_days: int | None = None
    callbacks: int = 1
    is_disputed: bool = False


TEST_CARDS: Final[Mapping[str, TestCard]] = MappingProxyType(
    {
        "tok_visa": TestCard(),
        "tok_mastercard": TestCard(MASTERCARD),
        "tok_amex": TestCard(AMEX),
        "tok_declined": TestCard(declines="the bank says no"),
        "tok_insufficient_funds": TestCard(declines="insufficient funds"),
        "tok_lost_card": TestCard(declines="the card was reported lost"),
        "tok_expired_card": TestCard(declines="the card has expired"),
        "tok_declines_once": TestCard(declines="insufficient funds", when="first"),
        "tok_declines_later": TestCard(declines="the card has expired", when="later"),
        "tok_expires_early": TestCard(ends_after_days=1),
        "tok_away_before": TestCard(away="before"),
        "tok_away_after": TestCard(away="after"),
        "tok_duplicate_callbacks": TestCard(ends_after_days=1, callbacks=3),
        "tok_disputed": TestCard(is_disputed=True),
    }
)
"""By token."""

UNKNOWN: Final = TestCard(declines="the processor does not know this card")

SAID_DAYS: Final[Mapping[str, int]] = MappingProxyType({VISA: 7, MASTERCARD: 30, AMEX: 7})
"""Days after which an authorisation of a scheme ends, as this processor says."""


def card_of(token: str) -> TestCard:
    """How the card of a token behaves; a token that is none of these is declined.

    >>> card_of("tok_amex").scheme, card_of("4242").declines
    ('amex', 'the processor does not know this card')
    """
    return TEST_CARDS.get(token, UNKNOWN)


_NAMES: Final[Mapping[str, str]] = MappingProxyType({VISA: "Visa", MASTERCARD: "Mastercard", AMEX: "American Express"})


def said_of(token: str) -> str:
    """A test card in words.

    >>> said_of("tok_amex"), said_of("tok_declines_later")
    ('American Express: pays', 'Visa: declined after the first time (the card has expired)')
    """
    card = card_of(token)
    when = {"always": "declined", "first": "declined the first time", "later": "declined after the first time"}
    if card.declines:
        does = f"{when[card.when]} ({card.declines})"
    elif card.away:
        does = f"pays; no answer at first, {card.away} the processor has acted"
    elif card.callbacks > 1:
        does = "pays; lets go after a day, each event is called back three times"
    elif card.ends_after_days is not None:
        does = "pays; lets go of what it holds after a day"
    elif card.is_disputed:
        does = "pays; each charge is disputed the day after"
    else:
        does = "pays"
    return f"{_NAMES[card.scheme]}: {does}"
