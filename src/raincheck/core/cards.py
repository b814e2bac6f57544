"""Card authorisations: for how long they hold, what they cover, and what is drawn on them or given back.

The days are those of the card schemes as a stored secondary source gives them (card-absent trade; 2024): data that a
company sets otherwise where its acquirer's contract says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Final

from raincheck.core.money import NOTHING, OrderMoney, at_stake


class Use(StrEnum):
    """Why a card is authorised. It decides for how long."""

    CUSTOMER = "customer"  # the customer is there and orders; amounts may still change
    FINAL = "final"  # the customer is there; everything goes at once, for this very amount
    MERCHANT = "merchant"  # the shop asks again by itself: a renewal


WINDOW_DAYS: Final[Mapping[str, int]] = {
    "visa": 7,
    "visa_merchant": 5,
    "mastercard": 30,
    "mastercard_final": 7,
    "amex": 7,
    "other": 7,
}
"""Days for which an authorisation holds, by scheme, or by scheme and use where that differs."""

WINDOW_NAMES: Final = (*WINDOW_DAYS, "mastercard_merchant", "amex_merchant")
"""What a company may set days for."""

LONGEST_WINDOW_DAYS: Final = 365


def window_days(scheme: str, use: Use, set_days: Mapping[str, int]) -> int:
    """For how many days an authorisation holds; what the company has set comes first.

    >>> window_days("visa", Use.MERCHANT, {}), window_days("mastercard", Use.CUSTOMER, {"mastercard": 20})
    (5, 20)
    """
    days = {**WINDOW_DAYS, **set_days}
    for name in (f"{scheme}_{use.value}", scheme):
        if name in days:
            return days[name]
    return days["other"]


def holds_until(
    scheme: str, use: Use, at: datetime, set_days: Mapping[str, int], processor_says: datetime | None
) -> datetime:
    """Until when an authorisation holds: the earlier of the processor's word and the scheme's days."""
    by_scheme = at + timedelta(days=window_days(scheme, use, set_days))
    return by_scheme if processor_says is None else min(by_scheme, processor_says)


def let_go_by(
    scheme: str, use: Use, at: datetime, set_days: Mapping[str, int], processor_says: datetime | None
) -> datetime:
    """By when the bank has let go of an authorisation by itself: until then the customer's money may be held.

    That is the processor's word where it gives one; else the longer of the scheme's days and the company's own.
    """
    days = max(window_days(scheme, use, {}), window_days(scheme, use, set_days))
    return at + timedelta(days=days) if processor_says is None else processor_says


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An authorisation, and what is left of it: neither captured nor given back, asked for included.

    `captured` is what was captured of it; `is_live` is False while the processor has not approved it yet.
    """

    id: int
    amount: Decimal
    left: Decimal
    captured: Decimal = NOTHING
    expires_at: datetime | None = None
    is_live: bool = True


@dataclass(frozen=True, slots=True)
class Draw:
    """An amount to be captured of an authorisation or given back to it; None: of the card itself, at once."""

    authorisation: int | None
    amount: Decimal
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Above:
    """How much captures may go above an authorisation: a share of its amount, in whole coins of its currency."""

    variance: Decimal = NOTHING
    decimals: int = 2

    def of(self, one: Authorisation) -> Decimal:
        """What may go above one."""
        return (one.amount * self.variance).quantize(Decimal(1).scaleb(-self.decimals), ROUND_DOWN)


def cover(live: Iterable[Authorisation], until: datetime, above: Above) -> Decimal:
    """What may be captured at an instant: what is left of the authorisations that hold then, and what may go above."""
    return sum(
        (
            one.left + above.of(one)
            for one in live
            if one.is_live and (one.expires_at is None or one.expires_at > until)
        ),
        NOTHING,
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """What an order that pays by card may ship on.

    `amount` may be captured now; `leaving` are units by line in parcels on their way to the carrier, which will take of
    it first. An order that `is_waiting` has asked the card for what is due in advance, or was raised just now.
    """

    money: OrderMoney
    amount: Decimal
    leaving: Mapping[int, int] = field(default_factory=dict)
    is_waiting: bool = False

    def missing(self, ready: Mapping[int, int]) -> Decimal | None:
        """What must be authorised before these units of its lines may leave as well; None: they may leave.

        0 where an answer is waited for and there is nothing more to ask.
        """
        if self.is_waiting:
            return NOTHING
        units = {line: ready.get(line, 0) + self.leaving.get(line, 0) for line in {*ready, *self.leaving}}
        stake = at_stake(self.money, units)
        return stake - self.amount if stake > self.amount else None


UNANSWERED: Final = Cover(OrderMoney(), NOTHING, is_waiting=True)
"""The cover of an order whose card was not asked yet, or was asked for more just now: nothing of it leaves."""


def draw(amount: Decimal, live: Sequence[Authorisation], above: Above, *, is_last: bool) -> list[Draw]:
    """Which authorisations a capture draws on, the first to expire first; what none covers is charged at once.

    Only where nothing is left to ship (`is_last`) a capture is final, and it is the last one of its authorisation.
    What may go above an amount is taken only when all that is left is not enough.
    """
    ready = sorted(
        (one for one in live if one.is_live), key=lambda one: (one.expires_at is None, one.expires_at, one.id)
    )
    taken = dict.fromkeys((one.id for one in ready), NOTHING)
    missing = amount
    for limit in (Above(), above):
        for one in ready:
            part = min(missing, max(NOTHING, one.left + limit.of(one) - taken[one.id]))
            taken[one.id] += part
            missing -= part
    draws = [Draw(id_, part, is_last) for id_, part in taken.items() if part > 0]
    return [*draws, Draw(None, missing)] if missing > 0 else draws


def give_back(live: Iterable[Authorisation], needed: Decimal) -> list[Draw]:
    """What is voided of authorisations because nothing that is still open needs it, the newest first."""
    newest_first = sorted(live, key=lambda one: -one.id)
    spare = sum((max(NOTHING, one.left) for one in newest_first), NOTHING) - needed
    found: list[Draw] = []
    for one in newest_first:
        part = min(spare, one.left)
        if part > 0:
            found.append(Draw(one.id, part))
            spare -= part
    return found


@dataclass(frozen=True, slots=True)
class Charge:
    """A capture, and what of it was not refunded yet."""

    id: int
    left: Decimal


def refund(amount: Decimal, charges: Iterable[Charge]) -> list[Draw]:
    """Which captures a refund gives back, the newest first: the money returns the way it came."""
    found: list[Draw] = []
    for one in sorted(charges, key=lambda one: -one.id):
        part = min(amount, one.left)
        if part > 0:
            found.append(Draw(one.id, part))
            amount -= part
    return found


def drawn(live: Sequence[Authorisation], draws: Iterable[Draw]) -> list[Authorisation]:
    """The authorisations after some draws; one that had its final capture is gone."""
    by_id = {one.id: one for one in live}
    for one in draws:
        if one.authorisation is None:
            continue
        left = by_id[one.authorisation]
        if one.is_final:
            del by_id[one.authorisation]
        else:
            by_id[one.authorisation] = replace(left, left=left.left - one.amount, captured=left.captured + one.amount)
    return list(by_id.values())
