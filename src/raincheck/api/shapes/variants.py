"""Variants and substitutes, in and out."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.api.shapes.availability import Status
from raincheck.api.shapes.fields import Shape, Sku

MOST_NAMED = 50


class VariantAnswer(BaseModel):
    """One product of a style."""

    sku: str
    name: str
    size: str
    colour: str
    price: Annotated[str | None, Field(description="Null where it has none.", examples=["40.00"])]
    status: Status
    units_now: Annotated[int, Field(description="Units that an order placed now would have at once.")]
    next_on: Annotated[date | None, Field(description="The day of delivery of one unit ordered now.")]


class VariantsAnswer(BaseModel):
    """A style: what a shop shows as a table of sizes and colours."""

    style: Annotated[str, Field(description="Empty where the product has none: then it stands alone.")]
    sizes: Annotated[list[str], Field(description="As a shop lists them: S before M, 38 before 40.")]
    colours: list[str]
    variants: list[VariantAnswer]


class SubstituteAnswer(BaseModel):
    """A product that can be had sooner."""

    sku: str
    name: str
    kind: Literal["named", "other_colour", "other_size", "other_size_and_colour", "same_size_and_colour"]
    why: Annotated[str, Field(examples=["same style and size in sage"])]
    size: str
    colour: str
    units_now: Annotated[int, Field(description="Units that an order placed now would have at once.")]
    earliest_on: Annotated[date | None, Field(description="The day of delivery of one unit ordered now.")]
    price_difference: Annotated[
        str | None,
        Field(description="Positive where it costs more; null where a price is missing.", examples=["-5.00"]),
    ]


class SubstitutesAnswer(BaseModel):
    """What could stand in for a product."""

    sku: str
    named: Annotated[list[str], Field(description="Those that were named for it, whether they can be had or not.")]
    substitutes: Annotated[
        list[SubstituteAnswer],
        Field(description="Those that can be had sooner: named ones first, then the nearest variants."),
    ]


class SubstitutesBody(Shape):
    """Which products may stand in for one."""

    named: Annotated[
        list[Sku], Field(max_length=MOST_NAMED, description="These and no others; an empty list takes all away.")
    ]
