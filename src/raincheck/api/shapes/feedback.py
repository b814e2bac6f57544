"""What is said of orders, in and out."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    model_validator,
)

from raincheck.actions.feedback import LONGEST_TEXT
from raincheck.api.shapes.fields import Code, Ref, Shape, Sku
from raincheck.api.shapes.lists import EMPTY, MOST_ROWS, asked

Cause = Literal["late", "damaged", "wrong_item", "missing", "unclear", "other"]
By = Literal["customer", "staff"]


class FeedbackBody(Shape):
    """What somebody says; at least a score, a cause or a text."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"score": 2, "cause": "late", "text": "Two days after the day you named."}]}
    )

    by: Annotated[By, Field(description="The order's customer, or somebody of the house.")] = "customer"
    score: Annotated[
        StrictInt | None,
        Field(ge=1, le=5, description="“Did everything arrive as promised?”: 5 all of it, 1 not at all."),
    ] = None
    cause: Annotated[Cause | None, Field(description="What was wrong; with one it is a complaint.")] = None
    sku: Annotated[Sku | None, Field(description="The product it is about, of the order's lines. Customers alone.")] = (
        None
    )
    text: Annotated[StrictStr | None, Field(max_length=LONGEST_TEXT)] = None
    language: Annotated[
        Literal["en", "de", "es"] | None, Field(description="In which language a customer wrote it.")
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.score is None and self.cause is None and not (self.text or "").strip():
            raise ValueError("needs a score, a cause or a text")
        if self.by == "staff" and (self.sku is not None or self.language is not None):
            raise ValueError("sku and language go with what a customer says")
        return self


class FeedbackAnswer(BaseModel):
    """Something that was said and stands."""

    id: int
    at: datetime
    by: By
    order: str | None
    purchase_order: str | None
    sku: str | None
    supplier: Annotated[str | None, Field(description="Who delivered what it is about, as far as that is on record.")]
    score: int | None
    cause: Cause | None
    text: str
    language: str | None
    days_late: Annotated[
        int | None,
        Field(description="Days from the first promise to the last arrival; 0 or less: kept; null: neither is there."),
    ]
    changed: Annotated[bool, Field(description="Whether it replaces something that was said before.")]


class FeedbackQuery(Shape):
    """Which feedback. Empty filters ask nothing."""

    order: Annotated[Ref | None, EMPTY, asked("Of this order.")] = None
    sku: Annotated[Sku | None, EMPTY, asked("About this product.")] = None
    supplier: Annotated[Code | None, EMPTY, asked("About this supplier's goods.")] = None
    cause: Annotated[Literal["late", "damaged", "wrong_item", "missing", "unclear", "other", ""], Field()] = ""
    promise: Annotated[Literal["kept", "broken", ""], Field(description="Whether the first promise was kept.")] = ""
    by: Annotated[Literal["customer", "staff", ""], Field(description="Who says it.")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows a page.")] = 100
    cursor: Annotated[str, Field(max_length=200, description="`next_cursor` of the page before.")] = ""


class FeedbackListAnswer(BaseModel):
    """A page of feedback."""

    feedback: list[FeedbackAnswer]
    next_cursor: str | None
