"""The faults of one drill file, each one plain line: ``file:line: key.path: what is wrong (way out)``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from raincheck.core.errors import Malformed

MOST_REPORTED = 50
LONGEST_SHOWN = 60


def shown(text: str) -> str:
    """``text`` as it may stand in an error line: short, on one line, control characters escaped."""
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that ``name`` most resembles, or None where nothing comes near."""
    if len(name) > 2 * LONGEST_SHOWN:
        return None
    close = get_close_matches(name.casefold(), sorted({v.casefold() for v in valid}), n=1, cutoff=0.5)
    return next((v for v in sorted(valid) if v.casefold() == close[0]), None) if close else None


@dataclass
class Problems:
    """Collects faults while reading goes on, so that one run names them all.

    After ``MOST_REPORTED`` faults the rest is only counted: a hostile file cannot make the list long.
    """

    file: str
    lines: list[tuple[int, str]] = field(default_factory=list)
    further: int = 0

    def __bool__(self) -> bool:
        return bool(self.lines)

    def add(self, line: int, path: str, message: str, *, near: tuple[str, Iterable[str]] | None = None) -> None:
        """Record a fault once. ``near``: the name that was not found and the valid ones."""
        if len(self.lines) >= MOST_REPORTED:
            self.further += 1
            return
        found = nearest(near[0], list(near[1])) if near else None
        hint = f" (nearest valid name: {shown(found)})" if found else ""
        where = f"{path}: " if path else ""
        fault = (line, f"{self.file}:{line}: {where}{message}{hint}")
        if fault not in self.lines:
            self.lines.append(fault)

    def raise_any(self) -> None:
        """Raise ``Malformed``, one line a fault in the order of the file, if there is any."""
        if not self.lines:
            return
        told = [text for _, text in sorted(self.lines, key=lambda entry: entry[0])]
        if self.further:
            told.append(f"{self.file}: and {self.further} more")
        raise Malformed("\n".join(told))
