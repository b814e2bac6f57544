"""The backorder queue, in and out."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.api.shapes.fields import Code, Shape, Sku
from raincheck.api.shapes.lists import EMPTY, MOST_ROWS, asked
from raincheck.core.reason import Reason


class QueueQuery(Shape):
    """Which part of the queue. Empty filters ask nothing."""

    sku: Annotated[Sku | None, EMPTY, asked("This product.")] = None
    supplier: Annotated[Code | None, EMPTY, asked("Products of this supplier.")] = None
    customer: Annotated[Code | None, EMPTY, asked("Orders of this customer.")] = None
    late: Annotated[
        Literal["true", "false", ""],
        Field(description="true: only what is past the day told. false: only what is not."),
    ] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows a page.")] = 100
    cursor: Annotated[
        str,
        Field(max_length=200, description="`next_cursor` of the page before. Newcomers and departures move no page."),
    ] = ""


class QueuePiece(BaseModel):
    """Units and the supply they are tied to."""

    units: int
    from_: Annotated[
        str,
        Field(
            alias="from",
            description="The reference of a purchase order or transfer, on_hand (before a product's first day), "
            "lead_time or none.",
        ),
    ]
    on: Annotated[date | None, Field(description="The day of delivery; null without a date.")]


class QueueRow(BaseModel):
    """Units of an order line that joined the queue together and wait."""

    position: Annotated[int, Field(description="Place in the product's queue; 1 is served first.")]
    order: str
    state: Literal["open", "held", "cancel_requested"]
    customer: str | None
    sku: str
    kit: Annotated[str | None, Field(description="The kit on the order of which these units are a part.")]
    supplier: str | None
    units: Annotated[int, Field(description="Units that wait.")]
    ships_complete: bool
    joined_at: datetime
    promise_on: Annotated[date | None, Field(description="The day told for these units.")]
    expected_on: Annotated[date | None, Field(description="Today's estimate for the line.")]
    late: bool
    reason: Reason
    pieces: Annotated[list[QueuePiece], Field(description="The supply these units are tied to.")]


class QueueAnswer(BaseModel):
    """A page of the queue."""

    backorders: list[QueueRow]
    next_cursor: Annotated[str | None, Field(description="For the next page; null on the last.")]
