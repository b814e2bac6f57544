"""Explanations, out."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from raincheck.core.reason import Reason


class ExplainedPiece(BaseModel):
    """Units of a line and the source they are tied to."""

    units: int
    kind: Annotated[str, Field(description="stock, inbound, lead_time or none.")]
    source: Annotated[str, Field(description="The site, purchase order or transfer; empty without one.")]
    on: Annotated[date | None, Field(description="The day on which they ship.")]
    part: Annotated[str, Field(description="The part of a kit that they are; empty for a line of its own.")] = ""
    given: Annotated[str, Field(description="Who gave them, when and why, where the queue did not.")] = ""


class OneAheadShape(BaseModel):
    """An order that stands before a line in its product's queue."""

    ref: str
    customer: str
    units: int
    joined_at: datetime
    told_on: date | None


class ToldDate(BaseModel):
    """A date that was told in place of another."""

    at: str
    previous_on: date | None
    told_on: date | None
    reason: Reason


class ExplainedLine(BaseModel):
    """Why one line is where it is."""

    sku: str
    sentence: Annotated[str, Field(description="In words, for the telephone.")]
    reason: Reason
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None
    orders_ahead: Annotated[int, Field(description="Claims that stand before it in its product's queue.")]
    units_ahead: int
    pieces: list[ExplainedPiece]
    told: list[ToldDate]
    policy: Annotated[
        dict[str, Any], Field(description="Of each setting what won, from where, and what lost and why, as of placing.")
    ]
    ahead: Annotated[list[OneAheadShape], Field(description="The first of those who stand before it.")]
    would_change: Annotated[list[str], Field(description="What would bring it sooner, in words.")]


class ExplainAnswer(BaseModel):
    """Why an order's lines are where they are."""

    ref: str
    state: str
    lines: list[ExplainedLine]
