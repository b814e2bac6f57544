"""Holds, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raincheck.api.shapes.fields import Ref
from raincheck.api.shapes.order import Outcome, QuoteBody


class HoldBody(QuoteBody):
    """A basket to hold."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ref": "cart-17", "minutes": 15, "lines": [{"sku": "lamp", "quantity": 3}]}]}
    )

    ref: Annotated[Ref, Field(description="The hold's reference: once for each hold, chosen by the caller.")]
    minutes: Annotated[
        int | None,
        Field(strict=True, ge=1, le=10_080, description="How long. None: as long as the shop is set up to allow."),
    ] = None


class HoldAnswer(BaseModel):
    """A hold. Its lines say what the order would get; they are empty once it has ended."""

    ref: str
    state: Annotated[
        Literal["open", "taken", "expired", "ended"],
        Field(description="open: it holds. taken: it became `order`. expired: its time ran out. ended: it was let go."),
    ]
    made_at: datetime
    expires_at: datetime
    order: Annotated[str | None, Field(description="The order that took it over.")]
    lines: list[Outcome]
