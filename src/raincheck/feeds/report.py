"""What an import did, for a person and for a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.feeds.refusal import Refusal


@dataclass
class Report:
    """The outcome of one import, counted in rows of the file.

    `imported` rows changed something, `unchanged` ones were here already. Without --keep-going nothing is
    written as soon as one row is refused: then both are 0 and `written` is false.
    """

    kind: str
    file: str
    dry_run: bool = False
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    written: bool = False
    left_out: tuple[str, ...] = ()
    refused: list[Refusal] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        return 1 if self.refused else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "file": self.file,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "written": self.written,
            "left_out_columns": list(self.left_out),
            "refused": [refusal.as_json() for refusal in self.refused],
        }

    def errors(self) -> Iterator[str]:
        """One plain line for each refused row."""
        for refusal in self.refused:
            yield f"{self.file}:{refusal}"

    def summary(self) -> str:
        """The outcome in a few words."""
        done = "would be imported" if self.dry_run else "imported"
        figures = f"{self.imported:,} {done}, {self.unchanged:,} unchanged, {len(self.refused):,} refused"
        read = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        text = f"{self.kind}: {read} read, {figures}."
        if self.refused and not self.written and not self.dry_run:
            text += " Nothing was written: correct the refused rows, or take the others with --keep-going."
        if self.left_out:
            text += f" Columns left out: {', '.join(self.left_out)}."
        return text
