"""What every column type answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class ColumnType(ABC):
    """A type of column. `read` and `write` are inverse: what was written is read as the same value."""

    @property
    @abstractmethod
    def expects(self) -> str:
        """What a cell holds, in words for the reference page and for errors."""

    @abstractmethod
    def read(self, text: str, zone: ZoneInfo) -> Any:
        """The value of a cell's text, which is neither empty nor has space around it.

        `zone` is the company's time zone, in which times of day without a zone are meant.
        Raises CellError with the reason and, where it can be told, what was probably meant.
        """

    def write(self, value: Any, zone: ZoneInfo) -> str:  # noqa: ARG002 — times alone need the zone
        """The text that `read` takes back as this value."""
        return str(value)
