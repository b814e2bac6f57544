"""Orders and quotes, in and out."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from raincheck.api.shapes.fields import (
    Channel,
    Code,
    Country,
    Money,
    Postcode,
    Ref,
    Shape,
    Sku,
    Units,
    UnitsOrNone,
)
from raincheck.core.reason import Reason

MOST_LINES = 5_000

_SHIP = re.compile("available|complete|up_to:(1000|[1-9][0-9]{0,2})")


def _policy(ship: str) -> str:
    if not _SHIP.fullmatch(ship):
        raise PydanticCustomError("ship", "must be available, complete or up_to:N with N from 1 to 1000")
    return ship


Ship = Annotated[
    str,
    AfterValidator(_policy),
    Field(
        strict=True,
        json_schema_extra={"pattern": f"^({_SHIP.pattern})$"},
        description="The customer's own choice: what is there goes first, all of it in one, or in at most N parcels "
        "(up_to:N). None: by the rules.",
        examples=["available", "complete", "up_to:2"],
    ),
]


class AskedLine(Shape):
    """One product that is asked for."""

    sku: Sku
    quantity: Units
    unit_price: Annotated[Money | None, Field(description="The price that holds. None: the product's own.")] = None
    seller: Annotated[
        Code | None, Field(description="Who sells it, on a marketplace: a seller's code. None: the product's seller.")
    ] = None


class _Asked(Shape):
    customer: Annotated[Code | None, Field(description="A customer's code.", examples=["ann"])] = None
    channel: Channel | None = None
    country: Annotated[Country | None, Field(description="Where it goes. None: where the customer lives.")] = None
    postcode: Postcode | None = None
    ship: Ship | None = None
    wanted_on: Annotated[
        date | None,
        Field(description="Not to be delivered before this day. None, or a day that has passed: as soon as can be."),
    ] = None
    lines: Annotated[
        list[AskedLine],
        Field(
            min_length=1,
            max_length=MOST_LINES,
            description="A product may be named more than once at one price: the quantities add up.",
        ),
    ]


class PaymentBody(Shape):
    """How an order is paid."""

    card: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[A-Za-z][A-Za-z0-9_.:/-]*$",
            description="The card processor's token of the card (never its number). It is authorised with the order "
            "and charged as parcels leave, unless the rules say that it is charged with the order.",
            examples=["tok_visa"],
        ),
    ]


class OrderBody(_Asked):
    """An order to place."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ref": "O1", "customer": "ann", "channel": "web", "lines": [{"sku": "lamp", "quantity": 3}]}]
        }
    )

    hold: Annotated[
        Ref | None,
        Field(description="A hold that this order takes over, with the units and days that it holds."),
    ] = None
    ref: Annotated[Ref, Field(description="The order's reference: once for each order, chosen by the caller.")]
    shipping_fee: Annotated[
        Money | None, Field(description="Charged once, with the first capture, on top of the goods.")
    ] = None
    tax: Annotated[
        Money | None,
        Field(description="Of the whole order as it is asked for, on top of the goods; charged in proportion to them."),
    ] = None
    payment: Annotated[
        PaymentBody | None,
        Field(description="None: the shop charges elsewhere. 409 where the company's card payments are off."),
    ] = None
    sold_by: Annotated[
        Code | None,
        Field(
            description="Who of the house sold it, as a user name of the console: what its customer does not answer in "
            "time becomes their task. It is no part of what makes two orders the same.",
            examples=["mia"],
        ),
    ] = None
    seller_credit: Annotated[
        bool,
        Field(
            description="The buyer applied to the seller for credit with it: under 16 CFR 435 it may take 50 days "
            "instead of 30 where no day was told."
        ),
    ] = False


class QuoteBody(_Asked):
    """What an order would get is asked."""

    ref: Annotated[Ref | None, Field(description="For the caller's own record; it is answered and means nothing.")] = (
        None
    )


class CancelLine(Shape):
    """Units of one product to cancel."""

    sku: Sku
    quantity: Units


class CancelBody(Shape):
    """What to cancel of an order."""

    lines: Annotated[
        list[CancelLine] | None,
        Field(min_length=1, max_length=MOST_LINES, description="None: all that is open."),
    ] = None
    by: Annotated[Literal["customer", "seller"], Field(description="Who wants it; the reason on record says so.")] = (
        "customer"
    )


class ChangeLine(Shape):
    """The new ordered quantity of one product, as a whole, not a difference."""

    sku: Sku
    quantity: UnitsOrNone


class ChangeBody(Shape):
    """What to change of an order; at least one field. Both are done, or neither."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"lines": [{"sku": "lamp", "quantity": 5}]}]}
    )

    lines: Annotated[
        list[ChangeLine] | None,
        Field(
            min_length=1,
            max_length=MOST_LINES,
            description="Products that are not named stay as they are. Raised units join the end of the queue; "
            "a new product joins the order.",
        ),
    ] = None
    held: Annotated[
        bool | None,
        Field(
            strict=True, description="true: hold the order, it keeps rank and stock and does not ship. false: release."
        ),
    ] = None


class Piece(BaseModel):
    """Units of a line that come together."""

    units: int
    from_: Annotated[
        str,
        Field(
            alias="from",
            description="on_hand, the reference of a purchase order or transfer, lead_time, none, or refused.",
            examples=["on_hand", "P1"],
        ),
    ]
    on: Annotated[date | None, Field(description="The day of delivery; null without a date.")]
    reason: Annotated[Reason | None, Field(description="Why these units are where they are.")]


class Outcome(BaseModel):
    """What one line gets. ordered = reserved + backordered + preordered + shipped + cancelled + refused, always."""

    sku: str
    ordered: int
    reserved: Annotated[int, Field(description="Tied to stock on hand, not yet with the carrier.")]
    backordered: Annotated[int, Field(description="Waiting for supply.")]
    preordered: Annotated[int, Field(description="Waiting for the product's first day.")]
    refused: Annotated[int, Field(description="Not accepted; `reason` of the piece says why.")]
    first_promise_on: Annotated[date | None, Field(description="The first day of delivery told; it never changes.")]
    promise_on: Annotated[date | None, Field(description="The day of delivery told for the line's last open unit.")]
    expected_on: Annotated[date | None, Field(description="Today's estimate of it.")]
    reason: Annotated[Reason, Field(description="Of the last open unit, else of the unit that ended last.")]
    pieces: Annotated[list[Piece], Field(description="The line's units by source and day, the earliest first.")]


class QuoteLine(Outcome):
    """A line of a quote."""

    policy: Annotated[
        dict[str, Any], Field(description="Of each setting what would win, from where, and what lost and why.")
    ]


class QuoteAnswer(BaseModel):
    """What an order would get at this instant. Nothing is held."""

    ref: str | None
    lines: list[QuoteLine]


class OrderLine(Outcome):
    """A line of an order."""

    unit_price: Annotated[str, Field(examples=["40.00"])]
    shipped: Annotated[int, Field(description="With the carrier or delivered; a return does not lower it.")]
    cancelled: int
    returned: int
    cancel_requested: Annotated[int, Field(description="Units on the floor that it has yet to give back.")]
    ship: Annotated[str, Field(description="The shipping policy that holds for the line.")]


class ShipmentLine(BaseModel):
    """Units in a parcel."""

    sku: str
    units: int


class Shipment(BaseModel):
    """A parcel. Shipped means that the carrier has it."""

    id: int
    site: str
    state: Literal["released", "picked", "packed", "shipped", "delivered"]
    created_at: datetime
    ships_at: datetime | None
    shipped_at: datetime | None
    delivers_at: datetime | None
    delivered_at: datetime | None
    carrier: Annotated[str, Field(description="Who has it; empty where nobody said.", examples=["UPS"])]
    tracking_number: Annotated[str, Field(description="The carrier's number; empty where nobody said.")]
    tracking_url: Annotated[str, Field(description="The carrier's page that follows it; empty where there is none.")]
    lines: list[ShipmentLine]


class OrderAnswer(BaseModel):
    """An order."""

    ref: str
    state: Literal["open", "held", "cancel_requested", "complete", "cancelled", "refused"]
    customer: str | None
    channel: str
    country: str
    postcode: str
    placed_at: datetime
    wanted_on: Annotated[date | None, Field(description="The day before which it is not delivered.")]
    lines: list[OrderLine]


class WholeOrderAnswer(OrderAnswer):
    """An order with its parcels and its money."""

    captured: Annotated[str, Field(description="Charged so far.", examples=["120.00"])]
    refunded: Annotated[str, Field(description="Given back so far.", examples=["0.00"])]
    shipments: list[Shipment]
