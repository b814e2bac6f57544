"""Availability, in and out."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.api.shapes.fields import Channel, Code, Shape, Sku

MOST_SKUS = 200

Status = Literal["in_stock", "backorder", "preorder", "out_of_stock"]


class BuyerQuery(Shape):
    """For whom it is asked, where the company's rules look at that."""

    customer: Annotated[Code | None, Field(description="A customer's code.", examples=["ann"])] = None
    channel: Channel | None = None


class AvailabilityQuery(BuyerQuery):
    """Of which products."""

    sku: Annotated[list[Sku], Field(min_length=1, max_length=MOST_SKUS, description=f"Up to {MOST_SKUS}, repeated.")]


class Step(BaseModel):
    """Units that an order placed now would have by a day."""

    on: Annotated[date, Field(description="The day of delivery.")]
    units: Annotated[int, Field(description="Cumulative: all that is free by then.")]


class AvailabilityAnswer(BaseModel):
    """What an order placed now could have of a product."""

    sku: str
    status: Annotated[
        Status,
        Field(
            description="in_stock: some units could go now. preorder: not sold before its first day. backorder: "
            "ordered now it would wait. out_of_stock: an order would be refused."
        ),
    ]
    on_hand: Annotated[int, Field(description="Units that lie at our sites and can be sold.")]
    reserved: Annotated[int, Field(description="Of these, tied to orders.")]
    inbound: Annotated[int, Field(description="Units that confirmed purchase orders and transfers still owe.")]
    atp: Annotated[
        list[Step],
        Field(description="Available to promise by date: supply that no order is tied to."),
    ]
    next_on: Annotated[
        date | None,
        Field(description="The day of delivery of one unit ordered now; null without a date or if refused."),
    ]
    backorder_limit_left: Annotated[
        int | None, Field(description="Units that may still be backordered; null without a limit.")
    ]


class AvailabilityList(BaseModel):
    """Products in the order asked, each once."""

    products: list[AvailabilityAnswer]
    unknown: Annotated[list[str], Field(description="SKUs that no product has.")]
