"""How a basket would arrive, out."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from raincheck.api.shapes.order import Piece


class BasketLine(BaseModel):
    """A line of the basket."""

    sku: str
    units: int
    pieces: list[Piece]
    words: Annotated[str, Field(examples=["5 now, 2 on Thursday 12 March"])]


class DeliveryLine(BaseModel):
    """Units in a delivery."""

    sku: str
    units: int


class Delivery(BaseModel):
    """What arrives together."""

    on: Annotated[date | None, Field(description="The day of delivery; null: nobody knows yet.")]
    units: int
    lines: list[DeliveryLine]


class BasketChoice(BaseModel):
    """A way of shipping the basket: give its `ship` with the order."""

    ship: Annotated[
        str | None,
        Field(
            description="Null: by the rules, which ship its lines in several ways; give the order none.",
            examples=["available", "up_to:2", "complete"],
        ),
    ]
    deliveries: list[Delivery]
    refused: Annotated[list[DeliveryLine], Field(description="Units that an order would be refused.")]
    words: Annotated[str, Field(examples=["2 deliveries, the last on Thursday 12 March"])]


class BasketAnswer(BaseModel):
    """A basket as it would be served now. Nothing is held."""

    ref: str | None
    lines: Annotated[list[BasketLine], Field(description="Under the first choice.")]
    choices: Annotated[
        list[BasketChoice],
        Field(description="The shipping asked for (none: by the rules) first; then those that would arrive otherwise."),
    ]
