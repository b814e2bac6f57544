"""Receipts, in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from raincheck.api.shapes.fields import Code, Shape, Sku, UnitsOrNone
from raincheck.api.shapes.order import MOST_LINES


class ReceiptLine(Shape):
    """Units of one product that came: at least one, good or damaged."""

    sku: Sku
    quantity: Annotated[UnitsOrNone, Field(description="Good units.")] = 0
    damaged: Annotated[UnitsOrNone, Field(description="Broken ones, on top: they count against the order.")] = 0

    @model_validator(mode="after")
    def _has_units(self) -> "ReceiptLine":
        if not self.quantity and not self.damaged:
            raise PydanticCustomError("units", "needs a quantity, damaged units, or both")
        return self


class ReceiptBody(Shape):
    """What came. Exactly one of `po`, `transfer` and, without a reference, `site`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"po": "P1", "lines": [{"sku": "lamp", "quantity": 7, "damaged": 1}]}]}
    )

    po: Annotated[Code | None, Field(description="The purchase order it came for.", examples=["P1"])] = None
    transfer: Annotated[Code | None, Field(description="The transfer it came for.", examples=["T1"])] = None
    site: Annotated[Code | None, Field(description="Where goods without a reference came to.", examples=["east"])] = (
        None
    )
    lines: Annotated[
        list[ReceiptLine],
        Field(min_length=1, max_length=MOST_LINES, description="A product named more than once adds up."),
    ]

    @model_validator(mode="after")
    def _has_one_place(self) -> "ReceiptBody":
        if sum(place is not None for place in (self.po, self.transfer, self.site)) != 1:
            raise PydanticCustomError("place", "needs exactly one of po, transfer and site")
        return self


class ReleasedLine(BaseModel):
    """Units that go to an order line which waited for them."""

    order: str
    customer: str | None
    sku: str
    units: int
    shipped: Annotated[int, Field(description="Of these, with the carrier already.")]
    still_waiting: Annotated[int, Field(description="Units of the line that wait on.")]


class PutawayLine(BaseModel):
    """Units that nobody waits for: they go to the shelf."""

    sku: str
    site: str
    units: int


class ReceiptAnswer(BaseModel):
    """What the receipt freed."""

    released: Annotated[list[ReleasedLine], Field(description="Who got units, in serving order.")]
    putaway: list[PutawayLine]
