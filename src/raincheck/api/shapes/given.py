"""What a person gives by hand, in and out: units moved from an order to another, a shortage shared."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raincheck.api.shapes.fields import Ref, Shape, Sku, Units
from raincheck.api.shapes.rebalance import RebalanceChange

LONGEST_REASON = 300
Reason = Annotated[
    str,
    Field(strict=True, max_length=LONGEST_REASON, description="Why; it goes on record.", examples=["an old friend"]),
]
Seen = Annotated[
    str | None, Field(min_length=1, max_length=64, description="The `preview` that `dry_run=true` gave: it is done so.")
]


class MoveBody(Shape):
    """With `dry_run=true` the move to look at, else the same with its `preview` and a reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"from": "O1", "to": "O2", "sku": "lamp", "units": 3},
                {
                    "from": "O1",
                    "to": "O2",
                    "sku": "lamp",
                    "units": 3,
                    "reason": "an old friend",
                    "preview": "9f86d081884c7d659a2feaa0c55ad015",
                },
            ]
        }
    )

    from_: Annotated[Ref, Field(alias="from", description="The order that gives.")]
    to: Annotated[Ref, Field(description="The order that takes.")]
    sku: Sku
    units: Units
    reason: Reason = ""
    preview: Seen = None


class SharingBody(Shape):
    """With `dry_run=true` how to share, else the same with its `preview` and a reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"how": "even"}]})

    how: Annotated[
        Literal["even", "proportional"],
        Field(description="What comes on each day: the same for each, or as much of what each needs."),
    ]
    reason: Reason = ""
    preview: Seen = None


class GivenAnswer(BaseModel):
    """Who wins and who loses by it. `strategy` of a change is null."""

    state: Literal["previewed", "applied"]
    preview: Annotated[str, Field(description="Apply it with this.", examples=["9f86d081884c7d659a2feaa0c55ad015"])]
    winners: list[RebalanceChange]
    losers: list[RebalanceChange]


class RevokeMovesBody(Shape):
    """What is no longer given."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"order": "O2", "reason": "the friend can wait"}]})

    order: Annotated[Ref, Field(description="The order that was given units.")]
    sku: Annotated[Sku | None, Field(description="Of this line alone; else of all.")] = None
    reason: Reason = ""


class EndSharingBody(Shape):
    """Why the sharing ends."""

    reason: Reason = ""


class SharingEndedAnswer(BaseModel):
    """The product goes by rank again."""

    sku: str
    how: Literal["rank"]
