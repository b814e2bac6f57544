"""Rebalances, in and out."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raincheck.actions.rebalance_request import MOST, MOST_SEGMENTS
from raincheck.api.shapes.fields import Channel, Code, Ref, Shape, Sku

StrategyName = Literal["win", "gain", "improve", "redistribute", "fill", "lose", "skip"]


class RebalanceQuery(Shape):
    """Whether to look or to do."""

    dry_run: Annotated[
        Literal["true", "false", ""], Field(description="true: previews. Else: applies the preview that is named.")
    ] = ""


class SegmentWhen(Shape):
    """What a line must be; it belongs to the first segment of which it meets everything. Empty: every line."""

    product: Sku | None = None
    customer: Code | None = None
    category: Code | None = None
    tier: Literal["gold", "silver", "standard"] | None = None
    channel: Channel | None = None
    site: Annotated[Code | None, Field(description="One fixed on the order.")] = None
    order: Ref | None = None


class SegmentBody(Shape):
    """Lines, and what may happen to them."""

    when: SegmentWhen
    strategy: StrategyName


class FallbackBody(Shape):
    """What runs instead of what an exception stops."""

    segments: Annotated[list[SegmentBody], Field(max_length=MOST_SEGMENTS)]


class RebalanceBody(Shape):
    """With `dry_run=true` the segments to preview, else the `preview` to apply."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "segments": [
                        {"when": {"tier": "gold"}, "strategy": "win"},
                        {"when": {}, "strategy": "redistribute"},
                    ],
                    "exceptions": "stop_all",
                },
                {"preview": "R17"},
            ]
        }
    )

    segments: Annotated[list[SegmentBody] | None, Field(max_length=MOST_SEGMENTS)] = None
    exceptions: Annotated[
        Literal["stop_all", "stop_failed"] | None,
        Field(description="What a line that must win, or keep, and cannot, stops: everything, or its product."),
    ] = None
    fallback: FallbackBody | None = None
    least_gain_units: Annotated[
        int | None, Field(strict=True, ge=0, le=MOST, description="Smaller gains are not worth a change.")
    ] = None
    least_gain_days: Annotated[
        int | None, Field(strict=True, ge=0, le=MOST, description="Smaller gains are not worth a change.")
    ] = None
    cool_down_hours: Annotated[
        int | None, Field(strict=True, ge=0, le=MOST, description="Leaves lines alone that one touched so recently.")
    ] = None
    preview: Annotated[Code | None, Field(description="The `id` of a preview.", examples=["R17"])] = None


class RebalanceChange(BaseModel):
    """A line before and after. Units are those tied to supply; days those on which the last of them is delivered."""

    order: str
    sku: str
    customer: str | None
    strategy: StrategyName | None
    open_units: Annotated[int, Field(description="All that it waits for or has reserved.")]
    had_units: int
    has_units: int
    had_on: date | None
    has_on: date | None


class RebalanceAnswer(BaseModel):
    """Who wins and who loses. `stopped` says what exceptions stop; there the fallback runs, if there is one."""

    id: Annotated[str, Field(description="Apply it with this.")]
    state: Literal["previewed", "applied"]
    previewed_at: datetime
    applied_at: datetime | None
    touched_lines: int
    winners: list[RebalanceChange]
    losers: list[RebalanceChange]
    stopped: list[str]
