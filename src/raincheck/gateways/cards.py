"""Card payments: what the processor is asked, what it answers, and which one this installation uses.

A request carries a key that stands for it for ever. Sent again under that key it is not done again: the processor gives
the first answer once more. So whoever has not heard an answer simply asks again.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, Protocol, get_args

from django.conf import settings

Kind = Literal["authorise", "capture", "void", "refund"]
Outcome = Literal["approved", "declined"]

KINDS: Final = get_args(Kind)


@dataclass(frozen=True, slots=True)
class CardRequest:
    """One thing that the processor is asked to do for one order.

    `amount` is above 0, in units of `currency` (ISO 4217), with no more decimals than it has. `method` is the
    processor's token of the card, never a number. `authorisation` is the reference of the approved authorisation that a
    capture draws on or a void gives back (in part, where `amount` is less than what is left of it); a capture without
    one charges the card at once. `charge` is the reference of the capture that a refund gives back. After a capture
    that `is_final` the processor releases what is left of the authorisation.
    """

    key: str
    kind: Kind
    order_ref: str
    amount: Decimal
    currency: str
    method: str
    authorisation: str = ""
    charge: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What the processor has done, or why it will not.

    `reference` is its own name for what it did; later requests name it. `expires_at` is when an authorisation ends by
    the processor's word (None: it did not say). `reason` says in words why something was declined. `fee` is what the
    processor took, in the request's currency; None: it does not say so at once, the payout's file does.
    """

    outcome: Outcome
    reference: str
    scheme: str = ""
    expires_at: datetime | None = None
    reason: str = ""
    fee: Decimal | None = None


class ProcessorAway(Exception):
    """Whether the processor has acted is not known. Send the request again under its key, or `find` it."""


class CardRequestRefused(Exception):
    """The processor does not understand the request: a mistake of ours or of the set-up, which no repeat mends.

    Examples: a key that was used for something else, a currency the account does not take, a wrong API key.
    """


class CardGateway(Protocol):
    """A card processor."""

    def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:
        """What became of a request that is sent at `at`; the first answer again where its key has been used before.

        Raises ProcessorAway where nothing is known, CardRequestRefused where asking again is of no use.
        """

    def find(self, key: str) -> CardAnswer | None:
        """What became of the request with this key; None: the processor never acted on one. Raises ProcessorAway."""

    def close(self) -> None:
        """Ends its connections; the next request opens others."""


def card_gateway() -> CardGateway:
    """The processor that the deployment's settings name: Stripe where there is a key for it, else the local one.

    Drills never call this: they play the local one (`raincheck.gateways.cards_local`).
    """
    if settings.STRIPE_KEY:
        from raincheck.gateways.cards_stripe import StripeCards

        return StripeCards(settings.STRIPE_KEY, settings.STRIPE_API)
    from raincheck.gateways.cards_local import LocalProcessor

    return LocalProcessor()
