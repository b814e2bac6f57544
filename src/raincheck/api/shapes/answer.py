"""A customer's answer to waiting, in."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from raincheck.api.shapes.fields import Shape, Sku
from raincheck.api.shapes.order import MOST_LINES


class Substitute(Shape):
    """Another product instead of one that is waited for, at the agreed price."""

    sku: Sku
    instead: Annotated[Sku, Field(description="The SKU that is taken instead.", examples=["torch"])]


class AnswerBody(Shape):
    """What the customer answers."""

    choice: Annotated[
        Literal["wait", "wait_further", "cancel", "ship_available", "substitute"],
        Field(
            description="wait: until the day last told, or, where none was told, until it ships. wait_further: also "
            "through an unforeseen further delay, where the customer was asked about one. cancel: end what was "
            "asked about. ship_available: what is there goes, the rest follows. substitute: take another product."
        ),
    ]
    substitutes: Annotated[
        list[Substitute] | None, Field(min_length=1, max_length=MOST_LINES, description="With substitute alone.")
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.choice == "substitute") != bool(self.substitutes):
            raise ValueError("substitutes goes with the choice substitute, and with that alone")
        return self
