"""Segments of a rebalance: which lines may gain, which may lose (contract, "Rebalance"; semantics 2.1).

| strategy | may gain | may lose | breach |
| --- | --- | --- | --- |
| win | must be full and on time | no | stops |
| gain | yes | no, keeps at least what it has confirmed | stops |
| improve | yes | no, as long as supply covers it | none |
| redistribute | yes, by rank | yes | none |
| fill | no | yes | none |
| lose | no | all of it | none |
| skip | stays as it is | stays as it is | none |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from raincheck.core.policy import LEVELS
from raincheck.core.rank import UNTOUCHED_PLACE


class Strategy(StrEnum):
    """What may happen to the lines of a segment, in the order in which segments are served."""

    WIN = "win"
    GAIN = "gain"
    IMPROVE = "improve"
    REDISTRIBUTE = "redistribute"
    FILL = "fill"
    LOSE = "lose"
    SKIP = "skip"


PLACE: Mapping[Strategy, int] = {
    Strategy.WIN: 0,
    Strategy.GAIN: 1,
    Strategy.IMPROVE: 2,
    Strategy.REDISTRIBUTE: UNTOUCHED_PLACE,
    Strategy.FILL: 4,
    Strategy.LOSE: 5,
}
"""The place of a line in later passes, as the leading term of its rank."""

CONDITIONS = (*LEVELS, "order")
"""What a segment may ask of a line: what policies ask, and the order's reference."""

EXCEPTIONS = ("stop_all", "stop_failed")


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that meet every condition of `when`, and their strategy."""

    when: Mapping[str, str]
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Request:
    """What a planner asks for. Without a `fallback` what is stopped stays as it is.

    A gain of fewer than `least_gain_units` units and fewer than `least_gain_days` days is not worth a change (a line
    that wins excepted). Lines that a rebalance touched within `cool_down_hours` are left as they are.
    """

    segments: tuple[Segment, ...]
    exceptions: str = "stop_all"
    fallback: tuple[Segment, ...] | None = None
    least_gain_units: int = 0
    least_gain_days: int = 0
    cool_down_hours: int = 0


@dataclass(frozen=True, slots=True)
class Assigned:
    """The segment of a line: its strategy, and its number among the segments."""

    strategy: Strategy
    segment: int


def segment_of(segments: Sequence[Segment], line: Mapping[str, str | None]) -> Assigned | None:
    """The first segment that matches a line, described by its conditions; None leaves the line untouched."""
    for number, segment in enumerate(segments):
        if all(line.get(condition) == value for condition, value in segment.when.items()):
            return Assigned(segment.strategy, number)
    return None
