"""Health, out."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class AliveAnswer(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Checks(BaseModel):
    """What was looked at."""

    database: Literal["ok"]
    migrations: Literal["ok"]
    worker: Annotated[
        Literal["ok", "late", "absent"],
        Field(description="late: something has been due for two minutes. absent: no worker runs."),
    ]


class ReadyAnswer(BaseModel):
    """Calls can be answered."""

    status: Literal["ok"]
    checks: Checks


class KindAnswer(BaseModel):
    """A kind of problem."""

    type: str
    title: str
    status: int
    way_out: Annotated[str, Field(description="What the caller can do about it.")]
