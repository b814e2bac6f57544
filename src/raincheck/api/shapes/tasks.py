"""What is to be done by a person, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from raincheck.api.shapes.fields import Code, Ref, Shape, printable
from raincheck.api.shapes.lists import EMPTY, Cursor, Limit, NextCursor, asked

LONGEST_USERNAME = 150
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
