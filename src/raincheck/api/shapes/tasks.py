"""What is to be done by a person, in and out."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from raincheck.actions.give_task import LONGEST
from raincheck.api.shapes.fields import Code, Instant, Ref, Shape, printable
from raincheck.api.shapes.lists import EMPTY, Cursor, Limit, NextCursor, asked

LONGEST_USERNAME = 150
Team = Literal["admin", "sales", "service", "buyer", "warehouse lead", "warehouse", "read-only"]
Username = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_USERNAME), AfterValidator(printable)]


class TasksQuery(Shape):
    """Which tasks. Empty filters ask nothing."""

    state: Annotated[Literal["open", "closed", "all", ""], Field(description="open, if it is not said.")] = ""
    assignee: Annotated[Username | None, EMPTY, asked("Given to this person, by username.", LONGEST_USERNAME)] = None
    team: Annotated[
        Code | None, EMPTY, asked("For anybody of this team (a role, such as service), taken by somebody or not.")
    ] = None
    kind: Annotated[Code | None, EMPTY, asked("Of this kind, such as call_back or complaint.")] = None
    order: Annotated[Ref | None, EMPTY, asked("About this order.")] = None
    customer: Annotated[Code | None, EMPTY, asked("About this customer or one of their orders.")] = None
    limit: Limit = 100
    cursor: Cursor = ""


class TaskBody(Shape):
    """Something to be done, by a person or a team; by neither: anybody's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Ring about the lamps", "order": "O1", "team": "service", "due_at": "2026-03-12T09:30:00Z"}
            ]
        }
    )

    text: Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST, description="What is to be done.")]
    order: Annotated[Ref | None, Field(description="What it is about.")] = None
    customer: Annotated[Code | None, Field(description="Whom it is about, where it is no order.")] = None
    assignee: Annotated[Username | None, Field(description="Who is to do it, by username.")] = None
    team: Annotated[Team | None, Field(description="Anybody of these, where it is nobody in particular.")] = None
    due_at: Annotated[Instant | None, Field(description="By when; left out: when there is time.")] = None

    @model_validator(mode="after")
    def _is_for_one(self) -> Self:
        if self.assignee is not None and self.team is not None:
            raise PydanticCustomError("both", "is for a person or for a team: send assignee or team")
        if self.order is not None and self.customer is not None:
            raise PydanticCustomError("both", "is about an order or a customer: send order or customer")
        return self


class HandOnBody(Shape):
    """Who has it from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"assignee": "mia"}, {"assignee": None}]})

    assignee: Annotated[Username | None, Field(description="By username; null: it is its team's again.")]
    due_at: Annotated[Instant | None, Field(description="By when; left out: its time stays.")] = None


class TaskAnswer(BaseModel):
    """Something that only a person can settle."""

    id: int
    kind: Annotated[str, Field(examples=["call_back"])]
    text: str
    order: str | None
    customer: str | None
    sku: str | None
    assignee: Annotated[str | None, Field(description="Whose it is; null: nobody has taken it.")]
    team: Annotated[str | None, Field(description="Whose it is while nobody has taken it; null: anybody's.")]
    opened_at: datetime
    due_at: Annotated[datetime | None, Field(description="null: when there is time.")]
    closed_at: Annotated[datetime | None, Field(description="null: it is open.")]
    closed_by: Annotated[str | None, Field(description="null: it is open, or the software saw that it was settled.")]


class TasksAnswer(BaseModel):
    """A page of tasks."""

    tasks: list[TaskAnswer]
    next_cursor: NextCursor
