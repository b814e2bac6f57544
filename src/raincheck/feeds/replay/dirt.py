"""What was odd in a company's files, counted by kind, with the first of each kind shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_EXAMPLES = 3


@dataclass
class Oddity:
    """One kind of dirt: how often, over how many units, and where it was first met."""

    count: int = 0
    units: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Dirt:
    """Counts by name, in the order in which the names were first met."""

    oddities: dict[str, Oddity] = field(default_factory=dict)

    def add(self, name: str, units: int = 0, example: str | None = None, times: int = 1) -> None:
        """Counts an oddity. `units` are the units it touches; `example` says where it is."""
        oddity = self.oddities.setdefault(name, Oddity())
        oddity.count += times
        oddity.units += units
        if example is not None and len(oddity.examples) < MOST_EXAMPLES:
            oddity.examples.append(example)

    def count(self, name: str) -> int:
        return self.oddities[name].count if name in self.oddities else 0

    def __iter__(self) -> Iterator[tuple[str, Oddity]]:
        return iter(self.oddities.items())

    def as_json(self) -> dict[str, Any]:
        return {
            name: {"count": oddity.count, "units": oddity.units, "examples": oddity.examples} for name, oddity in self
        }
