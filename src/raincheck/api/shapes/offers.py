"""Offers of substitutes, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.api.shapes.fields import Shape, Sku


class OfferBody(Shape):
    """Another product to offer for units that wait."""

    sku: Annotated[Sku, Field(description="The line of which units wait.")]
    instead: Annotated[Sku, Field(description="What is offered for them, at the price agreed for the line.")]
    hours: Annotated[
        int | None,
        Field(strict=True, ge=1, le=2160, description="How long the offer stands. None: as the shop is set up."),
    ] = None


class OfferAnswer(BaseModel):
    """An offer."""

    sku: str
    instead: str
    instead_name: str
    units: int
    unit_price: Annotated[str, Field(examples=["40.00"])]
    offered_at: datetime
    expires_at: datetime
    state: Literal["open", "taken", "declined", "expired", "withdrawn"]


class OffersAnswer(BaseModel):
    """The offers made for an order's lines, the newest first."""

    ref: str
    offers: list[OfferAnswer]
