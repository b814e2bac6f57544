"""Bounces and complaints, in and out."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from raincheck.api.shapes.fields import NO_CONTROL_SIGNS, Shape

Word = Annotated[str, Field(strict=True, min_length=1, max_length=254, pattern=NO_CONTROL_SIGNS)]


class BounceBody(Shape):
    """A message that came back, or was called spam. Names the message, or where that is not known the address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"message_id": "<notice-7.0f3a@shop.example>", "kind": "hard", "reason": "550 no such user"}]
        }
    )

    message_id: Annotated[Word | None, Field(description="The Message-ID that the message had.")] = None
    address: Annotated[Word | None, Field(description="Whom it went to. Counts where there is no message_id.")] = None
    kind: Annotated[
        Literal["hard", "soft", "complaint"],
        Field(description="hard: never again. soft: not now. complaint: the customer called it spam."),
    ]
    reason: Annotated[str, Field(strict=True, max_length=500, description="What the other side said.")] = ""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.message_id is None and self.address is None:
            raise PydanticCustomError("bounce", "needs a message_id or an address")
        return self


class BounceAnswer(BaseModel):
    """What became of it."""

    result: Annotated[
        Literal["taken", "known", "unknown"],
        Field(description="taken: it had an effect. known: it was told before. unknown: it is no message of ours."),
    ]
