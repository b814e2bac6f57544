"""What is wrong with a file: one cell, one row, or the file as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from raincheck.core.errors import Malformed


class CellError(Exception):
    """One cell's text is no value of its column. `nearest` is what was probably meant, if that can be told."""

    def __init__(self, reason: str, nearest: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that is not taken, and why. `line` is the line in the file as an editor counts it."""

    line: int
    field: str
    value: str
    reason: str
    nearest: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "nearest": self.nearest,
        }

    def __str__(self) -> str:
        hint = f" (nearest valid value: {self.nearest})" if self.nearest is not None else ""
        return f"{self.line}: {self.field}: {shown(self.value)} {self.reason}{hint}"


class MalformedFile(Malformed):
    """The file cannot be read as what it was said to be; no row of it is taken.

    `line` is the first line that cannot be read, or None where the fault is not in one line.
    """

    def __init__(self, path: object, line: int | None, message: str) -> None:
        self.line = line
        super().__init__(f"{path}:{line}: {message}" if line is not None else f"{path}: {message}")


def shown(text: str, longest: int = 60) -> str:
    """A text from a file as one short printable piece, safe to print on a terminal."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "“" + "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in cut) + "”"
