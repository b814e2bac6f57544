"""What can happen in a drill: one value a verb. ``lines`` are units by SKU; None means all there are.

``at`` is in UTC. ``line`` is the event's line in the file and takes no part in comparing contents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from raincheck.core.strategy import Request

Lines = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens at an instant. ``repeats``: said before with the same content, so without effect."""

    verb: ClassVar[str]
    at: datetime = field(compare=False)
    line: int = field(compare=False, default=0)
    repeats: bool = field(compare=False, default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Event):
    """What an order and a quote have in common. ``ship``: the customer's choice; ``wanted_on``: not before."""

    ref: str
    lines: Lines
    customer: str | None = None
    ship: str | None = None
    channel: str = ""
    wanted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(Asked):
    """A customer orders; `seller_credit`: and applied to the seller for credit with it.

    `shipping_fee` and `tax` are of the whole order; `card` is a token of the test processor's, such as tok_visa.
    """

    verb: ClassVar[str] = "order"
    seller_credit: bool = False
    shipping_fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    card: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuote(Asked):
    """A customer asks what an order would get; nothing is held."""

    verb: ClassVar[str] = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(Event):
    """The customer takes units back, or (no lines) the whole order."""

    verb: ClassVar[str] = "cancel"
    order: str
    lines: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder(Event):
    """The customer's new ordered quantities; a line that is not named stays."""

    verb: ClassVar[str] = "change"
    order: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder(Event):
    """The order keeps rank and stock and does not ship."""

    verb: ClassVar[str] = "hold"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOrder(Event):
    """The end of a hold."""

    verb: ClassVar[str] = "release"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePayment(Event):
    """The next charge of the order is declined."""

    verb: ClassVar[str] = "decline_payment"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase(Event):
    """A purchase order to a supplier."""

    verb: ClassVar[str] = "purchase"
    po: str
    supplier: str
    site: str
    due_on: date | None
    state: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Event):
    """The supplier's acknowledgement; no date keeps the date, no lines confirm them all."""

    verb: ClassVar[str] = "confirm"
    po: str
    due_on: date | None = None
    lines: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule(Event):
    """Another date for a purchase order."""

    verb: ClassVar[str] = "reschedule"
    po: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Event):
    """Goods arrive from a purchase order or a transfer (one of the two); ``damaged`` comes on top of ``lines``."""

    verb: ClassVar[str] = "receive"
    po: str | None = None
    transfer: str | None = None
    lines: Lines
    damaged: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseShort(Event):
    """What the supplier still owes on a purchase order will not come."""

    verb: ClassVar[str] = "close_short"
    po: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Event):
    """What was found on the shelves of a site."""

    verb: ClassVar[str] = "count"
    site: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Event):
    """Shipped units come back. ``condition``: good or damaged."""

    verb: ClassVar[str] = "return"
    order: str
    lines: Lines
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Event):
    """Stock leaves one site for another, where it is due on a date."""

    verb: ClassVar[str] = "transfer"
    ref: str
    from_site: str
    to_site: str
    due_on: date
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOrder(Event):
    """The customer's answer; ``substitutes``: the product taken instead, by SKU (with that choice alone)."""

    verb: ClassVar[str] = "answer"
    order: str
    choice: str
    substitutes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorEvent(Event):
    """What the floor does for an order, or for one shipment of it (by the id that it prints)."""

    order: str
    shipment: int | None = None
    lines: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(FloorEvent):
    """Units taken from the shelf; ``lines`` are what was found, so fewer than asked is a short pick."""

    verb: ClassVar[str] = "pick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack(FloorEvent):
    """Picked units put in a parcel."""

    verb: ClassVar[str] = "pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(FloorEvent):
    """The carrier takes the parcel."""

    verb: ClassVar[str] = "ship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(FloorEvent):
    """The parcel reaches the customer."""

    verb: ClassVar[str] = "deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCancel(Event):
    """The floor gives back what a requested cancel stopped."""

    verb: ClassVar[str] = "confirm_cancel"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protect(Event):
    """Units of a product are kept for a tier; 0 of them ends it."""

    verb: ClassVar[str] = "protect"
    product: str
    tier: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebalance(Event):
    """Supply is given out anew by strategy."""

    verb: ClassVar[str] = "rebalance"
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Event):
    """Only moves the clock."""

    verb: ClassVar[str] = "wait"
