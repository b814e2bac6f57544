"""What the local test processor answers: its rules as plain functions of a request and its own books.

- A key is acted on once. Again with the same content it gives the first answer; with other content it is refused.
- Captures and voids of an authorisation never come to more than was authorised, nor refunds to more than was captured,
  and nothing is captured of an authorisation that has ended. A Visa card lets captures go 15% above (its allowance for
  tax and shipping); nothing lets refunds do so.
- A capture takes 2.9% and 0.30 as fee; a refund does not give it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from raincheck.core.money import decimals_of, rounded
from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused, Outcome
from raincheck.gateways.cards_tokens import SAID_DAYS, VISA, TestCard, card_of

NOTHING: Final = Decimal(0)
FEE_SHARE: Final = Decimal("0.029")
FEE_EACH: Final = Decimal("0.30")
LONGEST_KEY: Final = 64
MAY_GO_ABOVE: Final[Mapping[str, Decimal]] = MappingProxyType({VISA: Decimal("0.15")})
_PREFIXES: Final = MappingProxyType({"authorise": "au", "capture": "ch", "void": "vo", "refund": "re"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A request, what the processor answered and took, and when an authorisation really ends."""

    request: CardRequest
    answer: CardAnswer
    at: datetime
    ends_at: datetime | None = None

    @property
    def is_approved(self) -> bool:
        """Whether money moved or is held."""
        return self.answer.outcome == "approved"


@dataclass(frozen=True, slots=True)
class Past:
    """What of the books bears on a request.

    `named` is the authorisation or capture that it names; `draws` what was approved of that since; `of_card` what the
    same order asked of the same card before, in order.
    """

    named: Entry | None = None
    draws: Sequence[Entry] = field(default=())
    of_card: Sequence[Entry] = field(default=())


def check(request: CardRequest) -> None:
    """Raises CardRequestRefused for a request that is malformed by itself."""
    if not request.key or len(request.key) > LONGEST_KEY:
        raise CardRequestRefused(f"a key has 1 to {LONGEST_KEY} letters, not {len(request.key)}")
    if request.kind not in _PREFIXES:
        raise CardRequestRefused(f"{request.kind!r} is not one of {', '.join(_PREFIXES)}")
    if not request.amount.is_finite() or request.amount <= 0:
        raise CardRequestRefused(f"an amount is above 0, not {request.amount}")
    decimals = decimals_of(request.currency)
    if rounded(request.amount, decimals) != request.amount:
        raise CardRequestRefused(f"{request.currency} has {decimals} decimals: {request.amount} cannot be charged")
    if request.kind == "void" and not request.authorisation:
        raise CardRequestRefused("a void names an authorisation")
    if request.kind == "refund" and not request.charge:
        raise CardRequestRefused("a refund names a capture")


def again(request: CardRequest, first: Entry) -> CardAnswer:
    """The first answer to a key. Raises CardRequestRefused where the request is another one."""
    before = first.request
    # As numbers, 40 and 40.00 are the same request.
    if before != request:
        raise CardRequestRefused(f"the key {request.key} was used for {before.kind} of {before.amount} already")
    return first.answer


def decide(request: CardRequest, at: datetime, past: Past) -> Entry:
    """What the processor does about a request whose key it has not acted on. Raises CardRequestRefused."""
    check(request)
    named = past.named
    if (request.authorisation or request.charge) and named is None:
        raise CardRequestRefused(f"there is no {request.authorisation or request.charge}")
    if named and named.request.currency != request.currency:
        raise CardRequestRefused(f"{named.answer.reference} is in {named.request.currency}, not {request.currency}")
    card = card_of(request.method)
    if named is None:
        return _entry(request, at, card, _issuer_says(card, past.of_card))
    if request.kind == "refund":
        reason = _refund_says(request, named, past.draws)
    else:
        reason = _authorisation_says(request, at, named, past.draws)
    return _entry(request, at, card_of(named.request.method), reason)


def left(authorisation: Entry, draws: Sequence[Entry]) -> Decimal:
    """What is held still: neither captured nor given back; nothing after a final capture."""
    if any(one.request.is_final for one in draws):
        return NOTHING
    return max(NOTHING, authorisation.request.amount - _sum(draws))


def _issuer_says(card: TestCard, before: Sequence[Entry]) -> str:
    """Why the card's bank declines; empty: it does not."""
    asked = [one for one in before if one.request.kind == "authorise" or not one.request.authorisation]
    says_no = {
        "always": True,
        "first": not asked,
        "later": any(one.is_approved for one in asked),
    }[card.when]
    return card.declines if says_no else ""


def _authorisation_says(request: CardRequest, at: datetime, named: Entry, draws: Sequence[Entry]) -> str:
    if named.request.kind != "authorise" or not named.is_approved:
        raise CardRequestRefused(f"{named.answer.reference} is not an approved authorisation")
    if request.kind == "void":
        # One that has ended by itself is given back all the same: that changes nothing.
        return "" if request.amount <= left(named, draws) else "more than is held"
    if named.ends_at is not None and at >= named.ends_at:
        return "the authorisation has ended"
    if any(one.request.is_final for one in draws):
        return "the authorisation has had its final capture"
    above = named.request.amount * MAY_GO_ABOVE.get(named.answer.scheme, NOTHING)
    return "" if _sum(draws) + request.amount <= named.request.amount + above else "more than was authorised"


def _refund_says(request: CardRequest, named: Entry, draws: Sequence[Entry]) -> str:
    if named.request.kind != "capture" or not named.is_approved:
        raise CardRequestRefused(f"{named.answer.reference} is not an approved capture")
    return "" if _sum(draws) + request.amount <= named.request.amount else "more than was captured"


def _entry(request: CardRequest, at: datetime, card: TestCard, reason: str) -> Entry:
    outcome: Outcome = "declined" if reason else "approved"
    expires_at = ends_at = None
    if request.kind == "authorise" and not reason:
        expires_at = at + timedelta(days=SAID_DAYS[card.scheme])
        ends_at = expires_at if card.ends_after_days is None else at + timedelta(days=card.ends_after_days)
    fee = fee_of(request.amount, request.currency) if request.kind == "capture" and not reason else NOTHING
    return Entry(request, CardAnswer(outcome, name_of(request), card.scheme, expires_at, reason, fee), at, ends_at)


def name_of(request: CardRequest) -> str:
    """The processor's name for what it does about a request: the same on every run."""
    return f"{_PREFIXES[request.kind]}_{sha256(request.key.encode()).hexdigest()[:24]}"


def fee_of(amount: Decimal, currency: str) -> Decimal:
    """What the processor takes for a capture.

    >>> fee_of(Decimal(100), "USD"), fee_of(Decimal(1000), "JPY")
    (Decimal('3.20'), Decimal('29'))
    """
    return rounded(amount * FEE_SHARE + FEE_EACH, decimals_of(currency))


def _sum(entries: Sequence[Entry]) -> Decimal:
    return sum((one.request.amount for one in entries), NOTHING)
