"""An order's money: how it stands, what moved, and another card."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

_AMOUNT = Field(examples=["40.00"])


class Movement(BaseModel):
    """Money that was held, charged, let go or given back."""

    at: datetime
    kind: Literal["authorise", "capture", "void", "refund"]
    amount: Annotated[str, _AMOUNT]
    currency: str


class MoneyAnswer(BaseModel):
    """captured - refunded + due_now + to_come = total, always."""

    ref: str
    currency: str
    total: Annotated[str, Field(description="What it costs once all that is open has shipped.", examples=["134.60"])]
    goods: Annotated[str, _AMOUNT]
    shipping_fee: Annotated[str, _AMOUNT]
    tax: Annotated[str, _AMOUNT]
    captured: Annotated[str, _AMOUNT]
    refunded: Annotated[str, _AMOUNT]
    due_now: Annotated[
        str, Field(description="Being charged, or declined and owed; below 0: to be given back.", examples=["-5.00"])
    ]
    to_come: Annotated[str, Field(description="Charged as parcels leave.", examples=["86.67"])]
    held: Annotated[str, Field(description="What the card holds of it now.", examples=["86.67"])]
    held_until: Annotated[datetime | None, Field(description="When the first authorisation runs out.")]
    pays_by_card: bool
    declined: Annotated[bool, Field(description="A charge or an authorisation was declined and waits to be paid.")]
    declined_because: Annotated[
        str, Field(description="In words; empty if nothing was.", examples=["the bank says no"])
    ]
    kept_until: Annotated[
        datetime | None,
        Field(description="Until when declined units are kept for the customer; null: not, or no more."),
    ]
    tried_again_at: Annotated[datetime | None, Field(description="When a declined charge is tried again by itself.")]
    takes_card: Annotated[bool, Field(description="Whether another card may be given now (giveCard).")]
    movements: list[Movement]
