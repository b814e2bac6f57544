"""Who waits for a product, in and out."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raincheck.api.shapes.fields import Shape


class InterestBody(Shape):
    """Somebody who wants to hear when it is back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "ann@example.com", "units": 2}]})

    email: Annotated[str, Field(strict=True, min_length=3, max_length=254, examples=["ann@example.com"])]
    units: Annotated[int, Field(strict=True, ge=1, le=100_000, description="How many they would buy.")] = 1
    language: Annotated[Literal["en", "de", "es"], Field(description="Of the mail.")] = "en"


class InterestAnswer(BaseModel):
    """What was noted."""

    sku: str
    units: int
    state: Annotated[
        Literal["unconfirmed", "waiting", "told", "ended"],
        Field(description="unconfirmed: a mail asks first whether it was them."),
    ]


class WaitingAnswer(BaseModel):
    """How many wait: demand that found no stock."""

    sku: str
    people: Annotated[int, Field(description="Who wait now.")]
    units: Annotated[int, Field(description="Units that they would buy.")]
    told: Annotated[int, Field(description="Who were told so far that it was back.")]
